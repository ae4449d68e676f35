import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ttp } from "../plugins/templates/ttp/engine.ts";
import { pythonPackages, runPython } from "./python-original.ts";
import { atLeast, type BenchRow, printRows } from "./report.ts";
import { INTERFACE_TEMPLATE, interfaceConfiguration } from "./templates/interface-configuration.ts";

/** Each figure is the best of so many runs, here and in Python: other programs of this machine disturb single ones. */
const RUNS = 7;

/**
 * TTP against the Python original, on the same templates and inputs, in the same run: templates with small inputs, where reading the template
 * counts, and one large input. With NETPULSE_CORPUS (a folder as for `npm run conformance`) the small ones are those in it.
 */
export async function bench(): Promise<BenchRow[]> {
  const packages = pythonPackages(["ttp==0.10.1"]);
  const cases = readCases();
  const large: Case = { template: INTERFACE_TEMPLATE, inputs: [interfaceConfiguration(10_000)] };
  const python = runPython<PythonFigures>(packages, "templates/ttp_original.py", {
    cases,
    large,
    runs: RUNS,
  });

  const firstMs = timed(() => runCases(cases));
  const casesMs = bestOf(() => runCases(cases));
  const largeMs = bestOf(() => runCase(large));
  const megabytes = (large.inputs[0]?.length ?? 0) / 1e6;
  return [
    { name: `TTP: ${cases.length} templates read, parsed and their results`, value: casesMs, unit: "ms" },
    atLeast("TTP: small inputs, times Python's speed", python.casesMs / casesMs, "x", 5),
    {
      name: "TTP: the first time in the process, times Python's first",
      value: python.firstCasesMs / firstMs,
      unit: "x",
    },
    { name: `TTP: 10,000 interfaces, ${megabytes.toFixed(1)} MB`, value: largeMs, unit: "ms" },
    atLeast("TTP: large input, times Python's speed", python.largeMs / largeMs, "x", 3),
  ];
}

interface PythonFigures {
  readonly casesMs: number;
  readonly firstCasesMs: number;
  readonly largeMs: number;
}

interface Case {
  readonly template: string;
  readonly inputs: readonly string[];
}

/** A recorded scenario, as far as it matters here. */
interface Recorded {
  readonly class: string;
  readonly needs: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly feat: { readonly returner?: readonly string[] };
  readonly ops: readonly { op: string; template?: unknown; data?: unknown; error?: unknown }[];
}

/** Recorded scenarios that one parser runs from texts alone, otherwise one small template many times over. */
function readCases(): Case[] {
  const corpus = process.env.NETPULSE_CORPUS;
  const made = { template: INTERFACE_TEMPLATE, inputs: [interfaceConfiguration(4)] };
  if (corpus === undefined) return Array.from({ length: 200 }, () => made);
  const lines = readFileSync(join(corpus, "ttp", "cases.jsonl"), "utf8")
    .trim()
    .split("\n");
  return lines
    .map((line): Recorded => JSON.parse(line))
    .filter(isPlain)
    .flatMap(({ ops }) => {
      const [construct, ...others] = ops;
      const inputs = [
        construct?.data,
        ...others.filter(({ op }) => op === "add_input").map(({ data }) => data),
      ];
      const texts = inputs.filter((text) => typeof text === "string" && text !== "") as string[];
      return typeof construct?.template === "string" && construct.template !== ""
        ? [{ template: construct.template, inputs: texts }]
        : [];
    });
}

function isPlain(recorded: Recorded): boolean {
  const known = ["construct", "add_input", "parse", "result"];
  const writes = recorded.feat.returner?.some((name) => name !== "self") ?? false;
  if (
    recorded.class !== "portable" ||
    recorded.needs.length > 0 ||
    Object.keys(recorded.files).length > 0 ||
    writes
  )
    return false;
  return recorded.ops.every(({ op, error }) => known.includes(op) && error === undefined);
}

function runCases(cases: readonly Case[]): void {
  for (const one of cases) runCase(one);
}

function runCase({ template, inputs }: Case): unknown {
  const parser = new Ttp({ template });
  for (const text of inputs) parser.addText(text);
  parser.parse();
  return parser.result();
}

function bestOf(run: () => unknown): number {
  return Math.min(...Array.from({ length: RUNS }, () => timed(run)));
}

function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

if (import.meta.main) printRows(await bench(), process.argv.includes("--json"));
