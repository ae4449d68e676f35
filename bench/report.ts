/** One measured figure. `met` is undefined where there is no goal. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Such as `<= 18` or `>= 150`. */
  readonly goal?: string | undefined;
  readonly met?: boolean | undefined;
}

/** A figure that should be at most `goal`. */
export function atMost(name: string, value: number, unit: string, goal: number): BenchRow {
  return { name, value, unit, goal: `<= ${goal}`, met: value <= goal };
}

/** A figure that should be at least `goal`. */
export function atLeast(name: string, value: number, unit: string, goal: number): BenchRow {
  return { name, value, unit, goal: `>= ${goal}`, met: value >= goal };
}

/** The value below which `share` of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A table for people, or one JSON object a line. */
export function printRows(rows: readonly BenchRow[], asJson: boolean): void {
  if (asJson) {
    for (const row of rows) console.log(JSON.stringify(row));
    return;
  }
  const lines = rows.map(({ name, value, unit, goal = "", met }) => [
    name,
    `${Number(value.toPrecision(4))} ${unit}`,
    goal,
    met === undefined ? "" : met ? "met" : "NOT MET",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}
