import { describe, expect, test } from "vitest";
import type { DeviceResult } from "../../api/index.ts";
import { decided, ended, job, pins, pool, START, startTime, succeeded, task } from "../testing/objects.ts";
import { taskName } from "./names.ts";

const claimed = { r1: { instance: "i1", time: startTime } };
const isLost = (worker: string) => worker === "w1";

describe("placing", () => {
  test("a job whose devices are all on one worker gets one task and leaves no plan", () => {
    const { create, urgent, status } = decided(job(["r1", "r2"]));
    expect(create.map(({ spec }) => [spec.workerName, spec.devices.map(({ name }) => name)])).toEqual([
      ["w1", ["r1", "r2"]],
    ]);
    expect(urgent).toBe(false);
    expect(status?.tasks).toBeUndefined();
  });

  test("a job on two workers writes its plan before the tasks", () => {
    const { create, urgent, status } = decided(job(["r1", "r2"]), { pins: pins({ r1: "w1", r2: "w2" }) });
    expect(create).toHaveLength(2);
    expect(urgent).toBe(true);
    expect(status?.tasks?.map(({ worker, devices }) => [worker, devices])).toEqual([
      ["w1", ["r1"]],
      ["w2", ["r2"]],
    ]);
  });

  test("more than 50 devices of one worker are several tasks", () => {
    const devices = Array.from({ length: 120 }, (_, n) => `r${n}`);
    expect(decided(job(devices)).create.map(({ spec }) => spec.devices.length)).toEqual([50, 50, 20]);
  });

  test.each([
    ["has no pin", { pins: {} }],
    ["has a pin that is given back", { pins: { r1: { worker: "w1", epoch: 2, releasing: true } } }],
    ["is pinned to a worker that is not ready", { isReady: () => false }],
  ])("a device that %s waits for one", (_, seen) => {
    const { create, unplaced, status } = decided(job(["r1"]), seen);
    expect(create).toEqual([]);
    expect(unplaced).toEqual(["r1"]);
    expect(status?.conditions?.find(({ type }) => type === "Scheduled")).toMatchObject({
      status: "False",
      reason: "Unschedulable",
    });
  });

  test("parallelism counts what is on the way", () => {
    const of = job(["r1", "r2", "r3"], { parallelism: 2 });
    const { create } = decided(of, { tasks: [task(of, 0, "w1", ["r1"])] });
    expect(create.flatMap(({ spec }) => spec.devices.map(({ name }) => name))).toEqual(["r2"]);
  });

  test("a suspended job gets no task, and what is on its way goes on", () => {
    const of = job(["r1", "r2"], { suspend: true });
    expect(decided(of).create).toEqual([]);
    const { cancel, verdict } = decided(of, { tasks: [task(of, 0, "w1", ["r1"])] });
    expect(cancel).toEqual([]);
    expect(verdict).toMatchObject({ status: "Unknown", reason: "Suspended" });
  });
});

describe("plans of others", () => {
  const planned = (of: ReturnType<typeof job>, ...devices: string[][]) =>
    job(of.spec.devices ?? [], of.spec, {
      observedGeneration: 1,
      run: 1,
      specHash: task(of, 0, "w1", []).spec.jobRef.specHash,
      tasks: devices.map((each, slice) => ({ name: taskName(of, 1, slice), worker: "w1", devices: each })),
    });
  const named = (
    of: ReturnType<typeof job>,
    slice: number,
    ...rest: [string, string[], ReturnType<typeof succeeded>?]
  ) => {
    const made = task(of, slice, ...rest);
    return { ...made, metadata: { ...made.metadata, name: taskName(of, 1, slice) } };
  };

  test("a planned task that is not seen is made, and its devices are not planned a second time", () => {
    const of = job(["r1", "r2"]);
    const { create, status } = decided(planned(of, ["r1"], ["r2"]), { tasks: [named(of, 0, "w1", ["r1"])] });
    expect(create.map(({ metadata }) => metadata.name)).toEqual([taskName(of, 1, 1)]);
    expect(status?.tasks).toHaveLength(2);
  });

  test("a device that was not begun is not planned again while its next task is planned and not seen", () => {
    const of = job(["r1"]);
    const first = named(of, 0, "w1", ["r1"], ended([{ device: "r1", state: "NotStarted" }]));
    const { create, status } = decided(planned(of, ["r1"], ["r1"]), { tasks: [first] });
    expect(create.map(({ metadata }) => metadata.name)).toEqual([taskName(of, 1, 1)]);
    expect(status?.tasks).toHaveLength(2);
  });

  test("a device that somebody put into another task than the plan says is not begun twice", () => {
    const of = job(["r1", "r2"]);
    const both = named(of, 0, "w1", ["r1", "r2"]);
    expect(decided(planned(of, ["r1"], ["r2"]), { tasks: [both] }).create).toEqual([]);
    const done = named(of, 0, "w1", ["r1", "r2"], succeeded("r1", "r2"));
    expect(decided(planned(of, ["r1"], ["r2"]), { tasks: [done] })).toMatchObject({
      finished: true,
      create: [],
    });
  });

  test("a run that stops makes what is planned and not seen as cancelled tasks, since one may be at work already", () => {
    const of = job(["r1", "r2"], { cancel: true });
    const { create, finished } = decided(planned(of, ["r1"], ["r2"]), {
      tasks: [named(of, 0, "w1", ["r1"], succeeded("r1"))],
    });
    expect(create.map(({ spec }) => spec.cancelled)).toEqual(["Cancelled"]);
    expect(finished).toBe(false);
  });
});

describe("ends", () => {
  test.each([
    ["all succeeded", succeeded("r1", "r2"), "True", "Completed"],
    [
      "one failed",
      ended([
        { device: "r1", state: "Succeeded" },
        { device: "r2", state: "Failed", reason: "AuthFailed" },
      ]),
      "False",
      "DevicesFailed",
    ],
    [
      "one was interrupted and one failed",
      ended([
        { device: "r1", state: "Failed" },
        { device: "r2", state: "Interrupted" },
      ]),
      "False",
      "Interrupted",
    ],
  ])("%s", (_, status, wanted, reason) => {
    const of = job(["r1", "r2"]);
    const { finished, verdict } = decided(of, { tasks: [task(of, 0, "w1", ["r1", "r2"], status)] });
    expect(finished).toBe(true);
    expect(verdict).toMatchObject({ status: wanted, reason });
  });

  test("a job with a problem ends at once and gets no task", () => {
    const { create, verdict, urgent } = decided(job(["r1"]), { problems: ["driver.args.x: unknown"] });
    expect(verdict).toMatchObject({
      status: "False",
      reason: "InvalidSpec",
      message: "driver.args.x: unknown",
    });
    expect({ create, urgent }).toEqual({ create: [], urgent: true });
  });

  test("a conflict is the device's failure, not its neighbour's", () => {
    const of = job(["r1", "r2"]);
    const conflicts = new Map([["r1", "x of pool lab/other"]]);
    expect(
      decided(of, { conflicts }).create.flatMap(({ spec }) => spec.devices.map(({ name }) => name)),
    ).toEqual(["r2"]);
    const { status } = decided(of, { conflicts, tasks: [task(of, 0, "w1", ["r2"], succeeded("r2"))] });
    expect(status?.results?.map(({ device, reason }) => [device, reason])).toEqual([
      ["r1", "Conflict"],
      ["r2", undefined],
    ]);
  });

  test.each([
    ["cancel", { cancel: true }, 0, "Cancelled"],
    ["queueTimeoutSeconds", { queueTimeoutSeconds: 5 }, 5000, "QueueTimeout"],
  ])("%s ends a job of which nothing was begun", (_, spec, afterMs, reason) => {
    const { verdict, status } = decided(job(["r1"], spec), { pins: {} }, afterMs);
    expect(verdict).toMatchObject({ status: "False", reason });
    expect(status?.results).toMatchObject([{ device: "r1", state: "Cancelled", reason }]);
  });

  test("before its time is over a waiting job is looked at again when it is", () => {
    const { finished, wakeUpAt } = decided(job(["r1"], { queueTimeoutSeconds: 5 }), { pins: {} }, 4999);
    expect({ finished, wakeUpAt }).toEqual({ finished: false, wakeUpAt: START + 5000 });
  });

  test("a deadline cancels the task and waits for its end", () => {
    const of = job(["r1"], { activeDeadlineSeconds: 5 });
    const running = task(of, 0, "w1", ["r1"], { startTime, devices: [{ device: "r1", state: "Running" }] });
    const { cancel, finished } = decided(of, { tasks: [running] }, 5000);
    expect(cancel).toEqual([{ task: running, reason: "DeadlineExceeded" }]);
    expect(finished).toBe(false);
  });

  test("too many failures leave the rest alone", () => {
    const of = job(["r1", "r2"], { maxFailedDevices: 0, parallelism: 1 });
    const failed = task(
      of,
      0,
      "w1",
      ["r1"],
      ended([{ device: "r1", state: "Failed", reason: "AuthFailed" }]),
    );
    const { verdict, create, status } = decided(of, { tasks: [failed] });
    expect(create).toEqual([]);
    expect(verdict).toMatchObject({ reason: "TooManyFailures" });
    expect(status?.summary).toMatchObject({ total: 2, failed: 2, pending: 0 });
  });
});

describe("compliance", () => {
  const of = job(["r1", "r2"]);
  const compliant = (...complies: (boolean | undefined)[]) => {
    const results = complies.map(
      (each, index): DeviceResult => ({
        device: `r${index + 1}`,
        ...(each === undefined ? { state: "Failed" } : { state: "Succeeded", complies: each }),
      }),
    );
    const { status } = decided(of, { tasks: [task(of, 0, "w1", ["r1", "r2"], ended(results))] });
    return status?.conditions?.find(({ type }) => type === "Compliant");
  };

  test("a job is compliant when all of its devices are", () => {
    expect(compliant(true, true)).toMatchObject({ status: "True" });
  });

  test("one device that does not comply decides, whatever the others say", () => {
    const condition = { status: "False", reason: "NotCompliant", message: expect.stringContaining("r2") };
    expect(compliant(true, false)).toMatchObject(condition);
    expect(compliant(undefined, false)).toMatchObject(condition);
  });

  test("a report that is missing leaves it open, and without reports there is no such condition", () => {
    expect(compliant(true, undefined)).toMatchObject({ status: "Unknown", reason: "ReportsMissing" });
    expect(compliant(undefined, undefined)).toBeUndefined();
  });
});

describe("lost workers", () => {
  test("what was open on a lost worker is revoked first, and nothing is placed before that is stored", () => {
    const of = job(["r1"]);
    const lost = task(of, 0, "w1", ["r1"]);
    const { revoke, create, finished } = decided(of, { tasks: [lost], isLost, pins: pins({ r1: "w2" }) });
    expect(revoke).toEqual([{ task: lost, devices: ["r1"] }]);
    expect({ create, finished }).toEqual({ create: [], finished: false });
  });

  test("a device that was revoked and never claimed is placed again", () => {
    const of = job(["r1"]);
    const revoked = task(of, 0, "w1", ["r1"], undefined, { revoked: ["r1"] });
    const { create } = decided(of, { tasks: [revoked], isLost, pins: pins({ r1: "w2" }) });
    expect(create.map(({ spec }) => [spec.workerName, spec.attempt])).toEqual([["w2", 1]]);
  });

  test("a claimed device is Interrupted, and a late result of it changes nothing", () => {
    const of = job(["r1"]);
    for (const late of [{ claims: claimed }, { claims: claimed, ...succeeded("r1") }]) {
      const revoked = task(of, 0, "w1", ["r1"], late, { revoked: ["r1"] });
      const { verdict, create } = decided(of, { tasks: [revoked], isLost });
      expect(verdict).toMatchObject({ status: "False", reason: "Interrupted" });
      expect(create).toEqual([]);
    }
  });

  test("where the commit had to be confirmed, the job says that the device takes it back", () => {
    const of = job(["r1"], { options: { commit: { confirmTimeoutSeconds: 120 } } });
    const revoked = task(of, 0, "w1", ["r1"], { claims: claimed }, { revoked: ["r1"] });
    expect(decided(of, { tasks: [revoked], isLost }).status?.results).toMatchObject([
      { state: "Interrupted", reason: "CommitUnconfirmed", message: expect.stringContaining("within 120 s") },
    ]);
  });

  test("with onInterrupted: Retry a claimed device is placed again, but not for ever", () => {
    const of = job(["r1"], { onInterrupted: "Retry" });
    const revoked = (slice: number) =>
      task(of, slice, "w1", ["r1"], { claims: claimed }, { revoked: ["r1"] });
    const lostTimes = (times: number) => Array.from({ length: times }, (_, slice) => revoked(slice));
    expect(decided(of, { tasks: lostTimes(1), pins: pins({ r1: "w2" }) }).create).toHaveLength(1);
    expect(decided(of, { tasks: lostTimes(4) })).toMatchObject({
      finished: true,
      verdict: { reason: "Interrupted" },
    });
  });

  test("a result that was stored before the worker was lost stands", () => {
    const of = job(["r1"]);
    const done = task(of, 0, "w1", ["r1"], succeeded("r1"));
    expect(decided(of, { tasks: [done], isLost })).toMatchObject({ revoke: [], verdict: { status: "True" } });
  });
});

describe("runs", () => {
  const of = job(["r1"]);
  const ran = decided(of, { tasks: [task(of, 0, "w1", ["r1"], succeeded("r1"))] }).status;

  test("a finished job with the same spec is left as it is", () => {
    const finished = job(["r1"], {}, ran);
    expect(decided(finished).status).toBe(finished.status);
  });

  test("a finished job whose ignored fields changed only takes note of it", () => {
    const edited = job(["r1"], { ttlSecondsAfterFinished: 5 }, ran);
    const { status, create } = decided({ ...edited, metadata: { ...edited.metadata, generation: 2 } });
    expect(create).toEqual([]);
    expect(status).toMatchObject({ run: 1, observedGeneration: 2 });
    expect(status?.conditions?.every(({ observedGeneration }) => observedGeneration === 2)).toBe(true);
  });

  test("a finished job whose spec changed is in another run, with another task", () => {
    const { create, status } = decided(job(["r1"], { config: "shutdown" }, ran));
    expect(create.map(({ spec }) => spec.jobRef.run)).toEqual([2]);
    expect(status).toMatchObject({ run: 2 });
    expect(status?.conditions?.some(({ type }) => type === "Finished")).toBe(false);
  });

  test("an edit that slipped in while the run began lets its task end, and nothing more of it begins", () => {
    const old = task(job(["r1", "r2"]), 0, "w1", ["r1"]);
    const { cancel, create, finished } = decided(job(["r1", "r2"], { config: "shutdown" }), { tasks: [old] });
    expect({ cancel, create, finished }).toEqual({ cancel: [], create: [], finished: false });
  });

  test("a job that waits for its pool says so and ends by its own limits", () => {
    const waits = decided(job(["r1"], { queueTimeoutSeconds: 5 }), { pool: undefined });
    expect(waits.verdict).toMatchObject({ status: "Unknown", reason: "PoolNotFound" });
    expect(decided(job(["r1"], { queueTimeoutSeconds: 5 }), { pool: undefined }, 5000).verdict).toMatchObject(
      { reason: "QueueTimeout" },
    );
  });

  test("a job that is being deleted gets nothing more", () => {
    const deleted = { ...of, metadata: { ...of.metadata, deletionTimestamp: startTime } };
    expect(decided(deleted, { pool: pool(["r1"]) }).create).toEqual([]);
  });
});
