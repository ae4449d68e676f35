import { expect, test } from "vitest";
import { pool } from "../testing/objects.ts";
import { isCurrent, workerDeployment } from "./worker-deployment.ts";

const settings = { image: "netpulse:1", configMapName: "netpulse" };
const credentials = [{ name: "admin.core", secretRef: { name: "core-admin" } }];

function container(of = pool(["r1"], { credentials }), having = settings) {
  const { spec } = workerDeployment(of, having) as unknown as {
    spec: {
      template: { spec: { containers: Record<string, unknown>[]; volumes: Record<string, unknown>[] } };
    };
  };
  return { container: spec.template.spec.containers[0], volumes: spec.template.spec.volumes };
}

test("each credential's Secret is mounted as a folder of its name, and a missing one keeps no pod from starting", () => {
  const { container: worker, volumes } = container();
  expect(worker).toMatchObject({
    volumeMounts: expect.arrayContaining([
      expect.objectContaining({ mountPath: "/etc/netpulse/credentials/admin.core", readOnly: true }),
    ]),
  });
  expect(volumes).toContainEqual(
    expect.objectContaining({ secret: { secretName: "core-admin", optional: true, defaultMode: 0o440 } }),
  );
});

test("workers run without rights of their own on the node", () => {
  expect(container().container).toMatchObject({
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  });
});

test("the pool's pod template adds to the container of the same name and to the pod", () => {
  const podTemplate = {
    metadata: { annotations: { team: "noc" } },
    spec: {
      nodeSelector: { zone: "a" },
      containers: [{ name: "worker", env: [{ name: "TZ", value: "UTC" }] }],
    },
  };
  const of = pool(["r1"], { credentials, workers: { replicas: 1, capacity: 5, podTemplate } });
  expect(workerDeployment(of, settings)).toMatchObject({
    spec: {
      template: { metadata: { annotations: { team: "noc" } }, spec: { nodeSelector: { zone: "a" } } },
    },
  });
  const { container: worker } = container(of);
  expect(worker).toMatchObject({
    image: "netpulse:1",
    env: expect.arrayContaining([
      { name: "TZ", value: "UTC" },
      expect.objectContaining({ name: "POD_NAME" }),
    ]),
  });
});

test("a change of what runs is seen, a change of what devices there are is none", () => {
  const before = workerDeployment(pool(["r1"], { credentials }), settings).metadata;
  const more = workerDeployment(pool(["r1", "r2"], { credentials }), settings).metadata;
  const image = workerDeployment(pool(["r1"], { credentials }), {
    ...settings,
    image: "netpulse:2",
  }).metadata;
  expect(isCurrent(before, more)).toBe(true);
  expect(isCurrent(before, image)).toBe(false);
  expect(isCurrent(undefined, before)).toBe(false);
});
