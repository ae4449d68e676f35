import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { FakeClock } from "./clock.ts";
import { LOW_PRIORITY, type QueueMetrics, WorkQueue } from "./work-queue.ts";

let clock: FakeClock;
let queue: WorkQueue<string>;

beforeEach(() => {
  clock = new FakeClock();
  queue = new WorkQueue({ clock });
});

test("keys come in the order of their arrival, each once", async () => {
  for (const key of ["a", "b", "a", "c", "b"]) queue.add(key);
  expect([await queue.get(), await queue.get(), await queue.get(), queue.length]).toEqual(["a", "b", "c", 0]);
});

test("a key that is added while it is worked on comes again once, and not before that work has ended", async () => {
  queue.add("a");
  await queue.get();
  queue.add("a");
  queue.add("a");
  expect(queue.length).toBe(0);
  queue.done("a");
  expect(queue.length).toBe(1);
  await queue.get();
  queue.done("a");
  expect(queue.length).toBe(0);
});

test("a waiting reader gets the key at once", async () => {
  const first = queue.get();
  const second = queue.get();
  queue.add("a");
  queue.add("b");
  expect([await first, await second]).toEqual(["a", "b"]);
});

test("live changes pass the keys of a list; of two priorities for a key the higher counts", async () => {
  queue.add("listed 1", LOW_PRIORITY);
  queue.add("listed 2", LOW_PRIORITY);
  queue.add("live");
  queue.add("listed 2");
  queue.add("live", LOW_PRIORITY);
  expect([await queue.get(), await queue.get(), await queue.get(), queue.length]).toEqual([
    "live",
    "listed 2",
    "listed 1",
    0,
  ]);
});

test("of two delays the earlier counts, and an add ends it", async () => {
  queue.addAfter("a", 1000);
  queue.addAfter("a", 5000);
  queue.addAfter("b", 5000);
  queue.addAfter("b", 1000);
  queue.addAfter("c", 1000);
  queue.add("c");
  expect([queue.length, await queue.get()]).toEqual([1, "c"]);
  queue.done("c");
  await clock.advance(999);
  expect(queue.length).toBe(0);
  await clock.advance(1);
  expect([queue.length, clock.pending]).toEqual([2, 0]);
});

test("failures of a key delay it by 5 ms, doubled each time, up to 1000 s; success begins anew", async () => {
  const delays: number[] = [];
  const fresh = new WorkQueue({ clock, rateLimit: false });
  for (let i = 0; i < 20; i++) {
    fresh.addRateLimited("a");
    const before = clock.now();
    while (fresh.length === 0) await clock.advance(fresh.failures("a") > 15 ? 1000 : 5);
    delays.push(clock.now() - before);
    await fresh.get();
    fresh.done("a");
  }
  expect(delays.slice(0, 6)).toEqual([5, 10, 20, 40, 80, 160]);
  expect(delays.at(-1)).toBe(1_000_000);
  fresh.forget("a");
  fresh.addRateLimited("a");
  await clock.advance(5);
  expect(fresh.length).toBe(1);
});

test("over all keys, failures come back 100 at once and then 10 a second; other adds are not held up", async () => {
  for (let i = 0; i < 120; i++) queue.addRateLimited(`k${i}`);
  await clock.advance(5);
  expect(queue.length).toBe(100);
  queue.add("change");
  queue.addAfter("later", 10);
  await clock.advance(10);
  expect(queue.length).toBe(102);
  await clock.advance(985);
  expect(queue.length).toBe(112);
});

describe("the end", () => {
  test("shutdown forgets what nobody works on, and waits for the rest", async () => {
    queue.add("a");
    queue.add("b");
    queue.addAfter("c", 1000);
    await queue.get();
    queue.add("a");
    const ended = queue.shutdown();
    const outcome = Promise.race([ended.then(() => "ended"), clock.advance(2000).then(() => "waits")]);
    expect(await outcome).toBe("waits");
    expect(await queue.get()).toBeUndefined();
    queue.add("d");
    queue.done("a");
    await ended;
    expect([queue.length, clock.pending]).toEqual([0, 0]);
  });

  test("drain hands out what is ready, and waits for all of it", async () => {
    queue.add("a");
    queue.add("b");
    const ended = queue.drain();
    queue.add("c");
    expect([await queue.get(), await queue.get()]).toEqual(["a", "b"]);
    const reader = queue.get();
    queue.done("a");
    queue.done("b");
    await ended;
    expect(await reader).toBeUndefined();
  });
});

test("depth, adds, waits, work and retries are reported; work under way can be read", async () => {
  const seen: unknown[] = [];
  const metrics: QueueMetrics = {
    depth: (length) => seen.push(["depth", length]),
    added: () => seen.push("added"),
    waited: (seconds) => seen.push(["waited", seconds]),
    worked: (seconds) => seen.push(["worked", seconds]),
    retried: () => seen.push("retried"),
  };
  const watched = new WorkQueue({ clock, metrics });
  watched.add("a");
  watched.add("a");
  await clock.advance(2000);
  await watched.get();
  await clock.advance(3000);
  expect([watched.unfinishedWorkSeconds(), watched.longestRunningSeconds()]).toEqual([3, 3]);
  watched.done("a");
  watched.addRateLimited("a");
  expect(seen).toEqual(["added", ["depth", 1], ["depth", 0], ["waited", 2], ["worked", 3], "retried"]);
});

type Command =
  | ["add", string, number]
  | ["after", string, number]
  | ["fail", string]
  | ["get"]
  | ["done"]
  | ["wait", number];

test("against a simple model: nothing is lost, nothing doubled, never one key twice at a time", async () => {
  const key = fc.constantFrom("a", "b", "c", "d");
  const command: fc.Arbitrary<Command> = fc.oneof(
    fc.tuple(fc.constant("add" as const), key, fc.constantFrom(0, LOW_PRIORITY)),
    fc.tuple(fc.constant("after" as const), key, fc.integer({ min: 1, max: 50 })),
    fc.tuple(fc.constant("fail" as const), key),
    fc.tuple(fc.constant("get" as const)),
    fc.tuple(fc.constant("done" as const)),
    fc.tuple(fc.constant("wait" as const), fc.integer({ min: 1, max: 100 })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 80 }), async (commands) => {
      const time = new FakeClock();
      const tested = new WorkQueue<string>({ clock: time });
      // The model: what wants work, with priority; what is being worked on; what is due when.
      const wanted = new Map<string, number>();
      const working: string[] = [];
      const due = new Map<string, number>();
      const failures = new Map<string, number>();
      const want = (which: string, priority: number) => {
        due.delete(which);
        wanted.set(which, Math.max(priority, wanted.get(which) ?? priority));
      };
      const schedule = (which: string, ms: number) =>
        due.set(which, Math.min(time.now() + ms, due.get(which) ?? Number.POSITIVE_INFINITY));
      const ready = () => [...wanted].filter(([which]) => !working.includes(which));

      for (const [what, ...rest] of commands) {
        const [which = "", number = 0] = rest as [string?, number?];
        if (what === "add") {
          tested.add(which, number);
          want(which, number);
        } else if (what === "after") {
          tested.addAfter(which, number);
          schedule(which, number);
        } else if (what === "fail") {
          tested.addRateLimited(which);
          const count = failures.get(which) ?? 0;
          failures.set(which, count + 1);
          schedule(which, Math.min(1_000_000, 5 * 2 ** count));
        } else if (what === "get" && ready().length > 0) {
          const got = (await tested.get()) ?? "";
          expect(working).not.toContain(got);
          expect(wanted.get(got)).toBe(Math.max(...ready().map(([, priority]) => priority)));
          wanted.delete(got);
          working.push(got);
        } else if (what === "done") {
          const finished = working.shift();
          if (finished !== undefined) tested.done(finished);
        } else if (what === "wait") {
          const until = time.now() + (rest[0] as number);
          await time.advance(rest[0] as number);
          for (const [each, at] of [...due].sort(([, a], [, b]) => a - b)) if (at <= until) want(each, 0);
        }
        expect(tested.length).toBe(ready().length);
      }
      const ended = tested.drain();
      for (const each of working) tested.done(each);
      const left: string[] = [];
      for (let got = await tested.get(); got !== undefined; got = await tested.get()) {
        left.push(got);
        tested.done(got);
      }
      await ended;
      expect(left.sort()).toEqual([...wanted.keys()].sort());
    }),
    { numRuns: 200 },
  );
});
