import { foldRanges, unfoldRanges } from "./case-folding.ts";
import { clip, complement, inRanges, normalize, type Ranges } from "./ranges.ts";
import { rangesOf } from "./unicode.ts";

/** `\d`, `\s`, `\w` and their opposites. */
export type Category = "d" | "D" | "s" | "S" | "w" | "W";

interface Parts {
  /** As the pattern lists them: not sorted, may overlap. */
  readonly ranges: readonly number[];
  readonly categories: readonly Category[];
  readonly negated: boolean;
  readonly ignoreCase: boolean;
  readonly ascii: boolean;
}

/**
 * The characters that one position of a pattern accepts, with the flags in force there already applied. Everything but the
 * parts is computed at first use: most patterns are only checked, never run.
 */
export class CharacterSet {
  readonly parts: Parts;
  #ranges: Ranges | undefined;
  #ascii: Uint8Array | undefined;
  #plainSource: string | undefined;
  #unicodeSource: string | undefined;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  static of(ranges: readonly number[], categories: readonly Category[] = [], negated = false): CharacterSet {
    return new CharacterSet({ ranges, categories, negated, ignoreCase: false, ascii: false });
  }

  /** All accepted code points. */
  get ranges(): Ranges {
    this.#ranges ??= computeRanges(this.parts);
    return this.#ranges;
  }

  /** 1 for each accepted character below 128. */
  get ascii(): Uint8Array {
    this.#ascii ??= asciiTable(this.ranges);
    return this.#ascii;
  }

  has(code: number): boolean {
    return code < 128 ? this.ascii[code] === 1 : inRanges(this.ranges, code);
  }

  /** A class for a RegExp without the `u` flag and for plain subjects: ASCII without \x1c to \x1f. */
  get plainSource(): string {
    this.#plainSource ??= plainClass(this.parts) ?? classOf(clip(this.ranges, 0x7f), false);
    return this.#plainSource;
  }

  /** A class for a RegExp with the `u` flag and for any subject. */
  get unicodeSource(): string {
    this.#unicodeSource ??= classOf(this.ranges, true);
    return this.#unicodeSource;
  }
}

function categoryRanges(category: Category, ascii: boolean): Ranges {
  const lower = category.toLowerCase() as "d" | "s" | "w";
  const ranges = rangesOf(lower, ascii);
  return category === lower ? ranges : complement(ranges);
}

/** A RegExp escape of one code point, in and out of classes. */
export function escapeCode(code: number, unicode: boolean): string {
  if (code < 0x80) {
    const char = String.fromCharCode(code);
    if (/[\w ]/.test(char)) return char;
    if (/[\\^$.*+?()[\]{}|/-]/.test(char)) return code === 0x2d ? "\\x2d" : `\\${char}`;
    return `\\x${code.toString(16).padStart(2, "0")}`;
  }
  if (unicode) return `\\u{${code.toString(16)}}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : "";
}

function computeRanges(parts: Parts): Ranges {
  let listed: Ranges;
  if (parts.ignoreCase) {
    const folded = foldRanges(normalize(parts.ranges), parts.ascii);
    const all = normalize([...folded, ...parts.categories.flatMap((c) => categoryRanges(c, parts.ascii))]);
    listed = unfoldRanges(all, parts.ascii);
  } else {
    listed = normalize([...parts.ranges, ...parts.categories.flatMap((c) => categoryRanges(c, parts.ascii))]);
  }
  return parts.negated ? complement(listed) : listed;
}

function asciiTable(ranges: Ranges): Uint8Array {
  const table = new Uint8Array(128);
  for (let i = 0; i < ranges.length; i += 2) {
    const to = Math.min(ranges[i + 1] ?? 0, 127);
    for (let code = ranges[i] ?? 0; code <= to; code++) table[code] = 1;
  }
  return table;
}

/** The class as the pattern has it, which V8 knows best; undefined where case matters. */
function plainClass(parts: Parts): string | undefined {
  if (parts.ignoreCase) return undefined;
  const [only] = parts.categories;
  if (only !== undefined && parts.categories.length === 1 && parts.ranges.length === 0 && !parts.negated) {
    return `\\${only}`;
  }
  let source = parts.categories.map((c) => `\\${c}`).join("");
  for (let i = 0; i < parts.ranges.length; i += 2) {
    const from = parts.ranges[i] ?? 0;
    const to = Math.min(parts.ranges[i + 1] ?? 0, 0xffff);
    if (from <= to) source += pair(from, to, false);
  }
  if (source === "") return parts.negated ? "[^]" : "[]";
  return `[${parts.negated ? "^" : ""}${source}]`;
}

function classOf(ranges: Ranges, unicode: boolean): string {
  let source = "";
  for (let i = 0; i < ranges.length; i += 2) source += pair(ranges[i] ?? 0, ranges[i + 1] ?? 0, unicode);
  return `[${source}]`;
}

function pair(from: number, to: number, unicode: boolean): string {
  if (from === to) return escapeCode(from, unicode);
  return `${escapeCode(from, unicode)}-${escapeCode(to, unicode)}`;
}
