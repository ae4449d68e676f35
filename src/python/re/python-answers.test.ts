import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, type Match, type Pattern } from "./index.ts";
import { Matcher } from "./matcher.ts";
import { parse } from "./parser.ts";

/** Spans of all groups and `lastindex`, in code points. */
type Span = [number, number];
type Recorded = [Span[], number | null] | null;

interface Answer {
  readonly pattern: string;
  readonly flags: number;
  readonly error?: string;
  readonly cases?: readonly {
    readonly text: string;
    readonly pos: number;
    readonly match: Recorded;
    readonly search: Recorded;
    readonly fullmatch: Recorded;
    readonly all: readonly Recorded[];
    readonly split: readonly (string | null)[];
    readonly sub: string;
  }[];
}

// What CPython 3.11 answered to random patterns on random texts.
const answers: Answer[] = readFileSync(new URL("python-answers.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

describe("random patterns do what they do in Python", () => {
  test("there are enough of them, for V8 as for the own matcher", () => {
    const patterns = answers
      .filter(({ cases }) => cases)
      .map(({ pattern, flags }) => compile(pattern, flags));
    expect(patterns.filter((pattern) => pattern.usesV8).length).toBeGreaterThan(200);
    expect(patterns.filter((pattern) => !pattern.usesV8).length).toBeGreaterThan(100);
  });

  test("matching, searching, splitting and replacing", () => {
    for (const { pattern, flags, cases = [] } of answers) {
      if (cases.length === 0) continue;
      const compiled = compile(pattern, flags);
      for (const { text, pos, ...expected } of cases) {
        const from = utf16(text, pos);
        const got = {
          match: spansOf(text, compiled.match(text, from)),
          search: spansOf(text, compiled.search(text, from)),
          fullmatch: spansOf(text, compiled.fullmatch(text, from)),
          all: [...compiled.finditer(text)].map((match) => spansOf(text, match)),
          split: compiled.split(text),
          sub: compiled.sub("<\\g<0>>", text),
        };
        expect({ pattern, text, ...got }).toEqual({ pattern, text, ...expected });
      }
    }
  });

  test("the own matcher finds what V8 finds, in every pattern that both can run", () => {
    for (const { pattern, flags, cases = [] } of answers) {
      if (cases.length === 0) continue;
      const own = new Matcher(pattern, parse(pattern, flags));
      for (const { text, pos, search } of cases) {
        const found = own.find(text, {
          from: utf16(text, pos),
          anchored: false,
          whole: false,
          notEmpty: false,
        });
        const spans =
          found === undefined
            ? null
            : pairs(found.spans).map(([a, b]) => [codePoints(text, a), codePoints(text, b)]);
        expect({ pattern, text, spans }).toEqual({ pattern, text, spans: search?.[0] ?? null });
      }
    }
  });

  test("what is no pattern is refused with Python's words and position", () => {
    const wrong = answers.filter(({ error }) => error !== undefined);
    expect(wrong.length).toBeGreaterThan(100);
    for (const { pattern, flags, error } of wrong) {
      expect({ pattern, error: messageOf(() => compile(pattern, flags)) }).toEqual({ pattern, error });
    }
  });
});

function spansOf(text: string, match: Match | null): Recorded {
  if (match === null) return null;
  const groups = Array.from({ length: match.re.groups + 1 }, (_, group) => match.span(group));
  return [
    groups.map(([start, end]): Span => [codePoints(text, start), codePoints(text, end)]),
    match.lastindex,
  ];
}

function pairs(spans: readonly number[]): Span[] {
  return spans.flatMap((start, i): Span[] => (i % 2 === 0 ? [[start, spans[i + 1] ?? -1]] : []));
}

function codePoints(text: string, offset: number): number {
  return offset < 0 ? -1 : Array.from(text.slice(0, offset)).length;
}

function utf16(text: string, position: number): number {
  return Array.from(text).slice(0, position).join("").length;
}

function messageOf(run: () => Pattern): string {
  try {
    return `compiled ${run().pattern}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
