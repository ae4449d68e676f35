import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PyDict, PySet } from "../values/dict.ts";
import { PyFloat } from "../values/numbers.ts";
import { PyTuple } from "../values/tuple.ts";
import { PythonSyntaxError, parseArguments, parseAssignments, parseExpression } from "./index.ts";

const entries = (value: unknown) => (value instanceof PyDict ? [...value.items()] : undefined);

describe("a literal", () => {
  test.each([
    ["None", null],
    ["True", true],
    ["1_000", 1000],
    ["0x1F", 31],
    ["0b101", 5],
    ["-3", -3],
    ["10000000000000000000", 10000000000000000000n],
    ["1.0", new PyFloat(1)],
    ["2.5e-1", 0.25],
    ["'a' \"b\"", "ab"],
    ["r'\\d+\\n'", "\\d+\\n"],
    ["'\\x41\\u00e9\\101\\q'", "AéA\\q"],
    ["'''a\nb'''", "a\nb"],
    ["[1, [2,],]", [1, [2]]],
    ["()", new PyTuple([])],
    ["1, 2", new PyTuple([1, 2])],
    ["(1)", 1],
    ["60 * 60 * 24", 86400],
    ["-7 // 2", -4],
    ["-2 ** 2", -4],
    ["'-' * 3", "---"],
    ["{1, 'a'}", new PySet([1, "a"])],
  ])("%s has Python's value", (source, value) => {
    expect(parseExpression(source)).toStrictEqual(value);
  });

  test("of a dictionary keeps its order and any key", () => {
    expect(entries(parseExpression("{'b': 1, 2: None, (1, 2): [],}"))).toStrictEqual([
      ["b", 1],
      [2, null],
      [new PyTuple([1, 2]), []],
    ]);
  });

  test.each(["[1, 2", "'a", "a b", "01", "{1: 2, 3}", "1 +", "", "'''x'", "$"])("%s is refused", (source) => {
    expect(() => parseExpression(source, { names: (name) => name })).toThrow(PythonSyntaxError);
  });

  test("cannot call or reach into anything", () => {
    expect(() => parseExpression("__import__('os')", { names: (name) => name })).toThrow("cannot be called");
    expect(() => parseExpression("''.__class__")).toThrow(PythonSyntaxError);
  });

  test("too deep or too large is refused instead of using up the machine", () => {
    expect(() => parseExpression("[".repeat(5000))).toThrow(PythonSyntaxError);
    expect(() => parseExpression("'a' * 10000000000")).toThrow("too large");
    expect(() => parseExpression("9 ** 9 ** 9")).toThrow("too large");
  });

  test("or an error of Python's is all that any text gives", () => {
    const alphabet = fc.constantFrom(..."'\"[](){},:=.+-*/%#\\\n 01aTrueNone".split(""));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 40 }), (source) => {
        try {
          parseExpression(source);
        } catch (error) {
          expect(String((error as Error).name)).toMatch(/^(SyntaxError|NameError|TypeError)$/);
        }
      }),
    );
  });
});

describe("arguments", () => {
  test("may be names, which the caller gives values", () => {
    const { args, kwargs } = parseArguments("a, 'b',\n c=D", { names: (name) => `<${name}>` });
    expect(args).toEqual(["<a>", "b"]);
    expect([...kwargs]).toEqual([["c", "<D>"]]);
  });

  test("may not follow a keyword or repeat it", () => {
    expect(() => parseArguments("a=1, 2")).toThrow("positional argument follows keyword argument");
    expect(() => parseArguments("a=1, a=2")).toThrow("keyword argument repeated");
  });
});

describe("assignments", () => {
  test("give names values that later ones may use", () => {
    const source = "# vlans\nfirst = 10  # access\nall = [\n  first,\n  20]\na, b = 1, 2; c = d = 'x'\n";
    expect(entries(parseAssignments(source))).toStrictEqual(
      [
        ["first", 10],
        ["all", [10, 20]],
        ["a", 1],
        ["b", 2],
        ["d", "x"],
        ["c", "x"],
      ].toSorted((x, y) => order(x) - order(y)),
    );
  });

  test("may be missing: then the text is one value", () => {
    expect(parseAssignments("\n[1, 2]\n")).toEqual([1, 2]);
  });

  test("of a name that nothing defines are refused", () => {
    expect(() => parseAssignments("a = b")).toThrow("name 'b' is not defined");
  });
});

function order([name]: unknown[]): number {
  return ["first", "all", "a", "b", "c", "d"].indexOf(String(name));
}
