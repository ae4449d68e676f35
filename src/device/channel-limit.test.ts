import fc from "fast-check";
import { expect, test } from "vitest";
import { ChannelLimit } from "./channel-limit.ts";

const refusal = new Error("open failed");
const isRefusal = (error: unknown) => error === refusal;

/** A server that takes only so many channels and counts them. */
function server(maximum: number) {
  const seen = { open: 0, most: 0, refused: 0 };
  const open = async () => {
    await Promise.resolve();
    if (seen.open >= maximum) {
      seen.refused += 1;
      throw refusal;
    }
    seen.open += 1;
    seen.most = Math.max(seen.most, seen.open);
    await Promise.resolve();
    return seen.open;
  };
  return { seen, open };
}

test("whatever a server takes, every channel gets its turn and the server is not asked too often", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 40 }),
      async (most, wanted) => {
        const { seen, open } = server(most);
        const limit = new ChannelLimit();
        await Promise.all(
          Array.from({ length: wanted }, async () => {
            const { free } = await limit.take(open, isRefusal);
            await Promise.resolve();
            seen.open -= 1;
            free();
          }),
        );
        expect(seen.open).toBe(0);
        expect(seen.most).toBe(Math.min(most, wanted, 10));
        expect(seen.refused).toBeLessThan(10);
      },
    ),
  );
});

test("a refusal that nothing can make room for is an error, after a few tries", async () => {
  const { seen, open } = server(0);
  await expect(new ChannelLimit().take(open, isRefusal)).rejects.toBe(refusal);
  expect(seen.refused).toBe(4);
});

test("any other failure is thrown at once and keeps no place", async () => {
  const limit = new ChannelLimit();
  const broken = () => Promise.reject(new Error("broken"));
  for (let n = 0; n < 20; n++) await expect(limit.take(broken, isRefusal)).rejects.toThrow("broken");
});
