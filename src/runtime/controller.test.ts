import { beforeEach, expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { FakeClock } from "./clock.ts";
import { Controller, type ControllerOptions } from "./controller.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { Metrics } from "./metrics.ts";
import { until } from "./testing/fake-api-server.ts";

let clock: FakeClock;
let stop: AbortController;

beforeEach(() => {
  clock = new FakeClock();
  stop = new AbortController();
});

function start(options: Pick<ControllerOptions, "reconcile"> & Partial<ControllerOptions>) {
  const controller = new Controller({ name: "test", clock, ...options });
  return { controller, ended: controller.run(stop.signal) };
}

test("different keys are reconciled at the same time up to the limit, one key never", async () => {
  const under: string[] = [];
  let most = 0;
  const gates = new Map<string, () => void>();
  const { controller, ended } = start({
    concurrency: 2,
    reconcile: async (key) => {
      expect(under).not.toContain(key);
      under.push(key);
      most = Math.max(most, under.length);
      await new Promise<void>((resolve) => gates.set(key, resolve));
      under.splice(under.indexOf(key), 1);
      return {};
    },
  });
  for (const key of ["a", "b", "c"]) controller.enqueue(key);
  await until("two are under way", () => under.length === 2);
  controller.enqueue("a");
  gates.get("a")?.();
  await until("c has begun", () => under.includes("c"));
  gates.get("b")?.();
  await until("a has begun again", () => under.includes("a"));
  for (const gate of gates.values()) gate();
  stop.abort();
  await ended;
  expect(most).toBe(2);
});

test("an error brings the key back with growing delay, and a success ends that", async () => {
  const times: number[] = [];
  const { controller, ended } = start({
    reconcile: async () => {
      times.push(clock.now());
      if (times.length < 4) throw new Error("not yet");
      return {};
    },
  });
  controller.enqueue("a");
  await clock.advance(1000);
  expect(times.map((at) => at - (times[0] ?? 0))).toEqual([0, 5, 15, 35]);
  expect(controller.queue.failures("a")).toBe(0);
  stop.abort();
  await ended;
});

test("a reconcile that asks to look again gets its time, whatever failures there are elsewhere", async () => {
  const seen: string[] = [];
  const { controller, ended } = start({
    reconcile: async (key) => {
      seen.push(key);
      return { requeueAfterMs: 1000 };
    },
  });
  controller.enqueue("a");
  await clock.advance(3500);
  expect(seen.length).toBe(4);
  stop.abort();
  await ended;
});

test("a late reconcile is told by its signal, counts as failed, and its key waits for its real end", async () => {
  let calls = 0;
  let release = () => {};
  const metrics = new Metrics();
  const { controller, ended } = start({
    timeoutMs: 1000,
    metrics: metrics.controller("test"),
    reconcile: async (_, signal) => {
      calls++;
      if (calls > 1) return {};
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => (release = resolve)));
      return {};
    },
  });
  controller.enqueue("a");
  await clock.advance(6000);
  expect(calls).toBe(1);
  release();
  await clock.advance(100);
  expect(calls).toBe(2);
  stop.abort();
  await ended;
  const text = await metrics.text();
  expect(text).toContain('controller_runtime_reconcile_errors_total{controller="test"} 1');
  expect(text).toContain('controller_runtime_reconcile_timeouts_total{controller="test"} 1');
});

test("a conflict is an everyday matter in the log, anything else an error", async () => {
  const said: string[] = [];
  const log: Logger = { ...silentLogger, info: () => said.push("info"), error: () => said.push("error") };
  const { controller, ended } = start({
    log,
    reconcile: async (key) => {
      if (said.length >= 2) return {};
      if (key === "conflict") throw new ApiError({ status: 409, reason: "Conflict", message: "modified" });
      throw new TypeError("a defect");
    },
  });
  controller.enqueue("conflict");
  controller.enqueue("defect");
  await clock.advance(100);
  expect(said).toEqual(["info", "error"]);
  stop.abort();
  await ended;
});

test("on stop nothing new is begun and what is under way is waited for", async () => {
  const seen: string[] = [];
  let release = () => {};
  const { controller, ended } = start({
    reconcile: async (key) => {
      seen.push(key);
      await new Promise<void>((resolve) => (release = resolve));
      return { requeueAfterMs: 1 };
    },
  });
  controller.enqueue("a");
  controller.enqueue("b");
  await until("a is under way", () => seen.length === 1);
  stop.abort();
  const first = await Promise.race([ended.then(() => "ended"), clock.advance(1000).then(() => "waits")]);
  expect(first).toBe("waits");
  release();
  await ended;
  expect([seen, clock.pending]).toEqual([["a"], 0]);
});

test("metrics have controller-runtime's names", async () => {
  const metrics = new Metrics();
  let fail = true;
  const { controller, ended } = start({
    concurrency: 3,
    metrics: metrics.controller("test"),
    reconcile: async () => {
      if (fail) {
        fail = false;
        throw new TypeError("a defect");
      }
      return {};
    },
  });
  controller.enqueue("a");
  await clock.advance(100);
  stop.abort();
  await ended;
  const text = await metrics.text();
  for (const line of [
    'controller_runtime_reconcile_total{controller="test",result="success"} 1',
    'controller_runtime_reconcile_total{controller="test",result="error"} 1',
    'controller_runtime_reconcile_total{controller="test",result="requeue_after"} 0',
    'controller_runtime_reconcile_errors_total{controller="test"} 1',
    'controller_runtime_reconcile_panics_total{controller="test"} 1',
    'controller_runtime_reconcile_time_seconds_count{controller="test"} 2',
    'controller_runtime_max_concurrent_reconciles{controller="test"} 3',
    'controller_runtime_active_workers{controller="test"} 0',
    'workqueue_adds_total{name="test",controller="test"} 2',
    'workqueue_depth{name="test",controller="test"} 0',
    'workqueue_retries_total{name="test",controller="test"} 1',
    'workqueue_queue_duration_seconds_count{name="test",controller="test"} 2',
    'workqueue_work_duration_seconds_count{name="test",controller="test"} 2',
    'workqueue_unfinished_work_seconds{name="test",controller="test"} 0',
    'workqueue_longest_running_processor_seconds{name="test",controller="test"} 0',
  ]) {
    expect(text).toContain(line);
  }
});
