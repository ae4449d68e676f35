import { EventEmitter } from "node:events";
import { beforeEach, expect, test } from "vitest";
import { FakeClock } from "./clock.ts";
import { type Election, Manager, type ManagerOptions, type Runnable } from "./manager.ts";
import { Metrics } from "./metrics.ts";
import { until } from "./testing/fake-api-server.ts";

let story: string[];
let clock: FakeClock;
let exits: number[];

beforeEach(() => {
  story = [];
  clock = new FakeClock();
  exits = [];
});

const make = (options: Partial<ManagerOptions> = {}) =>
  new Manager({ clock, exit: (code) => exits.push(code), ...options });

function part(name: string, options: { ends?: Promise<void>; synced?: Promise<void> } = {}): Runnable {
  return {
    name,
    run: async (signal) => {
      story.push(`${name} starts`);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      story.push(`${name} is stopped`);
      await options.ends;
      story.push(`${name} has ended`);
    },
    synced: async () => {
      await options.synced;
      story.push(`${name} is synced`);
    },
  };
}

/** An election that the test decides. */
function election() {
  let won = () => {};
  let lost = (_: string) => {};
  const elect = (callbacks: { onStarted: () => void; onLost: (why: string) => void }): Election => {
    won = callbacks.onStarted;
    lost = callbacks.onLost;
    return {
      isLeader: false,
      run: async (signal) => {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        story.push("election has ended");
      },
      release: async () => void story.push("lease is released"),
    };
  };
  return { elect, win: () => won(), lose: (why: string) => lost(why) };
}

test("groups start in order, each when the one before is synced, and end in the reverse order, the lease after the leader's work", async () => {
  const synced = Promise.withResolvers<void>();
  const { elect, win } = election();
  const manager = make({ elect });
  manager
    .add("leader", part("controller"))
    .add("always", part("watcher"))
    .add("informers", part("informer", { synced: synced.promise }));
  const started = manager.start();
  await clock.advance(0);
  expect(story).toEqual(["informer starts"]);
  synced.resolve();
  await started;
  win();
  await until("the controller runs", () => story.includes("controller is synced"));
  await manager.stop();
  expect(story).toEqual([
    "informer starts",
    "informer is synced",
    "watcher starts",
    "watcher is synced",
    "controller starts",
    "controller is synced",
    "controller is stopped",
    "controller has ended",
    "election has ended",
    "lease is released",
    "watcher is stopped",
    "watcher has ended",
    "informer is stopped",
    "informer has ended",
  ]);
  expect([exits, clock.pending]).toEqual([[], 0]);
});

test("without an election the process leads from the start", async () => {
  const manager = make().add("leader", part("controller"));
  await manager.start();
  expect([manager.isLeader, story[0]]).toEqual([true, "controller starts"]);
  await manager.stop();
});

test("losing leadership ends the process", async () => {
  const { elect, win, lose } = election();
  const manager = make({ elect });
  await manager.start();
  win();
  lose("another process holds the lease");
  expect(exits).toEqual([1]);
  await manager.stop();
});

test("a part that fails ends the process", async () => {
  const manager = make().add("always", { name: "broken", run: () => Promise.reject(new Error("a defect")) });
  await manager.start();
  await until("it ended", () => exits.length === 1);
  await manager.stop();
});

test("SIGTERM stops it; it waits for the work under way, but not beyond the grace", async () => {
  const work = Promise.withResolvers<void>();
  const signals = new EventEmitter();
  const manager = make({ graceMs: 30_000 }).add("leader", part("controller", { ends: work.promise }));
  const ended = manager.run(signals);
  await until("it runs", () => story.includes("controller is synced"));
  signals.emit("SIGTERM");
  await until("it is being stopped", () => story.includes("controller is stopped"));
  await clock.advance(29_999);
  expect(exits).toEqual([]);
  await clock.advance(1);
  await ended;
  expect(exits).toEqual([1]);
  work.resolve();
  expect(signals.listenerCount("SIGTERM") + signals.listenerCount("SIGINT")).toBe(0);
});

test("a stop during the start, while an informer waits for a server that is away, ends it", async () => {
  const stop = new AbortController();
  const never = new Promise<void>(() => {});
  const manager = make()
    .add("informers", part("informer", { synced: never }))
    .add("leader", part("controller"));
  const ended = manager.run(new EventEmitter(), stop.signal);
  await until("it starts", () => story.includes("informer starts"));
  stop.abort();
  await ended;
  expect([story, exits]).toEqual([["informer starts", "informer is stopped", "informer has ended"], []]);
});

test("a second signal ends the process at once", async () => {
  const signals = new EventEmitter();
  const never = new Promise<void>(() => {});
  const manager = make().add("always", part("stubborn", { ends: never }));
  void manager.run(signals);
  await until("it runs", () => story.includes("stubborn is synced"));
  signals.emit("SIGINT");
  signals.emit("SIGINT");
  expect(exits).toEqual([1]);
});

test("health, readiness and metrics are served", async () => {
  const synced = Promise.withResolvers<void>();
  let alive = true;
  const informer = { ...part("widgets", { synced: synced.promise }), hasSynced: false };
  const manager = make({ host: "127.0.0.1", port: 0, metrics: new Metrics() })
    .add("informers", informer)
    .addReadyCheck("registered", () => true)
    .addAliveCheck("progress", () => alive);
  const started = manager.start();
  await until("it listens", () => manager.port > 0);
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${manager.port}${path}`);
    return [answer.status, (await answer.text()).trim()];
  };
  expect(await ask("/healthz")).toEqual([200, "ok"]);
  expect(await ask("/readyz")).toEqual([503, "not ok: starting, widgets"]);
  synced.resolve();
  informer.hasSynced = true;
  await started;
  expect(await ask("/readyz")).toEqual([200, "ok"]);
  alive = false;
  expect(await ask("/healthz")).toEqual([503, "not ok: progress"]);
  const [status, text] = await ask("/metrics");
  expect([status, text]).toEqual([
    200,
    expect.stringContaining("# TYPE controller_runtime_reconcile_total counter"),
  ]);
  expect((await ask("/"))[0]).toBe(404);
  await manager.stop();
});

test("a port that is taken is an error of the start", async () => {
  const first = make({ host: "127.0.0.1", port: 0 });
  await first.start();
  const second = make({ host: "127.0.0.1", port: first.port });
  await expect(second.start()).rejects.toThrow("EADDRINUSE");
  await first.stop();
});
