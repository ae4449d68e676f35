import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CharacterSet } from "./character-set.ts";
import { compile, escape as escapeText, PythonReError, StepBudgetExceeded } from "./index.ts";
import { complement, inRanges, MAX_CODE_POINT, normalize } from "./ranges.ts";

const syntax = fc.array(
  fc.constantFrom(
    ..."ab1 .^$|()[]{}*+?\\-,:=!<>".split(""),
    "\\d",
    "\\w+",
    "\\s*",
    "(?:",
    "(?=",
    "(?<=",
    "(?P<x>",
    "(?P=x)",
    "(?i)",
    "(?>",
    "{2,}",
    "[^a]",
    "\\1",
    "é",
    "😀",
  ),
  { maxLength: 12 },
);
const subject = fc
  .array(fc.constantFrom(..."aab1 \n-:é".split(""), "😀"), { maxLength: 30 })
  .map((c) => c.join(""));

test("whatever the pattern and the text: a result or a typed error, within the budget", () => {
  fc.assert(
    fc.property(syntax, subject, (parts, text) => {
      const start = performance.now();
      try {
        const pattern = compile(parts.join(""), 0, { stepBudget: 50_000 });
        pattern.search(text);
        pattern.sub("x", text);
      } catch (error) {
        expect(error).toSatisfy((e) => e instanceof PythonReError || e instanceof StepBudgetExceeded);
      }
      expect(performance.now() - start).toBeLessThan(3000);
    }),
    { numRuns: 2000 },
  );
});

test("an escaped text matches itself, all of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(compile(escapeText(text)).fullmatch(text)?.group()).toBe(text);
    }),
  );
});

test("the parts of a split and the matches between them are the text", () => {
  fc.assert(
    fc.property(subject, (text) => {
      expect(compile("([a\\s]+)").split(text).join("")).toBe(text);
    }),
  );
});

describe("sets of characters", () => {
  const codes = fc.integer({ min: 0, max: MAX_CODE_POINT });
  const ranges = fc
    .array(fc.tuple(codes, codes), { maxLength: 8 })
    .map((pairs) => pairs.flatMap(([a, b]) => [Math.min(a, b), Math.max(a, b)]));

  test("a code point is in a set or in its complement, never in both", () => {
    fc.assert(
      fc.property(ranges, codes, (list, code) => {
        const sorted = normalize(list);
        expect(inRanges(sorted, code)).not.toBe(inRanges(complement(sorted), code));
        expect(complement(complement(sorted))).toEqual(sorted);
      }),
    );
  });

  test("V8 takes from the generated class what the set has", () => {
    fc.assert(
      fc.property(ranges, codes, (list, code) => {
        const set = CharacterSet.of(list);
        const text = String.fromCodePoint(code);
        expect(new RegExp(`^${set.unicodeSource}$`, "u").test(text)).toBe(set.has(code));
      }),
    );
  });
});
