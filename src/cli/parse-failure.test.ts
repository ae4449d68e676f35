import { expect, test } from "vitest";
import { PythonReError } from "../python/re/index.ts";
import { failureText } from "./parse-failure.ts";

test("an error of any engine that says where the fault is shows that line", () => {
  const cause = Object.assign(new Error("mismatched tag"), { line: 2, column: 3 });
  expect(failureText(new Error("bad template", { cause }), "one\ntwo tags\n")).toBe(
    "error: bad template\n  2 | two tags\n    |    ^\n",
  );
});

test("a wrong regular expression is shown with a caret where it is wrong", () => {
  const cause = new PythonReError("missing ), unterminated subpattern", "a(", 1);
  expect(failureText(new Error("line 3 is wrong", { cause }), "text")).toBe(
    "error: line 3 is wrong\nin the regular expression:\n  1 | a(\n    |  ^\n",
  );
});

test("an error without a place is its message", () => {
  expect(failureText(new Error("no such file"), "text")).toBe("error: no such file\n");
  expect(failureText("odd", undefined)).toBe("error: odd\n");
});
