import { expect, test } from "vitest";
import { devicePools, netWorkers } from "../src/api/index.ts";
import { pinsOf } from "./support/pins.ts";
import { condition, configured, poolDevice, result, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

test("a device that an earlier pool has is a Conflict in the later one: it is not run from there, its neighbours are", async () => {
  const system = await startSystem();
  const [shared, own] = await Promise.all([system.device(), system.device()]);
  await system.startOperator();
  await system.createPool({ shared }, {}, "pool");
  await system.createPool(
    { own },
    { devices: [poolDevice("mine", shared), poolDevice("own", own)] },
    "pool-later",
  );
  await system.startWorker();
  await system.startWorker({ pool: "pool-later" });
  await until("the conflict stands in the later pool", async () => {
    const { status } = await system.client.get(devicePools, system.namespace, "pool-later");
    return status?.conflicts?.some(({ device }) => device === "mine");
  });

  await system.createJob("both", {
    poolRef: { name: "pool-later" },
    deviceSelector: {},
    config: "ntp server 192.0.2.1",
  });
  const job = await system.finished("both");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "DevicesFailed" });
  expect(result(job, "mine")).toMatchObject({
    state: "Failed",
    reason: "Conflict",
    message: expect.stringContaining("shared of pool"),
  });
  expect(result(job, "own")?.state).toBe("Succeeded");
  expect(configured(shared)).toEqual([]);
});

test("a pool says how many workers are ready, how many devices it has and how many are pinned", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("pins", { devices: ["r1"], commands: ["show version"] });
  await system.finished("pins");

  const pool = await until("the pool's status is current", async () => {
    const each = await system.client.get(devicePools, system.namespace, "pool");
    return each.status?.pinned === 1 ? each : undefined;
  });
  expect(pool.status).toMatchObject({
    observedGeneration: 1,
    readyReplicas: 1,
    devices: 1,
    capacity: 100,
    conditions: [expect.objectContaining({ type: "Ready", status: "True" })],
  });
});

test("a cordoned worker keeps the devices that it has and gets no further ones", async () => {
  const system = await startSystem();
  const [r1, r2, r3] = await Promise.all([system.device(), system.device(), system.device()]);
  await system.startOperator();
  await system.createPool({ r1, r2, r3 });
  const first = await system.startWorker();
  await system.createJob("pins", { devices: ["r1"], commands: ["show version"] });
  await system.finished("pins");
  await system.client.mergePatch(netWorkers, system.namespace, first.name, { spec: { cordoned: true } });
  const second = await system.startWorker();

  await system.createJob("all", { deviceSelector: {}, commands: ["show version"] });
  const job = await system.finished("all");
  expect(job.status?.results?.map(({ worker }) => worker)).toEqual([first.name, second.name, second.name]);
});

test("a device that leaves the pool is given back: its session ends and its pin goes", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([system.device(), system.device()]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  await system.startWorker();
  await system.createJob("pins", { deviceSelector: {}, commands: ["show version"] });
  await system.finished("pins");

  await system.client.mergePatch(devicePools, system.namespace, "pool", {
    spec: { devices: [poolDevice("r2", r2)] },
  });
  await until("only r2 is pinned", async () => Object.keys(await pinsOf(system)).join() === "r2");
  expect([r1.sessions, r2.sessions]).toEqual([0, 1]);
});
