import { describe, expect, test } from "vitest";
import { compile, IGNORECASE, MULTILINE, PythonReError, StepBudgetExceeded, UnknownGroup } from "./index.ts";

describe("a match", () => {
  const match = compile("(?P<name>\\w+)-(\\d+)(x)?").search("see eth-12 here");

  test("gives groups by number and by name, null for those that took no part", () => {
    expect(match?.group()).toBe("eth-12");
    expect(match?.group("name")).toBe("eth");
    expect(match?.groups()).toEqual(["eth", "12", null]);
    expect(match?.groups("-")).toEqual(["eth", "12", "-"]);
    expect({ ...match?.groupdict() }).toEqual({ name: "eth" });
    expect(match?.lastindex).toBe(2);
    expect(match?.lastgroup).toBeNull();
  });

  test("gives spans as UTF-16 offsets, so that slice takes them", () => {
    expect(match?.span()).toEqual([4, 10]);
    expect(match?.span("name")).toEqual([4, 7]);
    expect(match?.span(3)).toEqual([-1, -1]);
    const text = "😀 ab";
    const found = compile("b").search(text);
    expect(text.slice(found?.start(), found?.end())).toBe("b");
  });

  test("refuses groups that do not exist", () => {
    expect(() => match?.group(4)).toThrow("no such group");
    expect(() => match?.group("other")).toThrow("no such group");
  });
});

describe("what JavaScript's RegExp would do otherwise", () => {
  test.each([
    ["a repeat keeps its last capture", "(?:(a)|b)*", "ab", ["a"]],
    ["an optional part may match nothing and keeps its group", "(a*)?", "b", [""]],
    ["a group that took no part cannot be referred to", "(?:(a)|b)\\1", "b", null],
    ["\\s takes \\x1c, and not the byte order mark", "(\\s*)", "\x1c\ufeff", ["\x1c"]],
    [". takes a carriage return", "(.*)", "a\rb", ["a\rb"]],
    ["\\d takes every decimal digit", "(\\d+)", "1٣", ["1٣"]],
    ["$ stands before a newline at the end", "(a)$", "a\n", ["a"]],
    ["\\Z does not", "(a)\\Z", "a\n", null],
    ["{,n} counts from zero", "(a{,2})", "aaa", ["aa"]],
    ["a look-behind can be repeated", "(?:a(?<=a)+)(b)", "ab", ["b"]],
    ["a condition asks whether a group took part", "(<)?(a)(?(1)>|$)", "<a>", ["<", "a"]],
    ["a possessive repeat gives nothing back", "(a++)a", "aaa", null],
    ["flags hold in their group only", "((?i:a)b)", "AB", null],
  ] as const)("%s", (_, pattern, text, groups) => {
    expect(compile(pattern).match(text)?.groups() ?? null).toEqual(groups);
  });
});

describe("methods of a pattern", () => {
  test("match looks at one place, search further on, fullmatch at all the text", () => {
    const pattern = compile("b+");
    expect(pattern.match("abb")).toBeNull();
    expect(pattern.match("abb", 1)?.group()).toBe("bb");
    expect(pattern.search("abb")?.start()).toBe(1);
    expect(pattern.fullmatch("abb", 1)?.group()).toBe("bb");
    expect(pattern.fullmatch("bba")).toBeNull();
  });

  test("findall gives texts, one group, or lists of groups", () => {
    expect(compile("\\d+").findall("1 22")).toEqual(["1", "22"]);
    expect(compile("(\\d)\\d*").findall("1 22")).toEqual(["1", "2"]);
    expect(compile("(\\d)(x)?").findall("1 2x")).toEqual([
      ["1", ""],
      ["2", "x"],
    ]);
  });

  test("an empty match is followed by a longer one at the same place", () => {
    expect(compile("|a").findall("a")).toEqual(["", "a", ""]);
  });

  test("split keeps groups and stops after maxsplit", () => {
    expect(compile("(-)|,").split("a-b,c")).toEqual(["a", "-", "b", null, "c"]);
    expect(compile(",").split("a,b,c", 1)).toEqual(["a", "b,c"]);
  });

  test("sub fills templates, calls functions, and stops after count", () => {
    const pattern = compile("(?P<key>\\w)=(\\d)?");
    expect(pattern.sub("\\2\\g<key>\\n", "a=1 b=")).toBe("1a\n b\n");
    expect(pattern.sub((match) => match.group(1)?.toUpperCase() ?? "", "a=1 b=")).toBe("A B");
    expect(pattern.subn("-", "a=1 b=2", 1)).toEqual(["- b=2", 1]);
  });

  test("sub refuses templates as Python does", () => {
    const pattern = compile("(a)");
    expect(() => pattern.sub("\\2", "a")).toThrow(new PythonReError("invalid group reference 2", "\\2", 1));
    expect(() => pattern.sub("\\q", "a")).toThrow("bad escape \\q at position 0");
    expect(() => pattern.sub("\\g<b>", "a")).toThrow(UnknownGroup);
  });

  test("with namedGroupsOnly the other groups cost nothing and are null", () => {
    const match = compile("(a)(?P<b>b)(c)", 0, { namedGroupsOnly: true }).match("abc");
    expect(match?.groups()).toEqual([null, "b", null]);
    expect(match?.span("b")).toEqual([1, 2]);
  });

  test("furthest says how much of a text the beginning of the pattern matches", () => {
    expect(compile("^interface \\S+ is (up|down)").furthest("interface Eth2 is dwn")).toBe(18);
    expect(compile("x").furthest("abc")).toBe(0);
  });
});

test("the position of an error counts code points, and lines where there are several", () => {
  expect(() => compile("😀(")).toThrow("missing ), unterminated subpattern at position 1");
  expect(() => compile("a\n(")).toThrow(
    "missing ), unterminated subpattern at position 2 (line 2, column 1)",
  );
});

describe("patterns that run away", () => {
  const runaway = [
    "(a+)+b",
    "(a*)*b",
    "(a|aa)+b",
    "(a+)*?b",
    "(?:a{1,3}|a*){2,}b",
    "(\\w+\\s*)+:",
    "((a?)+)+b",
    "(.*)*x",
    "^(?:a|a)*$",
    "(?P<w>(\\S+(\\s)*)+):\\s(?P<s>\\w+)",
  ];

  test.each(runaway)("%s ends soon and finds nothing in a text without it", (pattern) => {
    const compiled = compile(pattern);
    expect(compiled.canRunAway()).toBe(true);
    const text = `${"a".repeat(2000)}!`;
    const start = performance.now();
    expect(compiled.search(text)).toBeNull();
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test.each(["(\\S+\\s)+", "(?:\\d{1,3}\\.){3}\\d{1,3}", "a*b*c*", "(?:[^,]*,)*", "(\\S+ )+?\\S+"])(
    "%s cannot, and stays with V8",
    (pattern) => {
      expect(compile(pattern).canRunAway()).toBe(false);
      expect(compile(pattern).usesV8).toBe(true);
    },
  );

  test("what refers to a group is remembered with what the group holds", () => {
    expect(compile("(a*)*\\1*(a*)*b").search("a".repeat(60))).toBeNull();
    expect(compile("(x)?(a*)*(?(1)b|c)").search("a".repeat(300))).toBeNull();
  });

  test("what refers to too much to be remembered ends with a typed error", () => {
    const pattern = compile("(a*)*(a*)*(a*)*(a*)*\\1\\2\\3\\4b");
    expect(() => pattern.search("a".repeat(200))).toThrow(StepBudgetExceeded);
  });
});

test("IGNORECASE knows letters of which upper cases are the same", () => {
  expect(compile("ſ", IGNORECASE).match("S")?.group()).toBe("S");
  expect(compile("[k]", IGNORECASE).match("\u212a")?.group()).toBe("\u212a");
  expect(compile("[^a]", IGNORECASE).match("A")).toBeNull();
});

test("with MULTILINE only \\n ends a line", () => {
  expect(compile("^b$", MULTILINE).search("a\nb\nc")?.start()).toBe(2);
  expect(compile("^b$", MULTILINE).search("a\rb\rc")).toBeNull();
});

test("many repeats in a row do not hang on a long line either", () => {
  const match = compile("(.*)(.*)(.*)(.*)(?P<end>x)", 0, { namedGroupsOnly: true }).textMatcher(true);
  const start = performance.now();
  expect(match("a".repeat(2000))).toBeNull();
  expect(performance.now() - start).toBeLessThan(2000);
  expect(match(`${"a".repeat(2000)}x`)).toEqual([`${"a".repeat(2000)}x`, "x"]);
});

test("a pattern may be very long, but not nested without end", () => {
  expect(compile("(a|b)".repeat(3000)).match("ab".repeat(2000))?.end()).toBe(3000);
  expect(() => compile(`${"(".repeat(10_000)}a${")".repeat(10_000)}`)).toThrow(
    "the pattern is nested too deeply",
  );
});
