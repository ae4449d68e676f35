import fc from "fast-check";
import { expect, test } from "vitest";
import { BackOff } from "./back-off.ts";
import { FakeClock } from "./clock.ts";
import { TokenBucket } from "./token-bucket.ts";

test("what is let through in any time is at most the burst and the rate", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 60 }), async (pauses) => {
      const clock = new FakeClock();
      const bucket = new TokenBucket({ perSecond: 10, burst: 5, clock });
      const passedAt: number[] = [];
      for (const pause of pauses) {
        await clock.advance(pause);
        passedAt.push(clock.now() + bucket.reserve());
      }
      passedAt.forEach((from, i) => {
        const within = passedAt.slice(i).filter((at) => at <= from + 1000).length;
        expect(within).toBeLessThanOrEqual(5 + 10 + 1);
      });
    }),
    { numRuns: 30 },
  );
});

test("a token is taken only if it is there", async () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ perSecond: 1, burst: 1, clock });
  expect([bucket.tryTake(), bucket.tryTake()]).toEqual([true, false]);
  await clock.advance(1000);
  expect([bucket.tryTake(), bucket.tryTake()]).toEqual([true, false]);
});

test("a clock that is set back neither fills nor empties it", () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ perSecond: 10, burst: 1, clock });
  bucket.reserve();
  clock.jump(-3_600_000);
  expect(bucket.reserve()).toBe(100);
  clock.jump(200);
  expect(bucket.tryTake()).toBe(true);
});

test("back-off doubles up to its maximum, within half and whole, and begins anew after a reset", () => {
  const low = new BackOff({ initialMs: 100, maxMs: 1000, random: () => 0 });
  const high = new BackOff({ initialMs: 100, maxMs: 1000, random: () => 1 });
  expect([1, 2, 3, 4, 5, 6].map(() => low.next())).toEqual([50, 100, 200, 400, 500, 500]);
  expect([1, 2, 3, 4, 5, 6].map(() => high.next())).toEqual([100, 200, 400, 800, 1000, 1000]);
  low.reset();
  expect(low.next()).toBe(50);
});
