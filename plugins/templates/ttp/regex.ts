import { canRunAway } from "../../../src/python/re/ambiguity.ts";
import { compile } from "../../../src/python/re/index.ts";
import { parse } from "../../../src/python/re/parser.ts";
import type { Parsed } from "../../../src/python/re/syntax.ts";
import { fitsV8, isPlain, v8Source } from "../../../src/python/re/v8.ts";

/**
 * A match of a line: the whole text first, then the values of the named groups in the order of `LineRegex.names`, undefined where a group took no
 * part; `index` is its offset. V8's own match is one.
 */
export interface LineMatch {
  readonly index: number;
  readonly 0: string;
  readonly [group: number]: string | undefined;
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

const KEPT = 4000;
const kept = new Map<string, LineRegex>();

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

  /** The expression of that source; the last ones are kept, since the same template is read for many devices. */
  static of(source: string): LineRegex {
    const known = kept.get(source);
    if (known !== undefined) return known;
    const made = new LineRegex(source);
    if (kept.size >= KEPT) {
      const oldest = kept.keys().next();
      if (!oldest.done) kept.delete(oldest.value);
    }
    kept.set(source, made);
    return made;
  }

  private constructor(source: string) {
    this.source = source;
    this.#parsed = parse(source, 0);
    this.names = [...this.#parsed.groupIndex.keys()];
    this.#numbers = [...this.#parsed.groupIndex.values()];
  }

  /** Calls `visit` with every match in the region, one after another. */
  each({ text, plain }: Region, visit: (match: LineMatch) => void): void {
    this.#usesV8 ??= fitsV8(this.#parsed.root, new Set(this.#numbers)) && !canRunAway(this.#parsed.root);
    if (!this.#usesV8) {
      this.#eachByPython(text, visit);
      return;
    }
    const regex = plain ? this.#plainRegex() : this.#anyRegex();
    regex.lastIndex = 0;
    for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
      visit(match);
      if (match[0] === "") regex.lastIndex += 1;
    }
  }

  #plainRegex(): RegExp {
    this.#plain ??= this.#compile("plain");
    return this.#plain;
  }

  #anyRegex(): RegExp {
    this.#any ??= this.#compile("any");
    return this.#any;
  }

  // Only named groups are captured, so V8's groups are `names`, one after another.
  #compile(form: "plain" | "any"): RegExp {
    const source = v8Source(this.#parsed.root, form, new Set(this.#numbers));
    return new RegExp(source, form === "plain" ? "g" : "gu");
  }

  #eachByPython(text: string, visit: (match: LineMatch) => void): void {
    for (const match of compile(this.source).finditer(text)) {
      const values = this.#numbers.map((number) => match.group(number) ?? undefined);
      visit(Object.assign([match.group() ?? "", ...values] as [string], { index: match.start() }));
    }
  }
}
