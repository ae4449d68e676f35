import { expect, test } from "vitest";
import { deviceErrors } from "../plugin/index.ts";
import { verifyChange } from "./verification.ts";

/** A device whose output changes with time, and a clock that only waiting moves. */
function deviceOf(output: (ms: number) => string) {
  let ms = 0;
  const looks: number[] = [];
  const on = {
    device: "r1",
    now: () => ms,
    wait: async (time: number) => {
      ms += time;
    },
    output: async () => {
      looks.push(ms);
      return output(ms);
    },
  };
  return { on, looks };
}

test("a check that holds is looked at once", async () => {
  const { on, looks } = deviceOf(() => "route is there");
  expect(await verifyChange(on, [{ command: "show", expect: "there", withinMs: 60_000 }])).toBeUndefined();
  expect(looks).toEqual([0]);
});

test("without a time a check that does not hold fails at once, and later ones are not looked at", async () => {
  const { on, looks } = deviceOf(() => "nothing");
  const failed = await verifyChange(on, [
    { command: "a", expect: "x" },
    { command: "b", expect: "y" },
  ]);
  expect(failed).toMatchObject({ code: "VerificationFailed", message: expect.stringContaining('"x"') });
  expect(looks).toEqual([0]);
});

test("with a time it is looked at again until it holds", async () => {
  const { on, looks } = deviceOf((ms) => (ms >= 2500 ? "up" : "down"));
  expect(await verifyChange(on, [{ command: "show", reject: "down", withinMs: 10_000 }])).toBeUndefined();
  expect(looks).toEqual([0, 1000, 2000, 3000]);
});

test("when the time is over it has failed, with one last look at its end", async () => {
  const { on, looks } = deviceOf(() => "down");
  expect(await verifyChange(on, [{ command: "show", expect: "up", withinMs: 2500 }])).toBeDefined();
  expect(looks).toEqual([0, 1000, 2000, 2500]);
});

test("a command that the device refuses has not held; a lost session is no answer at all", async () => {
  const refused = deviceErrors.CommandRejected({ device: "r1", command: "show x", answer: "invalid" });
  const on = (error: Error) => ({ device: "r1", output: () => Promise.reject(error) });
  expect(await verifyChange(on(refused), [{ command: "show x", expect: "." }])).toMatchObject({
    code: "VerificationFailed",
    message: 'r1: the check "show x" failed: r1 rejected "show x": "invalid".',
  });
  const lost = deviceErrors.SessionClosed({ device: "r1", tail: "" });
  await expect(verifyChange(on(lost), [{ command: "show x", expect: "." }])).rejects.toBe(lost);
});
