import type { Ranges } from "./character-set.ts";
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

/** Whether a code point is within sorted ranges. */
export function inRanges(ranges: Ranges, code: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < (ranges[2 * middle] ?? 0)) high = middle - 1;
    else if (code > (ranges[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
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

/** Case folding of whole sets: `ch` is in a set that ignores case when its lower case is in the folded set. */
export const codePointOf = {
  /** What a set lists, in lower case, with the extra cases. */
  foldRanges(ranges: Ranges, ascii: boolean): number[] {
    const folded: number[] = [];
    const cased = casedCodes();
    for (let i = 0; i < ranges.length; i += 2) {
      const from = ranges[i] ?? 0;
      const to = ranges[i + 1] ?? 0;
      let kept = from;
      // Code points without case stay as they are; only the cased ones between them move.
      for (let at = lowerBound(cased, from); at < cased.length; at++) {
        const code = cased[at] ?? 0;
        if (code > to) break;
        if (code > kept) folded.push(kept, code - 1);
        kept = code + 1;
        const low = lower(code, ascii);
        folded.push(low, low);
        if (!ascii) for (const extra of extraCases(low)) folded.push(extra, extra);
      }
      if (kept <= to) folded.push(kept, to);
    }
    return folded;
  },
  /** All code points whose lower case is in `ranges`. */
  unfoldRanges(ranges: Ranges, ascii: boolean): Ranges {
    const out: number[] = [];
    let rest: Ranges = ranges;
    const drop: number[] = [];
    for (const code of casedCodes()) {
      const low = lower(code, ascii);
      if (low === code) continue;
      const is = inRanges(ranges, code);
      const should = inRanges(ranges, low);
      if (should && !is) out.push(code, code);
      if (is && !should) drop.push(code);
    }
    if (drop.length > 0) rest = without(ranges, drop);
    return sortPairs([...rest, ...out]);
  },
};

let casedCache: readonly number[] | undefined;

function casedCodes(): readonly number[] {
  if (casedCache === undefined) {
    const codes: number[] = [];
    // No cased character lies above U+1E943 (Adlam); everything between is looked at once.
    for (let code = 0; code <= 0x1e943; code++) if (isCased(code, false)) codes.push(code);
    casedCache = codes;
  }
  return casedCache;
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function without(ranges: Ranges, codes: readonly number[]): Ranges {
  const out: number[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    let from = ranges[i] ?? 0;
    const to = ranges[i + 1] ?? 0;
    for (let at = lowerBound(codes, from); at < codes.length && (codes[at] ?? 0) <= to; at++) {
      const code = codes[at] ?? 0;
      if (code > from) out.push(from, code - 1);
      from = code + 1;
    }
    if (from <= to) out.push(from, to);
  }
  return out;
}

function sortPairs(ranges: readonly number[]): Ranges {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i] ?? 0, ranges[i + 1] ?? 0]);
  pairs.sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [from, to] of pairs) {
    const last = out.length - 1;
    if (last > 0 && from <= (out[last] ?? 0) + 1) out[last] = Math.max(out[last] ?? 0, to);
    else out.push(from, to);
  }
  return out;
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
