/**
 * The difference of two texts with three lines of context, as Python's `difflib.unified_diff` gives it: the same matches, the same
 * hunks, and no newline added behind a last line that has none. Empty where the texts are the same.
 *
 * @example
 * unifiedDiff("a\nb\n", "a\nc\n"); // "--- \n+++ \n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
 */
export function unifiedDiff(before: string, after: string): string {
  const a = linesOf(before);
  const b = linesOf(after);
  const hunks = hunksOf(changesOf(a, b)).map((hunk) => hunkText(hunk, a, b));
  return hunks.length === 0 ? "" : ["--- \n", "+++ \n", ...hunks].join("");
}

/** Lines `from` to `to` of the one text stand where lines `at` to `until` of the other do. */
interface Change {
  readonly same: boolean;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly until: number;
}

const CONTEXT = 3;

function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)(?!$)/);
}

function hunkText(hunk: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const [first] = hunk;
  const last = hunk.at(-1);
  if (!first || !last) return "";
  const head = `@@ -${rangeText(first.from, last.to)} +${rangeText(first.at, last.until)} @@\n`;
  const lines = hunk.flatMap(({ same, from, to, at, until }) =>
    same
      ? a.slice(from, to).map((line) => ` ${line}`)
      : [...a.slice(from, to).map((line) => `-${line}`), ...b.slice(at, until).map((line) => `+${line}`)],
  );
  return head + lines.join("");
}

function rangeText(from: number, to: number): string {
  const length = to - from;
  if (length === 1) return String(from + 1);
  return `${length === 0 ? from : from + 1},${length}`;
}

/** Changes with their context; a stretch that is longer than two contexts divides hunks. */
function hunksOf(changes: readonly Change[]): Change[][] {
  const hunks: Change[][] = [];
  let hunk: Change[] = [];
  for (const [index, change] of changes.entries()) {
    if (!change.same) {
      hunk.push(change);
      continue;
    }
    const { from, to, at, until } = change;
    const isFirst = index === 0;
    const isLast = index === changes.length - 1;
    if (!isFirst && !isLast && to - from <= 2 * CONTEXT) {
      hunk.push(change);
      continue;
    }
    if (!isFirst) {
      hunk.push({ ...change, to: Math.min(to, from + CONTEXT), until: Math.min(until, at + CONTEXT) });
      hunks.push(hunk);
    }
    hunk = isLast
      ? []
      : [{ ...change, from: Math.max(from, to - CONTEXT), at: Math.max(at, until - CONTEXT) }];
  }
  if (hunk.some(({ same }) => !same)) hunks.push(hunk);
  return hunks.filter((one) => one.some(({ same }) => !same));
}

function changesOf(a: readonly string[], b: readonly string[]): Change[] {
  const changes: Change[] = [];
  let from = 0;
  let at = 0;
  for (const [i, j, length] of [...matchesOf(a, b), [a.length, b.length, 0] as const]) {
    if (from < i || at < j) changes.push({ same: false, from, to: i, at, until: j });
    if (length > 0) changes.push({ same: true, from: i, to: i + length, at: j, until: j + length });
    from = i + length;
    at = j + length;
  }
  return changes;
}

type Match = readonly [a: number, b: number, length: number];

/** Stretches that both have: the longest one, the earliest of those, and then the same on either side of it. */
function matchesOf(a: readonly string[], b: readonly string[]): Match[] {
  const places = placesOf(b);
  const found: Match[] = [];
  const open: [aFrom: number, aTo: number, bFrom: number, bTo: number][] = [[0, a.length, 0, b.length]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [aFrom, aTo, bFrom, bTo] = range;
    const [i, j, length] = longestMatch(a, b, places, range);
    if (length === 0) continue;
    found.push([i, j, length]);
    if (aFrom < i && bFrom < j) open.push([aFrom, i, bFrom, j]);
    if (i + length < aTo && j + length < bTo) open.push([i + length, aTo, j + length, bTo]);
  }
  return joined(found.toSorted(([i], [j]) => i - j));
}

/** Where each line stands. In a long text a line that fills more than a hundredth of it, such as `!`, begins no match. */
function placesOf(b: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, line] of b.entries()) {
    const known = places.get(line);
    if (known) known.push(index);
    else places.set(line, [index]);
  }
  const most = Math.floor(b.length / 100) + 1;
  if (b.length >= 200) for (const [line, at] of places) if (at.length > most) places.delete(line);
  return places;
}

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  [aFrom, aTo, bFrom, bTo]: readonly [number, number, number, number],
): Match {
  let [bestA, bestB, length] = [aFrom, bFrom, 0];
  // Length of the match that ends in the line before, by its place in b.
  let ending = new Map<number, number>();
  for (let i = aFrom; i < aTo; i += 1) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? "") ?? []) {
      if (j < bFrom) continue;
      if (j >= bTo) break;
      const reached = (ending.get(j - 1) ?? 0) + 1;
      next.set(j, reached);
      if (reached > length) [bestA, bestB, length] = [i - reached + 1, j - reached + 1, reached];
    }
    ending = next;
  }
  while (bestA > aFrom && bestB > bFrom && a[bestA - 1] === b[bestB - 1])
    [bestA, bestB, length] = [bestA - 1, bestB - 1, length + 1];
  while (bestA + length < aTo && bestB + length < bTo && a[bestA + length] === b[bestB + length]) length += 1;
  return [bestA, bestB, length];
}

/** Matches that follow each other without a gap become one. */
function joined(matches: readonly Match[]): Match[] {
  const result: Match[] = [];
  for (const [i, j, length] of matches) {
    const last = result.at(-1);
    if (last && last[0] + last[2] === i && last[1] + last[2] === j)
      result[result.length - 1] = [last[0], last[1], last[2] + length];
    else result.push([i, j, length]);
  }
  return result;
}
