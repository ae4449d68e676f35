import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { DeviceResult } from "../../api/index.ts";
import { LISTED_DEVICES, listResults, summarize, verdictOf } from "./roll-up.ts";

const result = (device: string, state: DeviceResult["state"], output?: string): DeviceResult => ({
  device,
  state,
  task: "t1",
  ...(output !== undefined && { commands: [{ command: "show", output }] }),
});

test("every state is counted once", () => {
  const states = [
    "Pending",
    "NotStarted",
    "Running",
    "Succeeded",
    "Failed",
    "Cancelled",
    "Interrupted",
  ] as const;
  const { total, ...counts } = summarize(states.map((state, n) => result(`r${n}`, state)));
  expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(total);
  expect(counts).toEqual({ pending: 2, running: 1, succeeded: 1, failed: 2, interrupted: 1 });
});

test("outputs stand in the job while they fit, and otherwise where a reference with size and checksum says", () => {
  const small = [result("r1", "Succeeded", "x".repeat(1000))];
  expect(listResults(small)).toEqual(small);

  const [listed] = listResults([result("r1", "Succeeded", "é".repeat(40_000))]);
  const kept = Buffer.from(JSON.stringify([{ command: "show", output: "é".repeat(40_000) }]));
  expect(listed).toEqual({
    device: "r1",
    state: "Succeeded",
    task: "t1",
    ref: {
      kind: "NetTask",
      name: "t1",
      size: kept.length,
      sha256: createHash("sha256").update(kept).digest("hex"),
    },
  });
});

test("of very many devices only those that did not succeed are listed", () => {
  const many = Array.from({ length: LISTED_DEVICES + 1 }, (_, n) =>
    result(`r${n}`, n === 7 ? "Failed" : "Succeeded"),
  );
  expect(listResults(many).map(({ device }) => device)).toEqual(["r7"]);
});

test("a run that was stopped after all had succeeded has succeeded", () => {
  const results = [result("r1", "Succeeded")];
  const stopped = { succeeded: false, reason: "Cancelled", message: "" };
  expect(verdictOf(summarize(results), results, stopped)).toMatchObject({
    succeeded: true,
    reason: "Completed",
  });
});

test("a failure says how many and quotes the first", () => {
  const results = [
    result("r1", "Succeeded"),
    { ...result("r2", "Failed"), reason: "AuthFailed", message: "no" },
  ];
  expect(verdictOf(summarize(results), results)).toEqual({
    succeeded: false,
    reason: "DevicesFailed",
    message: "1 of 2 device(s) failed; first: r2: AuthFailed: no",
  });
});
