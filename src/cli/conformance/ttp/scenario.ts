import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type MacroHost, Ttp } from "../../../../plugins/templates/ttp/engine.ts";
import { PyDict } from "../../../python/values/dict.ts";
import { str } from "../../../python/values/text.ts";
import type { CaseOutcome } from "../suite.ts";
import { canonical } from "./recorded-values.ts";

interface ScenarioContext {
  readonly macros: MacroHost | undefined;
}

/** Runs the recorded calls of one scenario; passes when every recorded result and error comes. */
export function runScenario(record: PyDict, context: ScenarioContext): CaseOutcome {
  const root = mkdtempSync(join(tmpdir(), "ttp-conformance-"));
  try {
    layOut(record.get("files"), root);
    return new Scenario(root, context).run(record.get("ops") as PyDict[]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Writes the scenario's files below its folder; `ttp://` templates into the library, which is the same folder. */
function layOut(files: unknown, root: string): void {
  if (!(files instanceof PyDict)) return;
  for (const [name, text] of files.items()) {
    const path = join(root, str(name).replace("$ROOT/", "").replace("ttp://", "library/"));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, str(text));
  }
  mkdirSync(join(root, "library"), { recursive: true });
}

class Scenario {
  readonly #root: string;
  readonly #context: ScenarioContext;
  readonly #printed: string[] = [];
  #parser: Ttp | undefined;
  #owedError: unknown;

  constructor(root: string, context: ScenarioContext) {
    this.#root = root;
    this.#context = context;
  }

  run(ops: readonly PyDict[]): CaseOutcome {
    for (const op of ops) {
      const expected = op.get("error") ?? op.get("result");
      const outcome = this.#step(op, expected);
      if (!outcome.passed) return outcome;
    }
    if (this.#owedError !== undefined) return { passed: false, expected: this.#owedError, got: "no error" };
    return { passed: true, expected: null, got: null };
  }

  #step(op: PyDict, expected: unknown): CaseOutcome {
    let got: unknown;
    try {
      got = this.#perform(op);
    } catch (error) {
      const owed = op.get("error") ?? this.#owedError;
      if (owed === undefined || !(error instanceof Error)) throw error;
      this.#owedError = undefined;
      return { passed: true, expected: owed, got: error };
    }
    // A recorded error stands with the first call of its test, also when a later call raised it.
    if (op.has("error")) this.#owedError = op.get("error");
    if (!op.has("result")) return { passed: true, expected, got };
    const [wanted, came] = [canonical(expected), canonical(got)];
    return { passed: wanted === came, expected: wanted, got: came };
  }

  #perform(op: PyDict): unknown {
    const text = (name: string): string => this.#text(op.get(name));
    switch (op.get("op")) {
      case "construct":
        return this.#construct(op);
      case "add_template":
        return this.#ttp.addTemplate(text("template"), {
          name: text("template_name"),
          filters: list(op.get("filters")),
        });
      case "add_input":
        return this.#ttp.addInput(this.#data(op.get("data")), this.#inputOptions(op));
      case "set_input":
        return this.#ttp.setInput(this.#data(op.get("data")), this.#inputOptions(op));
      case "clear_input":
        return this.#ttp.clearInput(text("template_name"));
      case "add_lookup":
        return this.#ttp.addLookup(text("name"), {
          text: text("text_data"),
          load: text("load"),
          ...(op.get("include") === null ? {} : { include: text("include") }),
          ...(op.get("key") === null ? {} : { key: text("key") }),
        });
      case "add_vars":
        return op.get("vars") instanceof PyDict ? this.#ttp.addVars(op.get("vars") as PyDict) : undefined;
      case "parse":
        return this.#ttp.parse({ one: op.get("one") === true, multi: op.get("multi") === true });
      case "clear_result":
        return this.#ttp.clearResult(list(op.get("templates")));
      case "result":
        return this.#ttp.resultValues(resultOptions(op));
      case "get_input_load":
        return this.#ttp.inputLoadValues();
      case "get_template":
        return this.#ttp.templateText();
      default:
        throw new Error(`There is no way to run '${str(op.get("op"))}'.`);
    }
  }

  #construct(op: PyDict): void {
    this.#parser = new Ttp({
      files: this.#root,
      library: join(this.#root, "library"),
      basePath: this.#text(op.get("base_path")),
      vars: (op.get("vars") as PyDict | null) ?? {},
      dynamicPathKeyToInt: op.get("dynamic_path_key_to_int") === true,
      effects: {
        terminal: (text) => this.#printed.push(text),
        file: (_folder, _name, text) => this.#printed.push(text),
        syslog: (message) => this.#printed.push(message.text),
      },
      ...(this.#context.macros === undefined ? {} : { macros: this.#context.macros }),
    });
    const template = this.#text(op.get("template"));
    if (template !== "") this.#parser.addTemplate(template);
    const data = this.#data(op.get("data"));
    if (data !== "") this.#parser.addInput(data, { templateName: "_all_" });
  }

  get #ttp(): Ttp {
    if (this.#parser === undefined) throw new Error("A scenario must construct a parser first.");
    return this.#parser;
  }

  #inputOptions(op: PyDict): { inputName: string; templateName: string; groups?: string[] } {
    const groups = list(op.get("groups"));
    return {
      inputName: this.#text(op.get("input_name")),
      templateName: this.#text(op.get("template_name")),
      ...(groups.length === 0 ? {} : { groups }),
    };
  }

  #data(value: unknown): unknown {
    if (!(value instanceof PyDict)) return this.#text(value);
    return value.has("structured") ? value.get("structured") : this.#text(value.get("file_object"));
  }

  #text(value: unknown): string {
    return str(value ?? "").replaceAll("$ROOT", this.#root);
  }
}

function resultOptions(op: PyDict): Record<string, unknown> {
  const kwargs = op.get("kwargs");
  const attributes =
    kwargs instanceof PyDict ? Object.fromEntries([...kwargs.items()].map(([k, v]) => [str(k), v])) : {};
  return { ...attributes, templates: list(op.get("templates")), structure: str(op.get("structure")) };
}

function list(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(str) : [str(value)];
}
