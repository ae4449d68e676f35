import { describe, expect, test } from "vitest";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { PyFloat } from "../../../../src/python/values/numbers.ts";
import { createRuntime } from "../engine.ts";
import { loadYaml } from "../loaders/yaml.ts";
import { Output } from "../output.ts";
import { prettyText } from "./pprint.ts";
import { tabulate } from "./tabulate.ts";
import { dumpYaml } from "./yaml.ts";

const LONG = "word ".repeat(30);

describe("YAML is written as PyYAML writes it", () => {
  test.each([
    [null, "null\n...\n"],
    [[], "[]\n"],
    [
      ["yes", "1", "1e3", "", "it's", "a: b", "- x", "é", "2020-01-01", "~"],
      "- 'yes'\n- '1'\n- 1e3\n- ''\n- it's\n- 'a: b'\n- '- x'\n- \"\\xE9\"\n- '2020-01-01'\n- '~'\n",
    ],
    [[new PyFloat(1), 1e20, true, null, -5], "- 1.0\n- 1.0e+20\n- true\n- null\n- -5\n"],
    [[["a", ["b"]], [new PyDict([["k", 1]])]], "- - a\n  - - b\n- - k: 1\n"],
    [["a\nb\n\nc"], "- 'a\n\n  b\n\n\n  c'\n"],
    [[LONG], `- '${"word ".repeat(16).trim()}\n  ${"word ".repeat(14)}'\n`],
  ])("%j", (value, expected) => {
    expect(dumpYaml(value)).toBe(expected);
  });

  test("with sorted keys, lists at their key's indentation, and long or empty keys apart", () => {
    const value = new PyDict([
      ["b", [1]],
      ["a", new PyDict([["", [2]]])],
    ]);
    expect(dumpYaml(value)).toBe("a:\n  ? ''\n  : - 2\nb:\n- 1\n");
  });

  test("with an anchor where the same object stands twice", () => {
    const shared = new PyDict([["x", 1]]);
    expect(dumpYaml([shared, shared])).toBe("- &id001\n  x: 1\n- *id001\n");
  });

  test("so that it reads the same", () => {
    const value = [new PyDict([["k", ["0123", LONG, "a\n b", "", null]]])];
    expect(loadYaml(dumpYaml(value))).toEqual(value);
  });
});

test("pprint breaks what is too long, an item a line, and long texts into literals", () => {
  const value = [
    new PyDict([
      ["b", "x".repeat(50)],
      ["a", ["y".repeat(20)]],
    ]),
    new PyDict(),
  ];
  expect(prettyText(value, 4)).toBe(
    `[   {   'a': ['${"y".repeat(20)}'],\n        'b': '${"x".repeat(50)}'},\n    {}]`,
  );
  const words = (count: number) => `'${"word ".repeat(count)}'`;
  expect(prettyText([LONG], 4)).toBe(`[   ${words(14)}\n    ${words(14)}\n    ${words(2)}]`);
});

describe("a table", () => {
  const rows = [
    ["name", "mtu", "load"],
    ["Gi1", "1500", 1.5],
    ["Loopback0", "", 22.25],
  ];
  const print = (style: string): string =>
    tabulate(rows, Output.fromArguments([["format_attributes", `tablefmt="${style}"`]], createRuntime({})));

  test("aligns numbers at their points and takes texts of digits for numbers", () => {
    expect(print("simple")).toBe(
      "name         mtu    load\n---------  -----  ------\nGi1         1500    1.5\nLoopback0          22.25",
    );
  });

  test("has the styles of tabulate", () => {
    expect(print("pipe").split("\n")[1]).toBe("|:----------|------:|-------:|");
    expect(print("fancy_grid").split("\n")[0]).toBe("╒═══════════╤═══════╤════════╕");
  });
});
