/** A known name that somebody may have meant by one that is not known: at most two letters away, in whatever case. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  return known.find((name) => distance(name.toLowerCase(), given.toLowerCase()) <= 2);
}

/** Edit distance of two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      const change = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
