import { expect, test } from "vitest";
import { excerpt } from "./excerpt.ts";

test("the caret stands below the column, tabs included", () => {
  expect(excerpt("one\n\ttwo", { line: 2, column: 2 })).toBe("  2 | \ttwo\n    | \t ^");
});

test("without a column the line stands alone", () => {
  expect(excerpt("one\r\ntwo", { line: 1 })).toBe("  1 | one");
});

test("control characters cannot move the terminal's cursor", () => {
  expect(excerpt("a\x1b[2Jb", { line: 1 })).toBe("  1 | a␛[2Jb");
});
