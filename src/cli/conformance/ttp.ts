import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MacroHost, PythonMacroHost } from "../../../plugins/templates/ttp/engine.ts";
import type { PyDict } from "../../python/values/dict.ts";
import { str } from "../../python/values/text.ts";
import type { CaseOutcome, ConformanceCase, ConformanceSuite } from "./suite.ts";
import { runFunctionCall } from "./ttp/function-call.ts";
import { helpersFolder } from "./ttp/python-helpers.ts";
import { readRecord } from "./ttp/recorded-values.ts";
import { runScenario } from "./ttp/scenario.ts";
import { runAttributes, runLineRegex } from "./ttp/template-lines.ts";

/** TTP's templates, functions, attributes and line expressions against the answers of ttp. */
export const suite: ConformanceSuite = {
  name: "ttp",
  *cases(folder) {
    for (const file of SCENARIO_FILES) {
      yield* casesOf(
        folder,
        file,
        (record) => str(record.get("id")),
        (record) => runScenario(record, { macros: macroHost }),
      );
    }
    for (const file of ["functions.jsonl", "ttp_templates_functions.jsonl"]) {
      yield* casesOf(folder, file, (record, line) => `${str(record.get("name"))}#${line}`, runFunctionCall);
    }
    for (const file of ["attributes.jsonl", "ttp_templates_attributes.jsonl"]) {
      yield* casesOf(folder, file, (_record, line) => `attributes#${line}`, runAttributes);
    }
    yield* casesOf(folder, "line_regex.jsonl", (_record, line) => `line_regex#${line}`, runLineRegex);
  },
  close: () => startedHost?.close(),
};

const SCENARIO_FILES = [
  "cases.jsonl",
  "supplement_cases.jsonl",
  "ttp_templates_cases.jsonl",
  "mutated.jsonl",
  "ttp_templates_mutated.jsonl",
];

// Started with the first macro, so that folders without macros need no Python helpers.
let startedHost: PythonMacroHost | undefined;
const macroHost: MacroHost = {
  load(sources) {
    if (startedHost === undefined) {
      const library = helpersFolder();
      startedHost = new PythonMacroHost(library === undefined ? {} : { library });
    }
    return startedHost.load(sources);
  },
};

function* casesOf(
  folder: string,
  file: string,
  idOf: (record: PyDict, line: number) => string,
  run: (record: PyDict) => CaseOutcome,
): Generator<ConformanceCase> {
  const path = join(folder, file);
  if (!existsSync(path)) return;
  for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const record = readRecord(line);
    yield { id: idOf(record, index + 1), file, run: () => run(record) };
  }
}
