import { canRunAway } from "../../../src/python/re/ambiguity.ts";
import { compile } from "../../../src/python/re/index.ts";
import { parse } from "../../../src/python/re/parser.ts";
import type { Parsed } from "../../../src/python/re/syntax.ts";
import { fitsV8, isPlain, v8Source } from "../../../src/python/re/v8.ts";

/** One place where a line of a template matched the input. */
export interface LineMatch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The values of the named groups, in the order of `LineRegex.names`; null for a group that took no part. */
  readonly values: readonly (string | null)[];
}

/** The part of an input that a group looks at, and whether it is ASCII in the sense of `isPlain`. */
export interface Region {
  readonly text: string;
  readonly plain: boolean;
}

/** The region of a whole input. */
export function regionOf(text: string): Region {
  return { text, plain: isPlain(text) };
}

/**
 * A template line's compiled regular expression. The whole input is searched at once, so V8 does it wherever it means the
 * same as Python; else Python's own matcher with its step budget.
 *
 * Throws PythonReError for a pattern that Python refuses, StepBudgetExceeded when a pattern runs away on an input.
 */
export class LineRegex {
  readonly source: string;
  readonly names: readonly string[];
  readonly #parsed: Parsed;
  readonly #numbers: readonly number[];
  #plain: RegExp | undefined;
  #any: RegExp | undefined;
  #usesV8: boolean | undefined;

  constructor(source: string) {
    this.source = source;
    this.#parsed = parse(source, 0);
    this.names = [...this.#parsed.groupIndex.keys()];
    this.#numbers = [...this.#parsed.groupIndex.values()];
  }

  findAll({ text, plain }: Region): LineMatch[] {
    const observed = new Set(this.#numbers);
    this.#usesV8 ??= fitsV8(this.#parsed.root, observed) && !canRunAway(this.#parsed.root);
    if (!this.#usesV8) return this.#findByPython(text);
    if (plain) {
      this.#plain ??= new RegExp(v8Source(this.#parsed.root, "plain", observed), "g");
      return this.#findByV8(this.#plain, text);
    }
    this.#any ??= new RegExp(v8Source(this.#parsed.root, "any", observed), "gu");
    return this.#findByV8(this.#any, text);
  }

  // Only named groups are captured, so V8's groups are `names`, one after another.
  #findByV8(regex: RegExp, text: string): LineMatch[] {
    const found: LineMatch[] = [];
    const count = this.names.length;
    regex.lastIndex = 0;
    for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
      const whole = match[0];
      const values: (string | null)[] = [];
      for (let index = 1; index <= count; index += 1) values.push(match[index] ?? null);
      found.push({ start: match.index, end: match.index + whole.length, text: whole, values });
      if (whole === "") regex.lastIndex += 1;
    }
    return found;
  }

  #findByPython(text: string): LineMatch[] {
    const found: LineMatch[] = [];
    for (const match of compile(this.source).finditer(text)) {
      const values = this.#numbers.map((number) => match.group(number));
      found.push({ start: match.start(), end: match.end(), text: match.group() ?? "", values });
    }
    return found;
  }
}
