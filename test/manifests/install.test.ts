import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { DevicePool } from "../../src/api/index.ts";
import { onPath } from "../../src/localcluster/executables.ts";
import { applyManifests, parseManifests } from "../../src/localcluster/manifests.ts";
import { workerDeployment } from "../../src/operator/pool/worker-deployment.ts";
import { isNotFound } from "../../src/runtime/api-error.ts";
import { deployments, pods } from "../../src/runtime/builtin-resources.ts";
import type { ApiClient } from "../../src/runtime/client.ts";
import { keyOf } from "../../src/runtime/objects.ts";
import { cluster } from "../support/cluster.ts";
import { install, installed, MANIFESTS } from "./manifests.ts";

const kubectl = onPath("kubectl");

let client: ApiClient;
beforeAll(async () => {
  client = (await cluster()).client;
  await install(client);
});

test("everything in install.yaml is accepted by the API server, twice", async () => {
  await expect(applyManifests(client, installed, { fieldManager: "test" })).resolves.toHaveLength(
    installed.length,
  );
});

afterAll(async () => {
  // Nothing runs its pods here, and tests that do must find a cluster without it.
  await client.delete(deployments, "netpulse-system", "netpulse-operator").catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
});

const podTemplate = z.looseObject({
  spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({}) }) }),
});

/** Creates the Deployment's pod in the operator's namespace, which enforces the restricted profile; nothing is stored. */
function createPodOf(deployment: unknown) {
  const { spec } = podTemplate.parse(deployment);
  const { serviceAccountName: _, ...podSpec } = spec.template.spec;
  const pod = { metadata: { name: "probe", namespace: "netpulse-system" }, spec: podSpec };
  return client.create(pods, pod, { dryRun: true });
}

test("the operator's pods are accepted under the restricted profile", async () => {
  const created = createPodOf(installed.find(({ kind }) => kind === "Deployment"));

  await expect(created).resolves.toMatchObject({ metadata: { name: "probe" } });
});

test("the pods of a pool's workers are accepted under the restricted profile", async () => {
  const metadata = { name: "lab", namespace: "netpulse-system", uid: "u" };
  const spec = {
    credentials: [{ name: "login", secretRef: { name: "login" } }],
    workers: { replicas: 1, capacity: 1 },
  };
  const deployment = workerDeployment({ metadata, spec } as unknown as DevicePool, {
    image: "netpulse:0.1.0",
  });

  await expect(createPodOf(deployment)).resolves.toMatchObject({ metadata: { name: "probe" } });
});

test("the profile is enforced: a pod without a security context is refused", async () => {
  const created = createPodOf({ spec: { template: { spec: { containers: [{ name: "c", image: "i" }] } } } });

  await expect(created).rejects.toThrow("violates PodSecurity");
});

test.skipIf(!kubectl)(
  "kubectl apply takes install.yaml, twice, without a warning (needs kubectl)",
  async () => {
    const { kubeconfigPath } = await cluster();
    const apply = async () => {
      const args = ["--kubeconfig", kubeconfigPath, "apply", "-f", join(MANIFESTS, "install.yaml")];
      const { stderr } = await promisify(execFile)(kubectl ?? "", args);
      return stderr;
    };
    // Objects of other tests were applied on the server's side, without kubectl's annotation: the first apply says so.
    await apply();

    expect(await apply()).toBe("");
  },
);

test.skipIf(!kubectl)("kubectl kustomize renders the same objects (needs kubectl)", () => {
  const rendered = execFileSync(kubectl ?? "", ["kustomize", join(MANIFESTS, "base")], { encoding: "utf8" });
  const byKey = (objects: typeof installed) =>
    new Map(
      objects.filter((o) => o.kind !== "CustomResourceDefinition").map((o) => [`${o.kind} ${keyOf(o)}`, o]),
    );

  expect(byKey(parseManifests(rendered, "kubectl kustomize"))).toEqual(byKey(installed));
});

const OPERATOR = "system:serviceaccount:netpulse-system:netpulse-operator";

describe("the operator", () => {
  test.each([
    ["list", "netpulse.io", "netjobs", ""],
    ["update", "netpulse.io", "netjobs", "status"],
    ["update", "netpulse.io", "pinmaps", ""],
    ["create", "netpulse.io", "nettasks", ""],
    ["patch", "apps", "deployments", ""],
    ["watch", "", "pods", ""],
    ["create", "events.k8s.io", "events", ""],
  ])("may %s %s/%s %s in any namespace", async (verb, group, resource, subresource) => {
    expect(await may(OPERATOR, { verb, group, resource, subresource, namespace: "anywhere" })).toBe(true);
  });

  test.each([
    ["get", "", "secrets", ""],
    ["list", "", "secrets", ""],
    ["watch", "", "secrets", ""],
    ["create", "", "pods", ""],
    ["create", "", "pods", "exec"],
    ["update", "netpulse.io", "netjobs", ""],
    ["update", "netpulse.io", "nettasks", "status"],
    ["escalate", "rbac.authorization.k8s.io", "clusterroles", ""],
    ["create", "", "serviceaccounts", "token"],
  ])("may not %s %s/%s %s", async (verb, group, resource, subresource) => {
    expect(await may(OPERATOR, { verb, group, resource, subresource, namespace: "anywhere" })).toBe(false);
  });

  test("may bind the worker role and no other", async () => {
    const bind = { verb: "bind", group: "rbac.authorization.k8s.io", resource: "clusterroles" };

    expect(await may(OPERATOR, { ...bind, name: "netpulse-worker" })).toBe(true);
    expect(await may(OPERATOR, { ...bind, name: "cluster-admin" })).toBe(false);
  });
});

async function may(user: string, attributes: Record<string, string>): Promise<boolean> {
  const answer = await client.raw({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: JSON.stringify({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { user, resourceAttributes: attributes },
    }),
  });
  return (JSON.parse(answer) as { status: { allowed: boolean } }).status.allowed;
}
