import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, DeviceQueue, DeviceQueues } from "./device-queue.ts";

test("one entry runs at a time: the highest priority first, then first come", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 12 }), async (priorities) => {
      const queue = new DeviceQueue();
      const gate = Promise.withResolvers<void>();
      const order: number[] = [];
      let running = 0;
      const first = queue.run(0, () => gate.promise);
      const others = priorities.map((priority, index) =>
        queue.run(priority, async () => {
          running += 1;
          expect(running).toBe(1);
          await Promise.resolve();
          order.push(index);
          running -= 1;
        }),
      );
      gate.resolve();
      await Promise.all([first, ...others]);
      const expected = priorities
        .map((priority, index) => ({ priority, index }))
        .toSorted((a, b) => b.priority - a.priority || a.index - b.index);
      expect(order).toEqual(expected.map(({ index }) => index));
      expect(queue.idle).toBe(true);
    }),
  );
});

test("a failure is the caller's and does not hold up those behind", async () => {
  const queue = new DeviceQueue();
  const failing = queue.run(0, () => Promise.reject(new Error("device on fire")));
  const next = queue.run(0, () => Promise.resolve("next"));
  await expect(failing).rejects.toThrow("device on fire");
  expect(await next).toBe("next");
});

test("an entry that waits may leave: it never runs, and those behind it move up", async () => {
  const queue = new DeviceQueue();
  const gate = Promise.withResolvers<void>();
  const leaving = new AbortController();
  const order: string[] = [];
  const busy = queue.run(0, () => gate.promise, leaving.signal);
  const waiting = queue.run(0, async () => void order.push("left"), leaving.signal);
  const behind = queue.run(0, async () => void order.push("behind"));
  leaving.abort("no longer wanted");
  await expect(waiting).rejects.toBe("no longer wanted");
  await expect(queue.run(0, async () => void order.push("late"), leaving.signal)).rejects.toBe(
    "no longer wanted",
  );
  gate.resolve();
  await Promise.all([busy, behind]);
  expect(order).toEqual(["behind"]);
  expect(queue.idle).toBe(true);
});

test("addresses have queues of their own, and host names count in any case", async () => {
  const queues = new DeviceQueues();
  const gate = Promise.withResolvers<void>();
  const order: string[] = [];
  const slow = queues.run(addressOf({ host: "R1" }), 0, () => gate.promise);
  const same = queues.run(addressOf({ host: "r1" }), 0, async () => void order.push("same"));
  await queues.run(addressOf({ host: "r1", port: 2222 }), 0, async () => void order.push("other port"));
  gate.resolve();
  await Promise.all([slow, same]);
  expect(order).toEqual(["other port", "same"]);
});
