import type { Ranges } from "./ranges.ts";
import data from "./unicode-14.json" with { type: "json" };

const ASCII: Readonly<Record<"d" | "s" | "w", Ranges>> = {
  d: [0x30, 0x39],
  s: [0x09, 0x0d, 0x20, 0x20],
  w: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
};
const DATA = { d: data.digit, s: data.space, w: data.word };
const decoded = new Map<string, Ranges>();
const EXTRA_CASES = new Map(Object.entries(data.extraCases).map(([code, same]) => [Number(code), same]));

/** The ranges of a category, as Python 3.11 (Unicode 14) has it. */
export function rangesOf(category: "d" | "s" | "w", ascii: boolean): Ranges {
  if (ascii) return ASCII[category];
  let ranges = decoded.get(category);
  if (ranges === undefined) {
    ranges = decode(DATA[category]);
    decoded.set(category, ranges);
  }
  return ranges;
}

/** Python's simple lower-casing of one code point. */
export function lower(code: number, ascii: boolean): number {
  if (code < 128) return code >= 0x41 && code <= 0x5a ? code + 32 : code;
  if (ascii) return code;
  if (code === 0x130) return 0x69;
  const text = String.fromCodePoint(code).toLowerCase();
  const first = text.codePointAt(0) ?? code;
  return text.length === (first > 0xffff ? 2 : 1) ? first : code;
}

/** Lower-case code points with the same upper case as this lower-case one. */
export function extraCases(code: number): readonly number[] {
  return EXTRA_CASES.get(code) ?? [];
}

/** Whether IGNORECASE makes any difference to this code point. */
export function isCased(code: number, ascii: boolean): boolean {
  if (code < 128) {
    const letter = (code | 32) >= 0x61 && (code | 32) <= 0x7a;
    return letter;
  }
  if (ascii) return false;
  const char = String.fromCodePoint(code);
  return char.toLowerCase() !== char || char.toUpperCase() !== char;
}

function decode(text: string): Ranges {
  const out: number[] = [];
  let end = 0;
  const numbers = text.split(" ").map((n) => Number.parseInt(n, 36));
  for (let i = 0; i < numbers.length; i += 2) {
    const from = end + (numbers[i] ?? 0);
    end = from + (numbers[i + 1] ?? 0);
    out.push(from, end);
  }
  return out;
}
