import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Lease } from "./builtin-resources.ts";
import type { ApiClient } from "./client.ts";
import { FakeClock } from "./clock.ts";
import { type LeaderElectionOptions, LeaderElector } from "./leader-election.ts";
import { FakeApiServer, refuse, until } from "./testing/fake-api-server.ts";
import { clientOf } from "./testing/widgets.ts";

let server: FakeApiServer;
let client: ApiClient;
let clock: FakeClock;
/** The client's own clock: it has a timer for each request under way. */
let underWay: FakeClock;
let stop: AbortController;
let running: Promise<void>[];
let story: string[];

beforeEach(async () => {
  server = await FakeApiServer.start();
  underWay = new FakeClock();
  client = clientOf(server, { clock: underWay });
  clock = new FakeClock();
  stop = new AbortController();
  running = [];
  story = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await client.close();
  await server.stop();
});

function candidate(identity: string, options: Partial<LeaderElectionOptions> = {}): LeaderElector {
  return new LeaderElector({
    client,
    clock,
    namespace: "default",
    name: "widgets",
    identity,
    random: () => 0,
    onStarted: () => story.push(`${identity} leads`),
    onLost: () => story.push(`${identity} lost it`),
    ...options,
  });
}

function run(elector: LeaderElector, signal = stop.signal): Promise<void> {
  const ended = elector.run(signal);
  running.push(ended);
  return ended;
}

const lease = () => server.objects.get("leases/widgets") as unknown as Lease;

/** Lets time pass in steps, each after the answers to all requests of the step before. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    await clock.advance(500);
    await until("answers are in", () => underWay.pending === 0);
    await clock.advance(0);
  }
}

test("the first to ask leads; the Lease says who, since when and for how long", async () => {
  const elector = candidate("a");
  void run(elector);
  await until("it leads", () => elector.isLeader);
  expect(lease().spec).toEqual({
    holderIdentity: "a",
    leaseDurationSeconds: 15,
    acquireTime: "2030-01-01T00:00:00.000000Z",
    renewTime: "2030-01-01T00:00:00.000000Z",
    leaseTransitions: 0,
  });
  await pass(2_000);
  await until("it was renewed", () => lease().spec.renewTime === "2030-01-01T00:00:02.000000Z");
  expect(lease().spec.acquireTime).toBe("2030-01-01T00:00:00.000000Z");
});

test("a renewal is one request", async () => {
  const elector = candidate("a");
  void run(elector);
  await until("it leads", () => elector.isLeader);
  const before = server.requests.length;
  await pass(20_000);
  expect(elector.isLeader).toBe(true);
  expect(server.requests.slice(before).map(({ method }) => method)).toEqual(
    Array.from({ length: 10 }, () => "PUT"),
  );
});

test("another follows only when the lease was not renewed for its whole length, by the other's clock", async () => {
  const first = candidate("a");
  const crash = new AbortController();
  void run(first, crash.signal);
  await until("a leads", () => first.isLeader);
  const second = candidate("b");
  void run(second);
  await pass(6_000);
  crash.abort(); // and never released
  await pass(14_000);
  expect(second.isLeader).toBe(false);
  await pass(4_000);
  expect(second.isLeader).toBe(true);
  expect([lease().spec.holderIdentity, lease().spec.leaseTransitions]).toEqual(["b", 1]);
});

test("a candidate whose wall clock is set ahead does not take a lease that is alive", async () => {
  const first = candidate("a", { clock: new FakeClock() });
  void run(first);
  await until("a leads", () => first.isLeader);
  const second = candidate("b");
  void run(second);
  await pass(5_000);
  clock.jump(3_600_000);
  await pass(5_000);
  expect([second.isLeader, lease().spec.holderIdentity]).toEqual([false, "a"]);
});

test("times in the Lease that some other clock wrote change nothing", async () => {
  const old = { holderIdentity: "z", leaseDurationSeconds: 15, renewTime: "1990-01-01T00:00:00.000000Z" };
  server.put("leases", "widgets");
  Object.assign(server.objects.get("leases/widgets") ?? {}, { spec: old });
  const elector = candidate("a");
  void run(elector);
  await pass(14_000);
  expect(elector.isLeader).toBe(false);
  await pass(3_000);
  expect(elector.isLeader).toBe(true);
});

test("a released lease is taken at the next look", async () => {
  const first = candidate("a");
  const end = new AbortController();
  const ended = run(first, end.signal);
  await until("a leads", () => first.isLeader);
  const second = candidate("b");
  void run(second);
  end.abort();
  await ended;
  expect(lease().spec.holderIdentity).toBe("a"); // its work may still be ending
  expect(first.isLeader).toBe(true);
  await first.release();
  expect([lease().spec.holderIdentity, first.isLeader]).toEqual(["", false]);
  await pass(2_500);
  expect(second.isLeader).toBe(true);
  expect(story).toEqual(["a leads", "b leads"]);
});

test("a lease whose last renewal was cut off is released all the same", async () => {
  const elector = candidate("a");
  const end = new AbortController();
  const ended = run(elector, end.signal);
  await until("it leads", () => elector.isLeader);
  const current = lease();
  await client.replace(leasesKind, {
    ...current,
    metadata: { ...current.metadata, labels: { cut: "off" } },
  } as never);
  end.abort();
  await ended;
  await elector.release();
  expect(lease().spec.holderIdentity).toBe("");
});

describe("leadership is lost", () => {
  test("when it could not be renewed for 10 s, 5 s before another may follow", async () => {
    const elector = candidate("a");
    const ended = run(elector);
    await until("it leads", () => elector.isLeader);
    server.intercepts.push((_, response) => {
      refuse(response, 500, "InternalError", "etcd is away");
      return true;
    });
    await pass(9_500);
    expect([elector.isLeader, story]).toEqual([true, ["a leads"]]);
    await pass(1_000);
    await ended;
    expect([elector.isLeader, story]).toEqual([false, ["a leads", "a lost it"]]);
  });

  test("also when a renewal hangs", async () => {
    const elector = candidate("a");
    const ended = run(elector);
    await until("it leads", () => elector.isLeader);
    server.intercepts.push(() => true);
    await clock.advance(10_000);
    await ended;
    expect(story).toEqual(["a leads", "a lost it"]);
  });

  test("at once when another holds the lease", async () => {
    const elector = candidate("a");
    const ended = run(elector);
    await until("it leads", () => elector.isLeader);
    const { metadata, spec } = lease();
    await client.replace({ ...leasesKind, plural: "leases" }, {
      metadata,
      spec: { ...spec, holderIdentity: "thief" },
    } as never);
    await pass(5_000);
    await ended;
    expect([elector.isLeader, elector.leader, story]).toEqual([false, "thief", ["a leads", "a lost it"]]);
  });

  test("for a process that was suspended past the deadline, the moment that it goes on", async () => {
    const elector = candidate("a");
    void run(elector);
    await until("it leads", () => elector.isLeader);
    clock.jump(10_000); // time passed, and no timer had a chance
    expect(elector.isLeader).toBe(false);
  });

  test("in time although someone sets the wall clock back", async () => {
    const elector = candidate("a");
    const ended = run(elector);
    await until("it leads", () => elector.isLeader);
    server.intercepts.push((_, response) => {
      refuse(response, 500, "InternalError", "etcd is away");
      return true;
    });
    clock.jump(-3_600_000);
    await pass(9_500);
    expect(elector.isLeader).toBe(true);
    await pass(1_000);
    await ended;
    expect(story).toEqual(["a leads", "a lost it"]);
  });
});

test("a touch of the Lease by someone else, who leaves its holder, costs one renewal and nothing more", async () => {
  const elector = candidate("a");
  void run(elector);
  await until("it leads", () => elector.isLeader);
  const touched = lease();
  await client.replace(leasesKind, {
    ...touched,
    metadata: { ...touched.metadata, labels: { seen: "yes" } },
  } as never);
  await pass(10_000);
  expect([elector.isLeader, story]).toEqual([true, ["a leads"]]);
});

test("of many candidates never two lead at a time", async () => {
  const electors = ["a", "b", "c", "d"].map((identity, i) => candidate(identity, { random: () => i / 4 }));
  const ends = electors.map(() => new AbortController());
  electors.forEach((elector, i) => {
    void run(elector, ends[i]?.signal);
  });
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 50; i++) {
      await pass(500);
      expect(electors.filter(({ isLeader }) => isLeader).length).toBeLessThanOrEqual(1);
    }
    const leader = electors.findIndex(({ isLeader }) => isLeader);
    expect(leader).toBeGreaterThanOrEqual(0);
    ends[leader]?.abort();
  }
  for (const end of ends) end.abort();
});

test("times that would let two lead are refused", () => {
  expect(() => candidate("a", { leaseDurationMs: 10_000, renewDeadlineMs: 10_000 })).toThrow(
    "Leader election needs",
  );
});

const leasesKind = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
  apiVersion: "coordination.k8s.io/v1",
};
