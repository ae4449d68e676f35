import { expect, test } from "vitest";
import type { NetJobStatus } from "../../api/index.ts";
import { transitionOf } from "./transition.ts";

function status(reason: string, more: Partial<NetJobStatus> = {}): NetJobStatus {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  const condition = {
    type: "Succeeded",
    status: "Unknown" as const,
    reason,
    message: "",
    lastTransitionTime,
  };
  return { observedGeneration: 1, run: 1, conditions: [{ ...condition, observedGeneration: 1 }], ...more };
}

const ended = status("Completed", { completionTime: "2026-01-01T00:00:01Z" });

test.each([
  ["the first status of a job", undefined, status("Pending"), "Pending"],
  ["another reason", status("Pending"), status("Running"), "Running"],
  ["more progress under the same reason", status("Running"), status("Running"), undefined],
  ["the same reason in the next run", ended, status("Completed", { run: 2 }), "Completed"],
  ["the end of a run", status("Running"), ended, undefined],
])("%s: is announced only where something is new", (_, before, after, announced) => {
  expect(transitionOf(before, after)).toBe(announced);
});
