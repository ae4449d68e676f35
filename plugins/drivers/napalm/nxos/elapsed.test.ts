import { expect, test } from "vitest";
import { elapsedSeconds } from "./elapsed.ts";

const DAY = 86_400;

test.each([
  ["00:14:23", 863],
  ["23week(s) 3day(s)", 164 * DAY],
  ["1year(s) 2week(s)", 379.25 * DAY],
  ["3d03h", 3 * DAY + 3 * 3600],
  ["8w5d", 61 * DAY],
  ["P17DT7H42M42S", 17 * DAY + 7 * 3600 + 42 * 60 + 42],
])("%s is %d s ago", (text, seconds) => {
  expect(elapsedSeconds(text)).toBe(seconds);
});

test("never, and nothing, is no time", () => {
  expect(elapsedSeconds("never")).toBeUndefined();
  expect(elapsedSeconds("")).toBeUndefined();
});

test("a year may be counted without its leap days", () => {
  expect(elapsedSeconds("1y28w", 365)).toBe((365 + 196) * DAY);
});

test("what is no time is refused with the text", () => {
  expect(() => elapsedSeconds("soon")).toThrow('"soon"');
});
