/** What one case came to. `expected` and `got` are what `--show` prints. */
export interface CaseOutcome {
  readonly passed: boolean;
  readonly expected: unknown;
  readonly got: unknown;
}

/** One recorded answer of an original. */
export interface ConformanceCase {
  readonly id: string;
  /** The file it stands in, without the folder: results are counted per file. */
  readonly file: string;
  /** Runs the case. What it throws counts as a failure. */
  run(): CaseOutcome | Promise<CaseOutcome>;
}

/**
 * A set of recorded cases and how to run them. A module of this folder, named like the suite, exports it as `suite`.
 *
 * @example
 * export const suite: ConformanceSuite = {
 *   name: "upper",
 *   async *cases(folder) {
 *     for (const record of readJsonLines(folder, "cases.jsonl", schema)) {
 *       yield { id: record.id, file: "cases.jsonl", run: () => compare(record.output, record.input.toUpperCase()) };
 *     }
 *   },
 * };
 */
export interface ConformanceSuite {
  readonly name: string;
  /** The cases of a folder. Files that are absent are left out; a folder without any of them is an error. */
  cases(folder: string): Iterable<ConformanceCase> | AsyncIterable<ConformanceCase>;
  /** Called once after the last case: ends threads and processes. */
  close?(): void | Promise<void>;
}

/** Passes when both are the same JSON, keys in the same order. */
export function compare(expected: unknown, got: unknown): CaseOutcome {
  return { passed: JSON.stringify(expected) === JSON.stringify(got), expected, got };
}

/** Passes when both are the same JSON, whatever the order of keys. */
export function compareUnordered(expected: unknown, got: unknown): CaseOutcome {
  return { passed: JSON.stringify(sorted(expected)) === JSON.stringify(sorted(got)), expected, got };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sorted(item)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
