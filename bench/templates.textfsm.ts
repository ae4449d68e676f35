import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Machine, parseTemplate, type Template } from "../plugins/templates/textfsm/engine.ts";
import { pythonPackages, runPython } from "./python-original.ts";
import { atLeast, type BenchRow, printRows } from "./report.ts";
import { interfaceOutput } from "./templates/show-interfaces.ts";

/** Each figure is the best of so many runs, here and in Python: other programs of this machine disturb single ones. */
const RUNS = 3;

/**
 * TextFSM against the Python original, on the same inputs, in the same run. With NETPULSE_CORPUS (a folder as for
 * `npm run conformance`) also on the outputs of real devices in it.
 */
export async function bench(): Promise<BenchRow[]> {
  const packages = pythonPackages(["textfsm==2.1.0", "ntc-templates==9.3.0"]);
  const folder = join(packages, "ntc_templates", "templates");
  const inputs = readInputs(folder);
  const python = runPython<PythonFigures>(packages, "templates/textfsm_original.py", {
    folder,
    inputs,
    runs: RUNS,
  });

  const texts = templateTexts(folder);
  const compileMs = bestOf(() => compileAll(texts));
  const templates = compileAll(texts);
  const firstMs = timed(() => parseAll(templates, inputs));
  const parseMs = bestOf(() => parseAll(templates, inputs));
  const megabytes = inputs.reduce((sum, { text }) => sum + text.length, 0) / 1e6;
  return [
    { name: `TextFSM: compile ${texts.size} templates`, value: compileMs, unit: "ms" },
    atLeast("TextFSM: compile, times Python's speed", python.compileMs / compileMs, "x", 5),
    {
      name: `TextFSM: parse ${inputs.length} outputs, ${megabytes.toFixed(1)} MB`,
      value: parseMs,
      unit: "ms",
    },
    atLeast("TextFSM: parse, times Python's speed", python.parseMs / parseMs, "x", 5),
    {
      name: "TextFSM: first parse in the process, times Python's first",
      value: python.firstMs / firstMs,
      unit: "x",
    },
  ];
}

interface PythonFigures {
  readonly compileMs: number;
  readonly firstMs: number;
  readonly parseMs: number;
}

interface Input {
  readonly template: string;
  readonly text: string;
}

/** Outputs of real devices where there are some, otherwise one long made-up output. */
function readInputs(folder: string): Input[] {
  const corpus = process.env.NETPULSE_CORPUS;
  const made = { template: "cisco_ios_show_interfaces.textfsm", text: interfaceOutput(2000) };
  if (corpus === undefined) return [made];
  const known = new Set(readdirSync(folder));
  const cases = readFileSync(join(corpus, "textfsm", "ntc_cases.jsonl"), "utf8")
    .trim()
    .split("\n");
  return cases
    .map((line): { templates: string[]; input: string } => JSON.parse(line))
    .flatMap(({ templates: [template, ...others], input }) =>
      template !== undefined && others.length === 0 && known.has(template) ? [{ template, text: input }] : [],
    );
}

function templateTexts(folder: string): Map<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".textfsm"));
  return new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}

function compileAll(texts: ReadonlyMap<string, string>): Map<string, Template> {
  return new Map([...texts].map(([name, text]) => [name, parseTemplate(text)]));
}

/** Newer templates refuse some older outputs; the time until then counts, here and in Python. */
function parseAll(templates: ReadonlyMap<string, Template>, inputs: readonly Input[]): void {
  for (const { template, text } of inputs) {
    const parsed = templates.get(template);
    if (parsed === undefined) throw new Error(`no template ${template}`);
    try {
      new Machine(parsed).parse(text);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "TextFSMError") throw error;
    }
  }
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
