/** Inclusive ranges of code points, flat: `[from, to, from, to, ...]`, ascending, apart from each other. */
export type Ranges = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;

/** Sorts, and joins what overlaps or touches. */
export function normalize(ranges: readonly number[]): Ranges {
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

/** Code points that are not in `ranges`. */
export function complement(ranges: Ranges): Ranges {
  const out: number[] = [];
  let next = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] ?? 0;
    if (from > next) out.push(next, from - 1);
    next = (ranges[i + 1] ?? 0) + 1;
  }
  if (next <= MAX_CODE_POINT) out.push(next, MAX_CODE_POINT);
  return out;
}

/** What of `ranges` is not above `max`. */
export function clip(ranges: Ranges, max: number): Ranges {
  const out: number[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    const from = ranges[i] ?? 0;
    if (from <= max) out.push(from, Math.min(ranges[i + 1] ?? 0, max));
  }
  return out;
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

/** `ranges` without some code points, which are sorted. */
export function without(ranges: Ranges, codes: readonly number[]): Ranges {
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

/** Where in a sorted list the first entry stands that is not below `value`. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether two sets of ranges have a code point in common. */
export function meet(a: Ranges, b: Ranges): boolean {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if ((a[i + 1] ?? 0) < (b[j] ?? 0)) i += 2;
    else if ((b[j + 1] ?? 0) < (a[i] ?? 0)) j += 2;
    else return true;
  }
  return false;
}
