import { expect, test } from "vitest";
import { failedLine, failureRules, isOnlyFailure } from "./failures.ts";
import { PlatformLibrary } from "./platforms.ts";

const platform = new PlatformLibrary().find("cisco_ios");
if (!platform) throw new Error("no platform cisco_ios");
const rules = failureRules(platform);

test.each([
  ["          ^\n% Invalid input detected at '^' marker.\n", "% Invalid input detected at '^' marker."],
  ["% Incomplete command.\n", "% Incomplete command."],
  ["Command authorization failed.\n", "Command authorization failed."],
  ["description says % Invalid input\n", undefined],
  ["", undefined],
])("%j fails with %j", (answer, line) => {
  expect(failedLine(answer, rules)).toBe(line);
});

test("an answer is only an error when there is hardly anything else", () => {
  expect(isOnlyFailure("   ^\n% Invalid input detected at '^' marker.\n", rules)).toContain("% Invalid");
  expect(isOnlyFailure("one\ntwo\n% Invalid input\nfour\nfive\n", rules)).toBeUndefined();
  expect(isOnlyFailure("", rules)).toBeUndefined();
});
