/** `npm run bench -- <suite> [--json]`: measures a part of the system, each figure beside its goal. */
import { type BenchRow, printRows } from "./report.ts";

const suites: Readonly<Record<string, readonly string[]>> = {
  core: ["./core.ts"],
  templates: ["./templates.textfsm.ts", "./templates.ttp.ts", "./templates.jinja2.ts"],
  drivers: ["./drivers.ts"],
  transfer: ["./transfer.ts"],
  napalm: ["./napalm.ts"],
};

const [suite = "", ...flags] = process.argv.slice(2);
const files = Object.hasOwn(suites, suite) ? (suites[suite] ?? []) : [];
if (files.length === 0) {
  console.error(`usage: npm run bench -- <${Object.keys(suites).join("|")}> [--json]`);
  process.exit(2);
}
for (const file of files) {
  const { bench }: { bench: () => Promise<BenchRow[]> } = await import(file);
  printRows(await bench(), flags.includes("--json"));
}
// What a suite has started, it has ended; handles of libraries must not keep the figures waiting.
process.exit(0);
