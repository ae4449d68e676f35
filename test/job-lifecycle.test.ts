import { expect, test } from "vitest";
import { type NetJob, netJobs, netTasks } from "../src/api/index.ts";
import { isInvalid } from "../src/runtime/index.ts";
import { condition, configured, isFinished, result, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

const INVALID: readonly [what: string, spec: Record<string, unknown>, field: RegExp][] = [
  ["a device that the pool lacks", { devices: ["r9"], commands: ["show version"] }, /spec\.devices.*r9/],
  [
    "a selector that matches nothing",
    { deviceSelector: { matchLabels: { site: "mars" } }, commands: ["show version"] },
    /spec\.deviceSelector/,
  ],
  [
    "a driver that does not exist",
    { devices: ["r1"], driver: { name: "smoke-signals" }, commands: ["show version"] },
    /driver\.name.*smoke-signals/,
  ],
  [
    "arguments that the driver's schema refuses",
    { devices: ["r1"], driver: { args: { device_typo: "cisco_ios" } }, commands: ["show version"] },
    /driver\.args.*device_typo/,
  ],
  [
    "an engine that does not exist",
    { devices: ["r1"], commands: ["show version"], parse: [{ engine: "crystal-ball", template: "x" }] },
    /spec\.parse\[0\]\.engine.*crystal-ball/,
  ],
  [
    "details of a command that is not there",
    { devices: ["r1"], commands: ["show version"], commandDetails: [{ command: "show clock" }] },
    /spec\.commandDetails.*show clock/,
  ],
  [
    "two files of a device that are fetched to one place",
    {
      devices: ["r1"],
      transfer: {
        files: ["a", "b"].map((path) => ({ get: { path, to: { volume: { name: "backups", path: "x" } } } })),
      },
    },
    /files\[1\]\.get\.to\.volume\.path.*another file/,
  ],
  [
    "a webhook that the pool does not declare",
    { devices: ["r1"], commands: ["show version"], webhooks: [{ name: "pager" }] },
    /spec\.webhooks.*pager/,
  ],
];

test("a spec that cannot be carried out ends at once with InvalidSpec, which names the field, and touches no device", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  for (const [index, [what, spec, field]] of INVALID.entries()) {
    await system.createJob(`invalid-${index}`, spec);
    const job = await system.finished(`invalid-${index}`);
    expect(condition(job, "Succeeded"), what).toMatchObject({
      status: "False",
      reason: "InvalidSpec",
      message: expect.stringMatching(field),
    });
    expect(condition(job, "Stalled"), what).toMatchObject({ status: "True" });
    expect(await system.tasks(`invalid-${index}`), what).toEqual([]);
  }
  expect(r1.logins).toBe(0);
});

test("a job for a pool that does not exist waits for it and says so", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.startWorker();
  await system.createJob("early", { devices: ["r1"], commands: ["show version"] });
  await system.jobThat("early", "waits", (job) => condition(job, "Scheduled")?.reason === "PoolNotFound");

  await system.createPool({ r1 });
  expect(condition(await system.finished("early"), "Succeeded")).toMatchObject({ status: "True" });
});

test("a suspended job touches nothing until it is resumed, and both are one run", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("held", { devices: ["r1"], config: "ntp server 192.0.2.1", suspend: true });
  await system.jobThat("held", "is suspended", (job) => condition(job, "Succeeded")?.reason === "Suspended");
  expect(r1.logins).toBe(0);

  await system.editJob("held", { suspend: false });
  const job = await system.finished("held");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(job.status?.run).toBe(1);
  expect(configured(r1)).toEqual(["ntp server 192.0.2.1"]);
});

test("a job that is cancelled before it began touches no device", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("never", { devices: ["r1"], config: "ntp server 192.0.2.1", cancel: true });

  expect(condition(await system.finished("never"), "Succeeded")).toMatchObject({
    status: "False",
    reason: "Cancelled",
  });
  expect(r1.logins).toBe(0);
});

test("cancelling lets the command at work end, drops the rest, and keeps the output so far", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "show slow": 1500 }, outputs: { "show slow": "slow but sure" } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("cancelled", { devices: ["r1"], commands: ["show slow", "show version"] });
  await until("the slow command is at work", () => r1.received().includes("show slow"));

  await system.editJob("cancelled", { cancel: true });
  const job = await system.finished("cancelled");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "Cancelled" });
  expect(result(job, "r1")).toMatchObject({ state: "Cancelled", reason: "Cancelled" });
  expect(result(job, "r1")?.commands?.map(({ output }) => output)).toEqual([
    expect.stringContaining("slow but sure"),
  ]);
  expect(r1.received()).not.toContain("show version");
});

test("a job that waits behind another on its device ends as soon as it is cancelled", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "show slow": 60_000 } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("long", { devices: ["r1"], commands: ["show slow"] });
  await until("the slow command is at work", () => r1.received().includes("show slow"));
  await system.createJob("behind", { devices: ["r1"], config: "ntp server 192.0.2.1" });
  await until("the next job has a task", async () => (await system.tasks("behind")).length === 1);

  await system.editJob("behind", { cancel: true });

  const job = await system.finished("behind");
  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "Cancelled" });
  expect(result(job, "r1")).toMatchObject({ state: "Cancelled", reason: "Cancelled" });
  expect(configured(r1)).toEqual([]);
  expect(isFinished(await system.client.get(netJobs, system.namespace, "long"))).toBe(false);
  r1.dropSessions();
});

test("an edit of a finished job is another run; an edit of its history settings is none", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("site", { devices: ["r1"], config: "snmp-server location one" });
  await system.finished("site");

  await system.editJob("site", { ttlSecondsAfterFinished: 86_400 });
  const observed = await system.finished("site");
  expect(observed.status).toMatchObject({ run: 1, observedGeneration: 2 });
  expect(configured(r1)).toEqual(["snmp-server location one"]);

  await system.editJob("site", { config: "snmp-server location two" });
  const second = await system.jobThat(
    "site",
    "is in its second run's end",
    (job) => isFinished(job) && job.status?.run === 2,
  );
  expect(condition(second, "Succeeded")).toMatchObject({ status: "True", observedGeneration: 3 });
  expect(configured(r1)).toEqual(["snmp-server location one", "snmp-server location two"]);
});

test("while a run is on, an edit of what it does is refused with what to do instead", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "show slow": 3000 }, outputs: { "show slow": "done" } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("busy", { devices: ["r1"], commands: ["show slow"] });
  await system.jobThat("busy", "is in a run", (job) => job.status?.run === 1);

  const refusal = await system
    .editJob("busy", { commands: ["show version"] })
    .catch((error: unknown) => error);
  expect(isInvalid(refusal)).toBe(true);
  expect(String(refusal)).toContain("a run is on");
  expect(String(refusal)).toContain("Set spec.cancel to true");
  await system.editJob("busy", { ttlSecondsAfterFinished: 86_400 });
  expect(condition(await system.finished("busy"), "Succeeded")).toMatchObject({ status: "True" });
});

test("an edit that slips in as the run begins waits for its end and is then a run of its own", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "interface Loopback0": 400 } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("warm", { devices: ["r1"], commands: ["show version"] });
  await system.finished("warm");

  await system.createJob("slip", { devices: ["r1"], config: "interface Loopback0\ndescription one" });
  await until("the change is at work", () => configured(r1).length > 0);
  // The run leaves no trace in the job in its first half second, so admission lets this pass.
  await system.editJob("slip", { config: "interface Loopback0\ndescription two" });
  const job = await system.jobThat(
    "slip",
    "has ended twice",
    (each) => isFinished(each) && each.status?.run === 2,
  );

  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  expect(configured(r1)).toEqual([
    "interface Loopback0",
    "description one",
    "interface Loopback0",
    "description two",
  ]);
});

test("a job deleted and made again under the same name in the middle of a change is another job: each change is sent once", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "interface Loopback0": 1000 } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("twin", { devices: ["r1"], config: "interface Loopback0\ndescription one" });
  await until("the change is at work", () => configured(r1).length > 0);
  await system.client.delete(netJobs, system.namespace, "twin", { propagationPolicy: "Background" });
  const second = await system.createJob("twin", {
    devices: ["r1"],
    config: "interface Loopback1\ndescription two",
  });

  const job = await system.finished("twin");
  expect(job.metadata.uid).toBe(second.metadata.uid);
  expect(condition(job, "Succeeded")).toMatchObject({ status: "True" });
  const received = configured(r1);
  expect(received.filter((line) => line === "interface Loopback0")).toHaveLength(1);
  expect(received.slice(-2)).toEqual(["interface Loopback1", "description two"]);
});

test("a job deleted before its device's turn is not begun", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "show slow": 1500 }, outputs: { "show slow": "done" } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("first", { devices: ["r1"], commands: ["show slow"] });
  await until("the first is at work", () => r1.received().includes("show slow"));
  await system.createJob("regretted", { devices: ["r1"], config: "ntp server 192.0.2.1" });
  await until("its task is there", async () => (await system.tasks("regretted")).length === 1);
  await system.client.delete(netJobs, system.namespace, "regretted", { propagationPolicy: "Background" });

  await system.finished("first");
  await system.createJob("last", { devices: ["r1"], commands: ["show version"] });
  await system.finished("last");
  expect(configured(r1)).toEqual([]);
});

test("a task that somebody deletes before its device's turn is made again", async () => {
  const system = await startSystem();
  const r1 = await system.device({ slow: { "show slow": 1500 }, outputs: { "show slow": "done" } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("first", { devices: ["r1"], commands: ["show slow"] });
  await until("the first is at work", () => r1.received().includes("show slow"));
  await system.createJob("second", { devices: ["r1"], config: "ntp server 192.0.2.1" });
  const task = await until("its task is there", async () => (await system.tasks("second"))[0]);
  await system.client.delete(netTasks, system.namespace, task.metadata.name);

  expect(condition(await system.finished("second"), "Succeeded")).toMatchObject({ status: "True" });
  expect(configured(r1)).toEqual(["ntp server 192.0.2.1"]);
});

test("finished jobs go by ttl and by the pool's limits; tracked ones stay and lose only their tasks", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 }, { successfulJobsHistoryLimit: 2, failedJobsHistoryLimit: 0 });
  await system.startWorker();
  const show = { devices: ["r1"], commands: ["show version"] };
  const tracked = { labels: { "kustomize.toolkit.fluxcd.io/name": "site" } };
  await system.createJob("tracked", { ...show, ttlSecondsAfterFinished: 0 }, tracked);
  await system.createJob("short-lived", { ...show, ttlSecondsAfterFinished: 1 });
  await system.createJob("failed", { ...show, devices: ["r9"] });
  for (const name of ["one", "two", "three"]) {
    await system.createJob(name, show);
    await system.jobThat(name, "is finished", isFinished).catch(() => undefined);
  }

  await until("what has had its time is gone", async () => {
    const { items } = await system.client.list<NetJob>(netJobs, { namespace: system.namespace });
    const names = items.map(({ metadata }) => metadata.name).toSorted();
    return names.join() === "three,tracked,two";
  });
  await until("the tracked job's task is gone", async () => (await system.tasks("tracked")).length === 0);
  expect(condition(await system.job("tracked"), "Succeeded")).toMatchObject({ status: "True" });
  const { items } = await system.client.list(netTasks, { namespace: system.namespace });
  expect(items.map(({ spec }) => spec.jobRef.name)).not.toContain("tracked");
});

test("a job at rest costs no write: neither one that waits nor one that has ended", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  const [ofOperator, ofWorker] = [await system.faultyClient(), await system.faultyClient()];
  await system.startOperator({ client: ofOperator });
  await system.createPool({ r1 });
  await system.startWorker({ client: ofWorker });
  await system.createJob("done", { devices: ["r1"], commands: ["show version"] });
  await system.createJob("held", { devices: ["r1"], commands: ["show version"], suspend: true });
  await system.finished("done");
  await system.jobThat("held", "is suspended", (job) => condition(job, "Succeeded")?.reason === "Suspended");
  // The count of sessions is told 5 s after it changed.
  await until("the worker has told of its session", () =>
    ofWorker.writes.some(
      ({ kind, object }) => kind === "NetWorker" && JSON.stringify(object).includes('"sessions":1'),
    ),
  );

  ofOperator.writes.length = 0;
  ofWorker.writes.length = 0;
  const start = performance.now();
  await until("three seconds have passed", () => performance.now() - start > 3000);
  expect([...ofOperator.writes, ...ofWorker.writes]).toEqual([]);
});
