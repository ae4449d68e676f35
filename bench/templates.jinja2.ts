import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Environment,
  type EnvironmentOptions,
  fromJs,
  type PyDict,
  parseJson,
  toJs,
} from "../plugins/templates/jinja2/engine.ts";
import { pythonPackages, runPython } from "./python-original.ts";
import { atLeast, type BenchRow, printRows } from "./report.ts";
import { againstNunjucks, type Comparable } from "./templates/nunjucks.ts";

/** Each figure is the best of so many runs, here and in Python: other programs of this machine disturb single ones. */
const RUNS = 20;

/**
 * Jinja2 against the Python original, on the same templates and contexts, in the same run. With NETPULSE_CORPUS (a folder as for
 * `npm run conformance`) also on the templates of public projects in it.
 */
export async function bench(): Promise<BenchRow[]> {
  const packages = pythonPackages(["jinja2==3.1.6", "markupsafe==3.0.2"]);
  const inputs = [madeUp(), ...corpusInputs()];
  const python = runPython<PythonFigures>(packages, "templates/jinja2_original.py", { inputs, runs: RUNS });

  let prepared = prepare(inputs);
  const compileMs = timed(() => {
    prepared = prepare(inputs);
  });
  const render = () => prepared.map(({ template, context }) => template.render(context).length);
  render();
  const renderMs = Math.min(...Array.from({ length: RUNS }, () => timed(render)));
  const characters = render().reduce((sum, length) => sum + length, 0);
  return [
    { name: `Jinja2: compile and first render of ${inputs.length} templates`, value: compileMs, unit: "ms" },
    {
      name: "Jinja2: compile and first render, times Python's speed",
      value: python.compileMs / compileMs,
      unit: "x",
    },
    {
      name: `Jinja2: render ${inputs.length} templates, ${(characters / 1e6).toFixed(1)} MB`,
      value: renderMs,
      unit: "ms",
    },
    atLeast("Jinja2: render, times Python's speed", python.renderMs / renderMs, "x", 3),
    ...againstNunjucks(comparable([...inputs, withoutConditions()]), RUNS),
  ];
}

function comparable(inputs: readonly Input[]): Comparable[] {
  const prepared = prepare(inputs);
  return inputs.map((input, index) => ({
    ...input,
    render: () => prepared[index]?.template.render(prepared[index]?.context) ?? "",
  }));
}

/** The made-up configuration without what nunjucks lacks: a condition in the head of a loop. */
function withoutConditions(): Input {
  const input = madeUp();
  const base = (input.templates.base ?? "").replace(" if not i.shutdown", "");
  return { ...input, templates: { base } };
}

interface PythonFigures {
  readonly compileMs: number;
  readonly renderMs: number;
}

interface Input {
  readonly entry: string;
  readonly templates: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly chainable: boolean;
  readonly context: Readonly<Record<string, unknown>>;
}

function prepare(inputs: readonly Input[]) {
  return inputs.map(({ entry, templates, options, chainable, context }) => {
    const kind = chainable ? { undefined: "ChainableUndefined" } : {};
    const loader = { load: (name: string) => (Object.hasOwn(templates, name) ? templates[name] : undefined) };
    const environment = new Environment({ ...options, ...kind } as EnvironmentOptions, loader);
    const template = environment.getTemplate(entry);
    // Python's contexts are Python's values already when its clock starts.
    const values = fromJs(context) as PyDict;
    template.render(values);
    return { template, context: values };
  });
}

/** A configuration of 2,000 interfaces. */
function madeUp(): Input {
  const template = `hostname {{ hostname }}
{% for i in interfaces if not i.shutdown %}
interface {{ i.name }}
 description {{ i.description | default("none") | upper }}
{% if i.ip is defined %}
 ip address {{ i.ip }} {{ i.mask }}
{% endif %}
{% for v in i.vlans %}{{ "," if not loop.first }}{{ v }}{% endfor %}
 mtu {{ i.mtu + 14 }}
{% endfor %}
`;
  const interfaces = Array.from({ length: 2000 }, (_, i) => ({
    name: `Ethernet${i}`,
    description: `port ${i}`,
    shutdown: i % 7 === 0,
    ...(i % 2 === 0 && { ip: `10.0.${i >> 8}.${i & 255}`, mask: "255.255.255.0" }),
    vlans: [i, i + 1, i + 2],
    mtu: 1500,
  }));
  const options = { trim_blocks: true, lstrip_blocks: true };
  return {
    entry: "base",
    templates: { base: template },
    options,
    chainable: false,
    context: { hostname: "r1", interfaces },
  };
}

function corpusInputs(): Input[] {
  const corpus = process.env.NETPULSE_CORPUS;
  const path = corpus === undefined ? undefined : join(corpus, "jinja2", "realworld_cases.jsonl");
  if (path === undefined || !existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const record = toJs(parseJson(line)) as Record<string, unknown>;
      const { undefined: kind, ...options } = record.options as Record<string, unknown>;
      const { entry, templates, context } = record;
      return { entry, templates, options, chainable: kind !== undefined, context } as unknown as Input;
    });
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

if (import.meta.main) printRows(await bench(), process.argv.includes("--json"));
