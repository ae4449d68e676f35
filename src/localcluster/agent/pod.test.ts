import { expect, test } from "vitest";
import type { Pod } from "../../runtime/builtin-resources.ts";
import { podField, readPodSpec, unsupported } from "./pod.ts";

const pod: Pod = {
  metadata: { name: "p", namespace: "n", uid: "u", labels: { app: "web", tier: "x" }, annotations: {} },
  spec: { containers: [], serviceAccountName: "worker" },
};

test.each([
  ["metadata.name", "p"],
  ["metadata.namespace", "n"],
  ["metadata.uid", "u"],
  ["metadata.labels['app']", "web"],
  ["metadata.labels['none']", ""],
  ["metadata.labels", 'app="web"\ntier="x"'],
  ["spec.nodeName", "here"],
  ["spec.serviceAccountName", "worker"],
  ["status.podIP", "127.0.0.1"],
])("the downward API's %s is %j", (path, value) => {
  expect(podField(pod, path, "here")).toBe(value);
});

test("what the agent cannot do is named; what it can is not", () => {
  const asked = readPodSpec({
    metadata: {},
    spec: {
      initContainers: [{ name: "copy" }],
      containers: [
        {
          name: "main",
          envFrom: [{ secretRef: { name: "s" } }],
          readinessProbe: { exec: { command: ["true"] } },
        },
      ],
      volumes: [
        { name: "disk", hostPath: { path: "/" } },
        { name: "tmp", emptyDir: {} },
      ],
    },
  });

  expect(unsupported(asked)).toEqual([
    "init container copy",
    "envFrom of container main",
    "probes other than httpGet and tcpSocket",
    "the kind of volume disk",
  ]);
  expect(unsupported(readPodSpec(pod))).toEqual([]);
});
