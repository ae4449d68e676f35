import { expect, test } from "vitest";
import { netJobs } from "../../src/api/index.ts";
import type { SimulatedDevice } from "../../src/simulator/index.ts";
import { condition, configured, isFinished, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const CHANGE = ["interface Loopback0", "description core"];

/** Jobs whose operator is killed at every step. Each has two devices of its own, which no earlier one has touched. */
const SCENARIOS: Readonly<
  Record<string, { readonly spec: object; readonly reason: string; readonly changed: number }>
> = {
  "a change on two devices, one task": { spec: {}, reason: "Completed", changed: 2 },
  "a change on two devices, one after another, so in two planned tasks": {
    spec: { parallelism: 1 },
    reason: "Completed",
    changed: 2,
  },
  "a change whose second device is left alone after the first has failed": {
    spec: { parallelism: 1, maxFailedDevices: 0, config: "no such line" },
    reason: "TooManyFailures",
    changed: 1,
  },
};
const MOST_WRITES = 16;

test.each(Object.entries(SCENARIOS))(
  "an operator killed before or after any of its writes: %s ends the same, and nothing is sent twice",
  async (_, { spec, reason, changed }) => {
    const system = await startSystem();
    const devices: Record<string, SimulatedDevice> = {};
    for (let n = 0; n < 2 * MOST_WRITES; n++)
      for (const half of ["a", "b"])
        devices[`r${n}${half}`] = await system.device({ rejects: ["no such line"] });
    const setUp = await system.startOperator();
    await system.createPool(devices);
    await system.startWorker();
    await system.createJob("warm", { devices: ["r0a"], commands: ["show version"] });
    await system.finished("warm");
    await setUp.stop();

    let n = 0;
    for (const moment of ["before", "after"] as const) {
      for (let k = 1, reached = true; reached && k < MOST_WRITES; k++, n++) {
        const client = await system.faultyClient();
        let writes = 0;
        client.faults[moment] = () => {
          writes += 1;
          if (writes === k) client.cut();
        };
        const doomed = await system.startOperator({ client });
        const name = `job-${n}`;
        const targets = [`r${n}a`, `r${n}b`];
        await system.createJob(name, { devices: targets, config: CHANGE.join("\n"), ...spec });
        await until(
          "it was killed or has ended the job",
          async () => client.isCut || isFinished(await system.job(name)),
        );
        reached = client.isCut;
        await doomed.stop();

        const heir = await system.startOperator();
        const job = await system.finished(name);
        await heir.stop();
        expect(condition(job, "Succeeded")?.reason, `${moment} write ${k}`).toBe(reason);
        expect(job.status?.run).toBe(1);
        const received = targets.map((target) => configured(devices[target] as SimulatedDevice));
        const expected = spec && "config" in spec ? [spec.config] : CHANGE;
        expect(
          received.filter((lines) => lines.length > 0),
          `${moment} write ${k}`,
        ).toEqual(Array.from({ length: changed }, () => expected));
      }
    }
    // Fewer would mean that the scenario did not come as far as its own tasks.
    expect(n).toBeGreaterThan(8);
  },
);

test("two operators that both believe they lead: every job ends, and each device gets each change once", async () => {
  const system = await startSystem();
  const devices = Object.fromEntries(
    await Promise.all(Array.from({ length: 6 }, async (_, n) => [`r${n}`, await system.device()] as const)),
  );
  await system.startOperator();
  await system.startOperator();
  await system.createPool(devices, { workers: { replicas: 0, capacity: 3 } });
  await system.startWorker();
  await system.startWorker();

  const names = Array.from({ length: 10 }, (_, n) => `job-${n}`);
  await Promise.all(
    names.map((name) =>
      system.createJob(name, { deviceSelector: {}, config: `snmp-server contact ${name}` }),
    ),
  );
  for (const name of names)
    expect(condition(await system.finished(name), "Succeeded")).toMatchObject({ status: "True" });
  for (const device of Object.values(devices)) {
    expect(configured(device).toSorted()).toEqual(names.map((name) => `snmp-server contact ${name}`));
    expect(device.mostSessions).toBe(1);
  }
});

test("an operator with a stalled cache beside one that works: it changes nothing and sends nothing twice", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([system.device(), system.device()]);
  const stalled = await system.faultyClient();
  await system.startOperator({ client: stalled });
  await system.createPool({ r1, r2 });
  await system.startWorker();
  await system.createJob("site", { deviceSelector: {}, config: "snmp-server location one" });
  await system.finished("site");

  // It hears of new jobs, but not of pins, of tasks and of what became of them.
  stalled.hold("NetTask", "PinMap", "NetWorker");
  await system.startOperator();
  await system.createJob("other", { deviceSelector: {}, config: "snmp-server contact noc", parallelism: 1 });
  await system.editJob("site", { config: "snmp-server location two" });
  await system.jobThat("site", "has ended twice", (job) => isFinished(job) && job.status?.run === 2);
  await system.finished("other");
  stalled.release();
  await system.createJob("last", { deviceSelector: {}, commands: ["show version"] });
  await system.finished("last");

  for (const device of [r1, r2])
    expect(configured(device).toSorted()).toEqual([
      "snmp-server contact noc",
      "snmp-server location one",
      "snmp-server location two",
    ]);
});

test("an operator that has not heard of a task does not call its job cancelled while the task is at work", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "interface Loopback0": 1500 } });
  const stalled = await system.faultyClient();
  await system.startOperator({ client: stalled });
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("warm", { devices: ["r1"], commands: ["show version"] });
  await system.finished("warm");

  stalled.hold("NetTask", "PinMap", "NetWorker");
  stalled.faults.before = ({ kind, verb }) => {
    if (kind === "NetTask" && verb === "create") throw new Error("the other operator is faster");
  };
  const other = await system.startOperator();
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the change is at work", () => configured(r1).length > 0);
  await other.stop();
  await system.editJob("change", { cancel: true });
  await until("it has cancelled the task, or ended the job", async () => {
    const [task] = await system.tasks("change");
    return task?.spec.cancelled !== undefined || isFinished(await system.job("change"));
  });
  stalled.release();

  const job = await system.finished("change");
  expect(configured(r1)).toEqual(CHANGE);
  expect(job.status?.summary).toMatchObject({ total: 1, succeeded: 1 });
  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
});

test("an operator that hears of everything late still ends jobs rightly", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  const late = await system.faultyClient();
  await system.startOperator({ client: late });
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("warm", { devices: ["r1"], commands: ["show version"] });
  await system.finished("warm");

  late.hold("NetTask");
  await system.createJob("late", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the worker is done", async () =>
    (await system.tasks("late")).some(({ status }) => status?.completionTime),
  );
  expect((await system.job("late")).status?.completionTime).toBeUndefined();
  late.release();
  expect(condition(await system.finished("late"), "Succeeded")).toMatchObject({ status: "True" });
  expect(configured(r1)).toEqual(CHANGE);
});

test("a job deleted while no operator was there leaves nothing behind that runs", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  const first = await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("warm", { devices: ["r1"], commands: ["show version"] });
  await system.finished("warm");
  await first.stop();

  await system.createJob("gone", { devices: ["r1"], config: CHANGE.join("\n") });
  await system.client.delete(netJobs, system.namespace, "gone");
  await system.startOperator();
  await system.createJob("next", { devices: ["r1"], commands: ["show version"] });
  await system.finished("next");
  expect(configured(r1)).toEqual([]);
});
