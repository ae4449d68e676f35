import { beforeAll, expect, test } from "vitest";
import {
  type NetOutput,
  type NetTask,
  type NetWorker,
  netOutputs,
  netTasks,
  netWorkers,
} from "../../src/api/index.ts";
import { ensureWorkerAccess } from "../../src/operator/pool/worker-access.ts";
import { isForbidden } from "../../src/runtime/api-error.ts";
import { type Lease, leases, secrets } from "../../src/runtime/builtin-resources.ts";
import type { ApiClient } from "../../src/runtime/client.ts";
import {
  clientOfAccount,
  clientOfPod,
  cluster,
  createNamespace,
  untilServiceAccount,
} from "../support/cluster.ts";
import { until } from "../support/until.ts";
import { install } from "./manifests.ts";

beforeAll(async () => {
  await install((await cluster()).client, [
    "ClusterRole",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
  ]);
});

const OWN = "lab-workers-1";
const OTHER = "lab-workers-2";

/** A worker of a new namespace in which there is one task, one NetWorker and one Lease of its own and of another one. */
async function workerOf(): Promise<{ worker: ApiClient; namespace: string }> {
  const { client: admin } = await cluster();
  const namespace = await createNamespace();
  await ensureWorkerAccess(admin, namespace);
  await untilServiceAccount(namespace, "netpulse-worker");
  for (const name of [OWN, OTHER]) {
    await admin.create(netTasks, task(namespace, `of-${name}`, name));
    await admin.create(netWorkers, {
      metadata: { name, namespace },
      spec: { poolName: "lab", capacity: 10, cordoned: false },
    } as NetWorker);
  }
  await admin.create(leases, lease(namespace, OTHER));
  const worker = await clientOfPod(namespace, OWN, "netpulse-worker");
  await until("the policy is in force", () =>
    worker.create(leases, lease(namespace, "probe"), { dryRun: true }).then(
      () => false,
      (error: unknown) => String(error).includes("may not write"),
    ),
  );
  return { worker, namespace };
}

function task(namespace: string, name: string, workerName: string): NetTask {
  return {
    metadata: { name, namespace },
    spec: {
      jobRef: { name: "job", uid: "uid", run: 1, specHash: "hash" },
      poolName: "lab",
      workerName,
      slice: 0,
      attempt: 0,
      devices: [
        { name: "r1", host: "192.0.2.1", hostKeys: { policy: "Insecure" }, driver: { name: "netmiko" } },
      ],
      commands: ["show version"],
    },
  } as unknown as NetTask;
}

function lease(namespace: string, name: string): Lease {
  return { metadata: { name, namespace }, spec: { holderIdentity: "x", leaseDurationSeconds: 15 } };
}

function output(namespace: string, name: string, worker?: string): NetOutput {
  const annotations = worker === undefined ? {} : { "netpulse.io/worker": worker };
  return { metadata: { name, namespace, annotations }, task: `of-${worker}`, data: "text" } as NetOutput;
}

test("a worker writes the status of its own tasks and of its NetWorker", async () => {
  const { worker, namespace } = await workerOf();
  const status = { status: { instance: "i" } };
  const toStatus = { subresource: "status" };

  await expect(worker.mergePatch(netTasks, namespace, `of-${OWN}`, status, toStatus)).resolves.toBeDefined();
  await expect(worker.mergePatch(netWorkers, namespace, OWN, status, toStatus)).resolves.toBeDefined();
});

test("it is refused the status of others', with a message that says whose they are", async () => {
  const { worker, namespace } = await workerOf();
  const status = { status: { instance: "i" } };
  const toStatus = { subresource: "status" };

  await expect(worker.mergePatch(netTasks, namespace, `of-${OTHER}`, status, toStatus)).rejects.toThrow(
    `worker ${OWN} may not write nettasks of-${OTHER}, which belongs to worker ${OTHER}`,
  );
  await expect(worker.mergePatch(netWorkers, namespace, OTHER, status, toStatus)).rejects.toSatisfy(
    isForbidden,
  );
});

test("it creates outputs as its own and not as another's or nobody's", async () => {
  const { worker, namespace } = await workerOf();

  await expect(worker.create(netOutputs, output(namespace, "a", OWN))).resolves.toBeDefined();
  await expect(worker.create(netOutputs, output(namespace, "b", OTHER))).rejects.toSatisfy(isForbidden);
  await expect(worker.create(netOutputs, output(namespace, "c"))).rejects.toThrow("which names no worker");
});

test("it takes the Lease of its own name and no other", async () => {
  const { worker, namespace } = await workerOf();

  await expect(worker.create(leases, lease(namespace, OWN))).resolves.toBeDefined();
  const theirs = await worker.get(leases, namespace, OTHER);
  await expect(worker.replace(leases, theirs)).rejects.toSatisfy(isForbidden);
  await expect(worker.create(leases, lease(namespace, "any"))).rejects.toSatisfy(isForbidden);
});

test("a token of the workers' account that is bound to no pod may write nothing", async () => {
  const { namespace } = await workerOf();
  const unbound = await clientOfAccount(namespace, "netpulse-worker");

  await expect(unbound.create(leases, lease(namespace, OWN))).rejects.toThrow(
    "must use the token of its pod",
  );
});

test("it can neither read Secrets nor change what the operator writes", async () => {
  const { worker, namespace } = await workerOf();
  const asOther = { spec: { workerName: OWN } };

  await expect(worker.list(secrets, { namespace })).rejects.toSatisfy(isForbidden);
  await expect(worker.mergePatch(netTasks, namespace, `of-${OTHER}`, asOther)).rejects.toSatisfy(isForbidden);
  await expect(worker.mergePatch(netWorkers, namespace, OWN, { spec: { capacity: 99 } })).rejects.toSatisfy(
    isForbidden,
  );
});
