import { expect, test } from "vitest";
import type { NetTask } from "../../src/api/index.ts";
import { pods } from "../../src/runtime/index.ts";
import type { SimulatedDevice } from "../../src/simulator/index.ts";
import type { Write } from "../support/faulty-client.ts";
import { pinsOf } from "../support/pins.ts";
import { condition, configured, result, type System, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const CHANGE = ["interface Loopback0", "description core"];
const SLOW_CHANGE = { slow: { "interface Loopback0": 1500 } };

/** A system whose Leases run out fast, with one device. */
async function start(device: Parameters<System["device"]>[0] = {}): Promise<[System, SimulatedDevice]> {
  const system = await startSystem({ leaseSeconds: 3 });
  const r1 = await system.device(device);
  await system.startOperator();
  await system.createPool({ r1 });
  return [system, r1];
}

function statusOf({ kind, verb, object }: Write): NetTask["status"] {
  return kind === "NetTask" && verb === "replaceStatus" ? (object as NetTask).status : undefined;
}

test("a worker killed while idle: its devices are placed elsewhere and the next job runs there", async () => {
  const [system, r1] = await start();
  const first = await system.startWorkerProcess();
  await system.createJob("before", { devices: ["r1"], commands: ["show version"] });
  await system.finished("before");
  await first.kill();
  const second = await system.startWorker();

  await system.createJob("after", { devices: ["r1"], config: CHANGE.join("\n") });
  const job = await system.finished("after");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(result(job, "r1")?.worker).toBe(second.name);
  expect(configured(r1)).toEqual(CHANGE);
});

test("a worker whose end the kubelet reports is replaced without waiting for its Lease", async () => {
  const system = await startSystem({ leaseSeconds: 600 });
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  const first = await system.startWorkerProcess();
  await system.createJob("before", { devices: ["r1"], commands: ["show version"] });
  await system.finished("before");
  await first.kill();
  const second = await system.startWorker();
  const terminated = { exitCode: 137, startedAt: null, finishedAt: null };
  const status = {
    phase: "Failed",
    containerStatuses: [
      { name: "worker", ready: false, restartCount: 0, image: "", imageID: "", state: { terminated } },
    ],
  };
  await system.client.mergePatch(pods, system.namespace, first.name, { status }, { subresource: "status" });

  await system.createJob("after", { devices: ["r1"], commands: ["show version"] });
  const job = await system.finished("after");

  expect(result(job, "r1")).toMatchObject({ state: "Succeeded", worker: second.name });
});

test("a worker killed in the middle of a read-only command: the command is repeated elsewhere", async () => {
  const [system, r1] = await start({ slow: { "show slow": 1500 }, outputs: { "show slow": "done" } });
  const first = await system.startWorkerProcess();
  await system.createJob("show", { devices: ["r1"], commands: ["show slow"] });
  await until("the command is at work", () => r1.received().includes("show slow"));
  await first.kill();
  const second = await system.startWorker();

  const job = await system.finished("show");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(result(job, "r1")?.worker).toBe(second.name);
});

test("a worker killed in the middle of a change: the device is Interrupted and the change is not sent again", async () => {
  const [system, r1] = await start(SLOW_CHANGE);
  const first = await system.startWorkerProcess();
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the change is at work", () => configured(r1).length > 0);
  await first.kill();
  await system.startWorker();

  const job = await system.finished("change");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "Interrupted" });
  expect(result(job, "r1")).toMatchObject({ state: "Interrupted", reason: "WorkerLost" });
  expect(configured(r1)).toEqual(["interface Loopback0"]);
});

test("with onInterrupted: Retry such a change is sent again, elsewhere", async () => {
  const [system, r1] = await start(SLOW_CHANGE);
  const first = await system.startWorkerProcess();
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n"), onInterrupted: "Retry" });
  await until("the change is at work", () => configured(r1).length > 0);
  await first.kill();
  await system.startWorker();

  expect(condition(await system.finished("change"), "Succeeded")).toMatchObject({ status: "True" });
  expect(configured(r1)).toEqual(["interface Loopback0", ...CHANGE]);
});

test("a worker lost after its claim and before the first byte: Interrupted, for nobody can know", async () => {
  const [system, r1] = await start();
  const client = await system.faultyClient();
  client.faults.after = (write) => {
    if (statusOf(write)?.claims) client.cut();
  };
  await system.startWorker({ client });
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });

  const job = await system.finished("change");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "Interrupted" });
  expect(configured(r1)).toEqual([]);
});

test("a worker lost after a change and before it could say so: Interrupted, and the change was sent once", async () => {
  const [system, r1] = await start();
  const client = await system.faultyClient();
  client.faults.before = (write) => {
    if (statusOf(write)?.completionTime) client.cut();
  };
  await system.startWorker({ client });
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the change was made", () => configured(r1).length === 2);
  await system.startWorker();

  const job = await system.finished("change");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "Interrupted" });
  expect(configured(r1)).toEqual(CHANGE);
});

test("a worker lost before its claim: the change is made elsewhere, once", async () => {
  const [system, r1] = await start();
  const client = await system.faultyClient();
  client.faults.before = (write) => {
    if (statusOf(write)?.claims) client.cut();
  };
  await system.startWorker({ client });
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the first worker is cut off", () => client.isCut);
  const second = await system.startWorker();

  const job = await system.finished("change");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(result(job, "r1")?.worker).toBe(second.name);
  expect(configured(r1)).toEqual(CHANGE);
});

test("a process restarted under the same pod name reports what its predecessor had begun, and does only the rest", async () => {
  const system = await startSystem({ leaseSeconds: 3 });
  const [r1, r2] = await Promise.all([system.device(SLOW_CHANGE), system.device()]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  const first = await system.startWorkerProcess();
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the change is at work", () => configured(r1).length > 0);
  await system.createJob("behind", { devices: ["r1"], config: "ntp server 192.0.2.1" });
  await until("the next job's task is there", async () => (await system.tasks("behind")).length === 1);
  await first.kill();
  await system.startWorker({ pod: first.name });

  expect(condition(await system.finished("change"), "Succeeded")).toMatchObject({
    status: "False",
    reason: "Interrupted",
  });
  expect(condition(await system.finished("behind"), "Succeeded")).toMatchObject({ status: "True" });
  expect(configured(r1)).toEqual(["interface Loopback0", "ntp server 192.0.2.1"]);
  expect(await pinsOf(system)).toMatchObject({ r1: { worker: first.name } });
});

test("a worker paused past its Lease touches no device when it goes on, and ends", async () => {
  const [system, r1] = await start(SLOW_CHANGE);
  const paused = await system.startWorkerProcess();
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the change is at work", () => configured(r1).length > 0);
  paused.pause();
  const second = await system.startWorker();
  await system.createJob("next", { devices: ["r1"], config: "ntp server 192.0.2.1" });

  expect(condition(await system.finished("change"), "Succeeded")).toMatchObject({
    status: "False",
    reason: "Interrupted",
  });
  const next = await system.finished("next");
  expect(result(next, "r1")).toMatchObject({ state: "Succeeded", worker: second.name });

  paused.resume();
  expect(await paused.exited).toBe(1);
  expect(configured(r1)).toEqual(["interface Loopback0", "ntp server 192.0.2.1"]);
});

test("SIGTERM: the change at work ends, what waits moves to another worker, and nothing is sent twice", async () => {
  const [system, r1] = await start(SLOW_CHANGE);
  const first = await system.startWorkerProcess();
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the change is at work", () => configured(r1).length > 0);
  await system.createJob("behind", { devices: ["r1"], config: "ntp server 192.0.2.1" });
  await until("the next job's task is there", async () => (await system.tasks("behind")).length === 1);
  const second = await system.startWorker();

  expect(await first.terminate()).toBe(0);
  expect(condition(await system.finished("change"), "Succeeded")).toMatchObject({ status: "True" });
  const behind = await system.finished("behind");
  expect(result(behind, "r1")).toMatchObject({ state: "Succeeded", worker: second.name });
  expect(configured(r1)).toEqual([...CHANGE, "ntp server 192.0.2.1"]);
});

test("a task that was on its way while the pin moved is not begun by the old worker and done by the new one", async () => {
  const system = await startSystem({ leaseSeconds: 3 });
  const [r1, r2] = await Promise.all([system.device(), system.device()]);
  await system.startOperator();
  await system.createPool({ r1, r2 }, { workers: { replicas: 0, capacity: 1, idleTimeoutSeconds: 1 } });
  const late = await system.faultyClient();
  const first = await system.startWorker({ client: late });
  await system.createJob("pins", { devices: ["r1"], commands: ["show version"] });
  await system.finished("pins");

  // The worker hears of the task only after its pin was released and given to another.
  late.hold("NetTask");
  await system.createJob("moved", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the task is there", async () => (await system.tasks("moved")).length === 1);
  const second = await system.startWorker();
  await first.drain();
  late.release();

  const job = await system.finished("moved");
  expect(result(job, "r1")).toMatchObject({ state: "Succeeded", worker: second.name });
  expect(configured(r1)).toEqual(CHANGE);
});

test("a watch that tells late of a task that has ended does not begin it again", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([system.device(), system.device(SLOW_CHANGE)]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  const late = await system.faultyClient();
  await system.startWorker({ client: late });
  late.faults.before = (write) => {
    if (statusOf(write)?.claims) late.hold("NetTask");
  };
  await system.createJob("change", { devices: ["r1", "r2"], config: CHANGE.join("\n"), parallelism: 1 });
  await until(
    "the first device is done, the second not begun",
    async () => (await system.tasks("change")).length === 2,
  );
  late.faults.before = undefined;
  late.release();

  expect(condition(await system.finished("change"), "Succeeded")).toMatchObject({ status: "True" });
  await system.createJob("next", { devices: ["r1"], config: "ntp server 192.0.2.1" });
  await system.finished("next");
  expect(configured(r1)).toEqual([...CHANGE, "ntp server 192.0.2.1"]);
  expect(configured(r2)).toEqual(CHANGE);
});
