import { expect, test } from "vitest";
import { RestartBackOff } from "./restart-back-off.ts";

test("a container that keeps ending waits 0, 10, 20, 40 ... and at most 300 s", () => {
  const backOff = new RestartBackOff();
  const waits = Array.from({ length: 8 }, () => backOff.after(1_000) / 1000);

  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
});

test("a run of ten minutes starts the series anew", () => {
  const backOff = new RestartBackOff();
  for (let i = 0; i < 5; i++) backOff.after(1_000);

  expect([backOff.after(600_000), backOff.after(1_000)]).toEqual([0, 10_000]);
});
