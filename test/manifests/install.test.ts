import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { onPath } from "../../src/localcluster/executables.ts";
import { applyManifests, parseManifests } from "../../src/localcluster/manifests.ts";
import { pods } from "../../src/runtime/builtin-resources.ts";
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

test("the operator's pods are accepted under the restricted profile", async () => {
  const deployment = installed.find(({ kind }) => kind === "Deployment");
  const { spec } = z
    .looseObject({ spec: z.looseObject({ template: z.looseObject({ spec: z.looseObject({}) }) }) })
    .parse(deployment);
  const pod = { metadata: { name: "probe", namespace: "netpulse-system" }, spec: spec.template.spec };
  const accepted = await client.create(pods, pod, { dryRun: true });

  expect(accepted.metadata.name).toBe("probe");
});

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
