import { describe, expect, test } from "vitest";
import { parseTemplate, templateText } from "./engine.ts";

test.each([
  ["Value Required A", "Value 'A' has no regular expression. Line 1."],
  ["Value A (", "Value '(' must be contained within a '()' pair. Line 1."],
  ["Value A (x\\)", "Value '(x\\)' must be contained within a '()' pair. Line 1."],
  ["Value A ([x)", "unterminated character set at position 1 Line 1."],
  ["Value Filldown, Required A (x)", 'Unknown option "" Line 1.'],
  ["Value Key,Key A (x)", 'Duplicate option "Key" Line 1.'],
  ["Value A", "Expect at least 3 tokens on line. Line 1."],
  ["hello", "No Value definitions found."],
  ["Value A (x)\nhello", "Expected blank line after last Value entry. Line: 2."],
  ["Value A (x)\nValue A (y)", "Duplicate declarations for Value 'A'. Line: 2."],
  ["Value A (x)\n\nNext\n", "Invalid state name: 'Next'. Line: 3"],
  ["Value A (x)\n\nStart\n^x\n", "Missing white space or carat ('^') before rule. Line: 4"],
  ["Value A (x)\n\nStart\n  ^$B\n", "Duplicate or invalid variable substitution: '^$B'. Line: 4."],
  ["Value A (x)\n\nStart\n  ^(\n", "Invalid regular expression: '^('. Line: 4."],
  ["Value A (x)\n\nStart\n  ^x -> Foo.Bar\n", "Badly formatted rule '^x -> Foo.Bar'. Line: 4."],
  [
    "Value A (x)\n\nStart\n  ^x -> Continue Start\n",
    "Action 'Continue' with new state Start specified. Line: 4.",
  ],
  ['Value A (x)\n\nStart\n  ^x -> Next "y"\n', "Alphanumeric characters only in state names. Line: 4."],
  ["Value A (x)\n\nStart\n  ^x -> Gone\n", "State 'Gone' not found, referenced in state 'Start'"],
  ["Value A (x)\n\nOther\n  ^x\n", "Missing state 'Start'."],
  ["Value A (x)\n\nStart\n  ^x\n\nEnd\n  ^y\n", "Non-Empty 'End' state."],
])("%j is refused: %s", (text, message) => {
  expect(thrownBy(() => parseTemplate(text))).toMatchObject({ name: "TextFSMTemplateError", message });
});

test("an error has the line as a number too, and the reason of a regular expression as its cause", () => {
  const error = thrownBy(() => parseTemplate("Value A (x)\n\nStart\n  ^(\n"));
  expect(error).toMatchObject({ line: 4 });
  expect(error.cause).toMatchObject({ message: "missing ), unterminated subpattern at position 1" });
});

test("a template prints as the original prints it: without comments, with its values and states", () => {
  const text =
    "# about\nValue Filldown,Key A (x)\n# more\n\nStart\n  ^$A\\s -> Next.Record Two\n  # no\n\nTwo\n \t^y -> Error\n";
  const expected = "Value Filldown,Key A (x)\n\nStart\n  ^$A\\s -> Next.Record Two\n\nTwo\n  ^y -> Error\n";
  expect(templateText(parseTemplate(text.replace(" \t^y", "\t^y")))).toBe(expected);
});

describe("flags that do not stand at the start", () => {
  const text = "Value A (x)\n\nStart\n  ^(?i)$A -> Record\n";

  test("are refused, as Python does since 3.11", () => {
    expect(() => parseTemplate(text)).toThrow("Invalid regular expression");
  });

  test("are taken with lateFlags", () => {
    expect(
      parseTemplate(text, { lateFlags: true }).states.get("Start")?.rules[0]?.pattern.match("X"),
    ).not.toBeNull();
  });
});

function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}
