import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CaseOutcome, ConformanceCase, ConformanceSuite } from "./suite.ts";

export interface Failure {
  readonly id: string;
  readonly file: string;
  readonly outcome: CaseOutcome;
}

interface Tally {
  passed: number;
  failed: number;
}

/** The result of a whole suite. */
export interface ConformanceReport {
  readonly files: ReadonlyMap<string, Tally>;
  readonly failures: readonly Failure[];
  readonly passed: number;
  readonly failed: number;
}

/** The suite's own folder: the one given, or the one in it that is named like the suite. */
export function suiteFolder(given: string, suite: string): string {
  const inside = join(given, suite);
  return existsSync(inside) ? inside : given;
}

/** Runs cases one after another. With `only`, just those with this id, of which the outcomes are kept even when they pass. */
export async function runSuite(
  suite: ConformanceSuite,
  folder: string,
  only?: string,
): Promise<ConformanceReport & { readonly shown: readonly Failure[] }> {
  const files = new Map<string, Tally>();
  const failures: Failure[] = [];
  const shown: Failure[] = [];
  let passed = 0;
  let failed = 0;
  for await (const one of suite.cases(folder)) {
    if (only !== undefined && one.id !== only) continue;
    const outcome = await outcomeOf(one);
    const tally = files.get(one.file) ?? { passed: 0, failed: 0 };
    files.set(one.file, tally);
    if (outcome.passed) {
      passed++;
      tally.passed++;
    } else {
      failed++;
      tally.failed++;
      failures.push({ id: one.id, file: one.file, outcome });
    }
    if (only !== undefined) shown.push({ id: one.id, file: one.file, outcome });
  }
  await suite.close?.();
  return { files, failures, passed, failed, shown };
}

async function outcomeOf(one: ConformanceCase): Promise<CaseOutcome> {
  try {
    return await one.run();
  } catch (error) {
    return { passed: false, expected: "a result", got: error };
  }
}
