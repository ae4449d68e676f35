import { expect, test } from "vitest";
import { pinsOf, startReportingWorker } from "./support/pins.ts";
import { condition, configured, result, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

test("jobs for one device run one at a time, the higher priority first, then in the order in which they came", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "show first": 1500 }, outputs: { "show first": "one" } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("first", { devices: ["r1"], commands: ["show first"] });
  await until("the first job's command is running", () => r1.received().includes("show first"));
  await system.createJob("low", { devices: ["r1"], config: "snmp-server location low" });
  await until("the task of low is there", async () => (await system.tasks("low")).length === 1);
  await system.createJob("normal", { devices: ["r1"], config: "snmp-server location normal", priority: 1 });
  await until("the task of normal is there", async () => (await system.tasks("normal")).length === 1);
  await system.createJob("high", { devices: ["r1"], config: "snmp-server location high", priority: 10 });
  await until("the task of high is there", async () => (await system.tasks("high")).length === 1);

  for (const name of ["first", "low", "normal", "high"]) await system.finished(name);
  expect(configured(r1)).toEqual([
    "snmp-server location high",
    "snmp-server location normal",
    "snmp-server location low",
  ]);
  expect(r1.mostSessions).toBe(1);
});

test("more devices than capacity: what fits is placed, the rest waits as Unschedulable and takes the place of idle devices", async () => {
  const system = await startSystem();
  const devices = await Promise.all(Array.from({ length: 4 }, () => system.device()));
  const [r1, r2, r3, r4] = devices as [
    (typeof devices)[0],
    (typeof devices)[0],
    (typeof devices)[0],
    (typeof devices)[0],
  ];
  await system.startOperator();
  await system.createPool({ r1, r2, r3, r4 }, { workers: { replicas: 0, capacity: 2 } });
  await startReportingWorker(system);

  await system.createJob("early", { devices: ["r1", "r2"], commands: ["show version"] });
  await system.finished("early");
  await system.createJob("again", { devices: ["r2"], commands: ["show version"] });
  await system.finished("again");
  await system.createJob("late", { devices: ["r3"], commands: ["show version"] });

  expect(condition(await system.finished("late"), "Succeeded")).toMatchObject({ status: "True" });
  const pins = await pinsOf(system);
  expect(Object.keys(pins).toSorted()).toEqual(["r2", "r3"]);
  await until("the session of the released device is closed", () => r1.sessions === 0);

  await system.createJob("all", { deviceSelector: {}, commands: ["show version"] });
  expect(condition(await system.finished("all"), "Succeeded")).toMatchObject({ status: "True" });
  for (const device of devices) expect(device.mostSessions).toBe(1);
});

test("without a worker a job waits as Unschedulable, and runs as soon as one is there", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.createJob("waits", { devices: ["r1"], commands: ["show version"] });

  const waiting = await system.jobThat(
    "waits",
    "is Unschedulable",
    (job) => condition(job, "Scheduled")?.reason === "Unschedulable",
  );
  expect(condition(waiting, "Scheduled")).toMatchObject({
    status: "False",
    message: expect.stringContaining("no worker"),
  });
  expect(condition(waiting, "Succeeded")).toMatchObject({ status: "Unknown" });

  await system.startWorker();
  expect(condition(await system.finished("waits"), "Succeeded")).toMatchObject({ status: "True" });
});

test("a job whose devices are not reached within queueTimeoutSeconds ends with QueueTimeout and touches none", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.createJob("impatient", {
    devices: ["r1"],
    config: "ntp server 192.0.2.1",
    queueTimeoutSeconds: 1,
  });

  const job = await system.finished("impatient");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "QueueTimeout" });
  expect(result(job, "r1")).toMatchObject({ state: "Cancelled", reason: "QueueTimeout" });
  await system.startWorker();
  expect(r1.logins).toBe(0);
});

test("a job that waits behind another on a busy device times out in the device's queue", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "show slow": 3000 }, outputs: { "show slow": "done" } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("slow", { devices: ["r1"], commands: ["show slow"] });
  await until("the slow command is running", () => r1.received().includes("show slow"));
  await system.createJob("behind", {
    devices: ["r1"],
    config: "ntp server 192.0.2.1",
    queueTimeoutSeconds: 1,
  });

  expect(condition(await system.finished("behind"), "Succeeded")).toMatchObject({
    status: "False",
    reason: "QueueTimeout",
  });
  expect(condition(await system.finished("slow"), "Succeeded")).toMatchObject({ status: "True" });
  expect(configured(r1)).toEqual([]);
});

test("activeDeadlineSeconds ends a command that hangs, and the devices not begun", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([system.device({ hangsOn: ["show slow"] }), system.device()]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  await system.startWorker();

  await system.createJob("deadline", {
    devices: ["r1", "r2"],
    commands: ["show slow"],
    parallelism: 1,
    activeDeadlineSeconds: 1,
    options: { readTimeoutSeconds: 60 },
  });
  const job = await system.finished("deadline");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "DeadlineExceeded" });
  expect(result(job, "r2")).toMatchObject({ state: "Cancelled" });
  expect(r2.logins).toBe(0);
});

test("no more devices than maxFailedDevices allows fail before the rest is left alone", async () => {
  const system = await startSystem();
  const devices = Object.fromEntries(
    await Promise.all(
      Array.from(
        { length: 4 },
        async (_, n) => [`r${n}`, await system.device({ rejects: ["no such line"] })] as const,
      ),
    ),
  );
  await system.startOperator();
  await system.createPool(devices);
  await system.startWorker();

  await system.createJob("careful", {
    deviceSelector: {},
    config: "no such line",
    parallelism: 1,
    maxFailedDevices: 1,
  });
  const job = await system.finished("careful");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "TooManyFailures" });
  expect(job.status?.results?.map(({ state }) => state)).toEqual([
    "Failed",
    "Failed",
    "Cancelled",
    "Cancelled",
  ]);
  expect(Object.values(devices).map((device) => configured(device).length)).toEqual([1, 1, 0, 0]);
});

test("parallelism holds: never more devices at once than it says", async () => {
  const system = await startSystem();
  const slow = { slow: { "show slow": 400 }, outputs: { "show slow": "done" } };
  const devices = Object.fromEntries(
    await Promise.all(
      Array.from({ length: 6 }, async (_, n) => [`r${n}`, await system.device(slow)] as const),
    ),
  );
  await system.startOperator();
  await system.createPool(devices);
  await system.startWorker();

  await system.createJob("two-by-two", { deviceSelector: {}, commands: ["show slow"], parallelism: 2 });
  const job = await system.finished("two-by-two");

  expect(job.status?.summary).toMatchObject({ total: 6, succeeded: 6 });
  const edges = (job.status?.results ?? []).flatMap(({ startTime = "", endTime = "" }) => [
    { at: Date.parse(startTime), change: 1 },
    { at: Date.parse(endTime), change: -1 },
  ]);
  let running = 0;
  const most = edges
    .toSorted((a, b) => a.at - b.at || a.change - b.change)
    .map(({ change }) => (running += change));
  expect(Math.max(...most)).toBeLessThanOrEqual(2);
});

test("Fifo closes the session after the job, Pinned keeps it", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("once", { devices: ["r1"], commands: ["show version"], strategy: "Fifo" });
  await system.finished("once");
  await until("the session is closed", () => r1.sessions === 0);
  await system.createJob("kept", { devices: ["r1"], commands: ["show version"] });
  expect(result(await system.finished("kept"), "r1")?.sessionReused).toBe(false);
  expect(r1.sessions).toBe(1);
});

test("an idle device is released after the pool's idle time, its session with it", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 }, { workers: { replicas: 0, capacity: 5, idleTimeoutSeconds: 1 } });
  await system.startWorker();
  await system.createJob("once", { devices: ["r1"], commands: ["show version"] });
  await system.finished("once");

  await until("the pin is gone", async () => Object.keys(await pinsOf(system)).length === 0);
  expect(r1.sessions).toBe(0);
});
