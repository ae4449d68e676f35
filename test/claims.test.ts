import { expect, test } from "vitest";
import { type NetJob, type NetTask, netJobs, netTasks } from "../src/api/index.ts";
import { specHash } from "../src/api/spec-hash.ts";
import { silentLogger, systemClock } from "../src/runtime/index.ts";
import { ClaimRefused, Claims } from "../src/worker/task/claims.ts";
import { TaskStore } from "../src/worker/task/task-store.ts";
import { cluster, createNamespace } from "./support/cluster.ts";

type JobStatus = NonNullable<NetJob["status"]>;

/** A job and its task in the real API server, and what a worker of instance `i1` claims with. */
async function start() {
  const { client } = await cluster();
  const namespace = await createNamespace();
  const job = await client.create(netJobs, {
    apiVersion: netJobs.apiVersion,
    kind: netJobs.kind,
    metadata: { name: "job", namespace },
    spec: { poolRef: { name: "pool" }, devices: ["r1", "r2"], config: "x" },
  } as unknown as NetJob);
  const hostKeys = { policy: "Strict" };
  const driver = { name: "netmiko" };
  const task = await client.create(netTasks, {
    apiVersion: netTasks.apiVersion,
    kind: netTasks.kind,
    metadata: { name: "task", namespace },
    spec: {
      jobRef: { name: "job", uid: job.metadata.uid, run: 1, specHash: specHash(job.spec) },
      poolName: "pool",
      workerName: "w1",
      slice: 0,
      attempt: 0,
      devices: ["r1", "r2"].map((name) => ({ name, host: name, hostKeys, driver })),
      config: "x",
    },
  } as unknown as NetTask);
  const patience = { clock: systemClock, log: silentLogger, signal: new AbortController().signal };
  const store = new TaskStore(task, { client, ...patience });
  return {
    job,
    task,
    client,
    namespace,
    claims: new Claims(client, store, "i1", patience),
    stored: () => client.get(netTasks, namespace, "task"),
    edit: (spec: object) => client.mergePatch(netJobs, namespace, "job", { spec }),
    setStatus: async (status: Partial<JobStatus>) => {
      const present = await client.get(netJobs, namespace, "job");
      await client.replaceStatus(netJobs, { ...present, status: { observedGeneration: 1, ...status } });
    },
    patchTask: (spec: object) => client.mergePatch(netTasks, namespace, "task", { spec }),
  };
}

type Started = Awaited<ReturnType<typeof start>>;

test("devices that start together share one claim, which names the process", async () => {
  const { claims, stored, task } = await start();
  await Promise.all([claims.claim("r1"), claims.claim("r2")]);
  const { status, metadata } = await stored();
  expect(status?.claims).toMatchObject({ r1: { instance: "i1" }, r2: { instance: "i1" } });
  expect(Number(metadata.resourceVersion)).toBeGreaterThan(Number(task.metadata.resourceVersion));
});

test.each<[string, (started: Started) => Promise<unknown>]>([
  ["the job was deleted", ({ client, namespace }) => client.delete(netJobs, namespace, "job")],
  [
    "the job was deleted and made again under its name",
    async ({ client, namespace, job }) => {
      await client.delete(netJobs, namespace, "job");
      const { name } = job.metadata;
      await client.create(netJobs, { ...job, metadata: { name, namespace } as NetJob["metadata"] });
    },
  ],
  ["the job was cancelled", ({ edit }) => edit({ cancel: true })],
  ["the job was suspended", ({ edit }) => edit({ suspend: true })],
  [
    "the run has finished",
    ({ setStatus }) => setStatus({ run: 1, completionTime: new Date().toISOString() }),
  ],
  ["another run is on", ({ setStatus }) => setStatus({ run: 2 })],
  ["the task was revoked", ({ patchTask }) => patchTask({ revoked: ["r1"] })],
  ["the task was cancelled", ({ patchTask }) => patchTask({ cancelled: "DeadlineExceeded" })],
  ["the task is gone", ({ client, namespace }) => client.delete(netTasks, namespace, "task")],
  [
    "an earlier process had claimed the device",
    async ({ client, stored }) => {
      const claim = { instance: "i0", time: new Date().toISOString() };
      await client.replaceStatus(netTasks, { ...(await stored()), status: { claims: { r1: claim } } });
    },
  ],
])("nothing is claimed when %s", async (_, happens) => {
  const started = await start();
  await happens(started);
  await expect(started.claims.claim("r1")).rejects.toBeInstanceOf(ClaimRefused);
  const task = await started.stored().catch(() => undefined);
  expect(task?.status?.claims?.r1?.instance).not.toBe("i1");
});

test("only a suspended job is one that may be placed again", async () => {
  const suspended = await start();
  await suspended.edit({ suspend: true });
  await expect(suspended.claims.claim("r1")).rejects.toMatchObject({ again: true });
  const cancelled = await start();
  await cancelled.edit({ cancel: true });
  await expect(cancelled.claims.claim("r1")).rejects.toMatchObject({ again: false });
});

test("a status that changed in between is no reason to give up", async () => {
  const { claims, client, stored } = await start();
  await client.replaceStatus(netTasks, {
    ...(await stored()),
    status: { startTime: new Date().toISOString() },
  });
  await claims.claim("r1");
  expect((await stored()).status).toMatchObject({
    startTime: expect.any(String),
    claims: { r1: { instance: "i1" } },
  });
});
