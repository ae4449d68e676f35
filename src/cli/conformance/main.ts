import { parseArgs } from "node:util";
import { type ConformanceReport, type Failure, runSuite, suiteFolder } from "./run.ts";
import type { ConformanceSuite } from "./suite.ts";

/** Failures named for each file without --list. */
const LISTED = 20;

const USAGE = `Usage: npm run conformance -- SUITE FOLDER [--show ID] [--list] [--floor N]

Runs recorded answers of the Python originals against our engines. SUITE is a file beside this one, such as textfsm; FOLDER is the
suite's folder or the one above it.
  --show ID   print what was expected and what came, for one case
  --list      name all failures, not just the first ${LISTED} of each file
  --floor N   exit with 1 when fewer than N cases passed
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      show: { type: "string" },
      list: { type: "boolean", default: false },
      floor: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [name, folder] = positionals;
  if (values.help || name === undefined || folder === undefined) {
    console.error(USAGE);
    return values.help ? 0 : 2;
  }
  const suite = await loadSuite(name);
  if (suite === undefined) {
    console.error(`There is no suite ${name}.\n\n${USAGE}`);
    return 2;
  }
  const report = await runSuite(suite, suiteFolder(folder, name), values.show);
  if (values.show !== undefined) for (const one of report.shown) printCase(one);
  if (report.files.size === 0) {
    console.error(
      values.show === undefined ? `${folder} has no cases of ${name}.` : `No case ${values.show}.`,
    );
    return 2;
  }
  printReport(report, values.list ? Number.POSITIVE_INFINITY : LISTED);
  return values.floor !== undefined && report.passed < Number(values.floor) ? 1 : 0;
}

async function loadSuite(name: string): Promise<ConformanceSuite | undefined> {
  if (!/^[a-z][a-z0-9]*$/.test(name)) return undefined;
  try {
    const module: { suite?: ConformanceSuite } = await import(`./${name}.ts`);
    return module.suite;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") {
      // Only the suite itself may be absent; a module that it needs may not.
      if (error.message.includes(`conformance/${name}.ts`)) return undefined;
    }
    throw error;
  }
}

function printReport(report: ConformanceReport, listed: number): void {
  for (const [file, tally] of report.files) {
    console.log(`${file}: ${tally.passed} passed, ${tally.failed} failed`);
    const failures = report.failures.filter((failure) => failure.file === file);
    for (const failure of failures.slice(0, listed)) console.log(`  ${failure.id}`);
    if (failures.length > listed) console.log(`  and ${failures.length - listed} more (--list)`);
  }
  console.log(`${report.passed} passed, ${report.failed} failed`);
}

function printCase({ id, file, outcome }: Failure): void {
  console.log(`${file}: ${id}: ${outcome.passed ? "passed" : "failed"}`);
  console.log(`expected: ${asText(outcome.expected)}`);
  console.log(`got:      ${asText(outcome.got)}`);
}

function asText(value: unknown): string {
  if (value instanceof Error) return value.stack ?? String(value);
  return typeof value === "string" ? value : (JSON.stringify(value, undefined, 2) ?? "undefined");
}
