import { beforeAll, expect, onTestFinished, test } from "vitest";
import { type NetJob, netJobs } from "../../src/api/index.ts";
import { isForbidden } from "../../src/runtime/api-error.ts";
import type { ApiClient } from "../../src/runtime/client.ts";
import { defineResource, type KubernetesObject } from "../../src/runtime/objects.ts";
import { cluster, createNamespace } from "../support/cluster.ts";
import { until } from "../support/until.ts";
import { install } from "./manifests.ts";

const rbac = { group: "rbac.authorization.k8s.io", version: "v1", namespaced: true } as const;
const roles = defineResource<KubernetesObject & { rules: object[] }>({
  ...rbac,
  kind: "Role",
  plural: "roles",
});
const roleBindings = defineResource<KubernetesObject & { roleRef: object; subjects: object[] }>({
  ...rbac,
  kind: "RoleBinding",
  plural: "rolebindings",
});

beforeAll(async () => {
  await install((await cluster()).client, [
    "ClusterRole",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
  ]);
});

/** A user who may write NetJobs in a new namespace, and `use` the pools that are named. */
async function userOf(
  pools: readonly string[],
): Promise<{ user: ApiClient; admin: ApiClient; namespace: string }> {
  const { client: admin, clientFor } = await cluster();
  const namespace = await createNamespace();
  const jobs = {
    apiGroups: ["netpulse.io"],
    resources: ["netjobs"],
    verbs: ["get", "create", "update", "patch"],
  };
  const use = {
    apiGroups: ["netpulse.io"],
    resources: ["devicepools"],
    resourceNames: pools,
    verbs: ["use"],
  };
  await admin.create(roles, {
    metadata: { name: "jobs", namespace },
    rules: pools.length > 0 ? [jobs, use] : [jobs],
  });
  await admin.create(roleBindings, {
    metadata: { name: "jobs", namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "jobs" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: namespace }],
  });
  const user = await clientFor({ name: namespace });
  await untilPolicyHolds(admin);
  return { user, admin, namespace };
}

/** A policy works some moments after it was created; until then everybody may do everything. */
async function untilPolicyHolds(admin: ApiClient): Promise<void> {
  const { clientFor } = await cluster();
  const probe = await clientFor({ name: "probe", groups: ["policy-probe"] });
  const namespace = "default";
  await admin.apply(
    roles,
    {
      metadata: { name: "policy-probe", namespace },
      rules: [{ apiGroups: ["netpulse.io"], resources: ["netjobs"], verbs: ["create"] }],
    },
    { fieldManager: "test" },
  );
  await admin.apply(
    roleBindings,
    {
      metadata: { name: "policy-probe", namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "policy-probe" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "policy-probe" }],
    },
    { fieldManager: "test" },
  );
  await until("the policy is in force", () =>
    probe.create(netJobs, job(namespace, "any"), { dryRun: true }).then(
      () => false,
      (error: unknown) => String(error).includes("may not use DevicePool"),
    ),
  );
}

function job(namespace: string, pool: string, name = "j"): NetJob {
  return {
    metadata: { name, namespace },
    spec: { poolRef: { name: pool }, deviceSelector: {}, commands: ["show version"] },
  } as unknown as NetJob;
}

test("a NetJob on a pool that its author may use is accepted", async () => {
  const { user, namespace } = await userOf(["lab"]);

  expect((await user.create(netJobs, job(namespace, "lab"))).metadata.name).toBe("j");
});

test("a NetJob on another pool is refused, and the message says what is missing", async () => {
  const { user, namespace } = await userOf(["lab"]);
  const refused = user.create(netJobs, job(namespace, "core"));

  await expect(refused).rejects.toSatisfy(isForbidden);
  await expect(refused).rejects.toThrow(
    `user ${namespace} may not use DevicePool core in namespace ${namespace}: ask its owner for a Role with verb use on devicepools.netpulse.io, resourceName core`,
  );
});

test("an edit needs the right to the pool that the job then names", async () => {
  const { user, admin, namespace } = await userOf(["lab"]);
  await user.create(netJobs, job(namespace, "lab", "mine"));
  await admin.create(netJobs, job(namespace, "core", "theirs"));
  const patch = (name: string, spec: object) => user.mergePatch(netJobs, namespace, name, { spec });

  await expect(patch("mine", { commands: ["show clock"] })).resolves.toBeDefined();
  await expect(patch("mine", { poolRef: { name: "core" } })).rejects.toSatisfy(isForbidden);
  await expect(patch("theirs", { commands: ["reload"] })).rejects.toSatisfy(isForbidden);
});

test("labels and annotations are no use of the pool", async () => {
  const { user, admin, namespace } = await userOf([]);
  await admin.create(netJobs, job(namespace, "core"));
  const labelled = await user.mergePatch(netJobs, namespace, "j", { metadata: { labels: { seen: "yes" } } });

  expect(labelled.metadata.labels).toEqual({ seen: "yes" });
});

test("who has the cluster's edit role in a namespace may use its pools", async () => {
  const { client: admin, clientFor } = await cluster();
  const namespace = await createNamespace();
  await admin.create(roleBindings, {
    metadata: { name: "editor", namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: `${namespace}-editor` }],
  });
  const editor = await clientFor({ name: `${namespace}-editor` });
  const created = await until("the aggregated role is in force", () =>
    editor.create(netJobs, job(namespace, "lab")),
  );
  onTestFinished(() => admin.delete(netJobs, namespace, "j").catch(() => undefined));

  expect(created.metadata.name).toBe("j");
});
