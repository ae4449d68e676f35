import { expect, test } from "vitest";
import { job } from "../testing/objects.ts";
import { taskName } from "./names.ts";

test("the same slice of the same run has the same name for everybody, and nothing else has", () => {
  const of = job(["r1"]);
  expect(taskName(of, 1, 0)).toBe(taskName(structuredClone(of), 1, 0));
  const again = { ...of, metadata: { ...of.metadata, uid: "made-again" } };
  const names = [taskName(of, 1, 0), taskName(of, 1, 1), taskName(of, 2, 0), taskName(again, 1, 0)];
  expect(new Set(names).size).toBe(names.length);
});

test("a job with the longest of names still has tasks, and outputs that are named after them", () => {
  const long = job(["r1"]);
  const named = { ...long, metadata: { ...long.metadata, name: "j".repeat(253) } };
  expect(`${taskName(named, 999_999, 1023)}-0123abcd-4095`.length).toBeLessThanOrEqual(253);
});
