import { ttpErrors } from "../../../src/errors/ttp.ts";
import { PyDict } from "../../../src/python/values/dict.ts";
import { PythonError, typeError } from "../../../src/python/values/python-error.ts";
import { truth } from "../../../src/python/values/truth.ts";
import { typeName } from "../../../src/python/values/type-name.ts";
import type { Datum } from "./files.ts";
import { inputFunctions } from "./functions/input.ts";
import { GETTERS } from "./getters.ts";
import type { Group } from "./group.ts";
import type { Input } from "./input.ts";
import { matchGroup, type PlacedMatch } from "./matcher.ts";
import type { Output } from "./output.ts";
import { ResultsBuilder } from "./results.ts";
import type { Runtime } from "./runtime.ts";
import type { Template } from "./template.ts";

/** Parses all inputs of a template; the results are in the template afterwards. */
export function parseTemplate(template: Template, runtime: Runtime): void {
  runtime.macros = template.macros;
  runtime.template = template;
  runtime.lookups = template.lookups;
  const method = template.resultsMethod.toLowerCase();
  let together: unknown = new PyDict();
  for (const input of template.inputs.values()) {
    for (const datum of input.data) {
      if (method === "per_template") together = parseInput(template, input, datum, together, runtime);
      else if (method === "per_input")
        template.formResults(parseInput(template, input, datum, new PyDict(), runtime));
    }
  }
  if (method === "per_template") template.formResults(together);
}

/** Parses one piece of input into a tree of results that may have results of others. */
function parseInput(
  template: Template,
  input: Input,
  datum: Datum,
  tree: unknown,
  runtime: Runtime,
): unknown {
  const results = truth(tree) ? tree : new PyDict();
  runtime.mainResults = results;
  let data: unknown = datum.kind === "data" ? datum.value : `\n${runtime.options.files.read(datum)}\n\n`;
  runtime.vars = template.vars.copy();
  runGetters(template, datum, data, runtime);
  for (const group of template.groups) group.startRun();
  data = runInputFunctions(input, data, runtime);
  if (typeof data !== "string")
    throw typeError(`expected string or bytes-like object, got '${typeName(data)}'`);
  return parseText(template, input.groupIndexes, data, results, runtime);
}

function runGetters(template: Template, datum: Datum, data: unknown, runtime: Runtime): void {
  const name = datum.kind === "file" ? datum.path : datum.kind === "text" ? "text_data" : "structured_data";
  const warn = (message: string): void => runtime.warn(message);
  for (const [variable, getter] of template.varGetters) {
    const value = GETTERS[getter]?.({ data, name, now: runtime.options.now(), warn });
    if (truth(value ?? null)) runtime.vars.set(variable, value);
  }
}

function runInputFunctions(input: Input, text: unknown, runtime: Runtime): unknown {
  let data = text;
  for (const call of input.functions) {
    const known = runtime.options.custom.input.get(call.name) ?? inputFunctions.get(call.name);
    if (known === undefined) throw new PythonError("KeyError", `'${call.name}'`);
    const [changed, verdict] = known(data, call, runtime);
    data = changed;
    if (verdict === false) break;
  }
  return data;
}

function parseText(
  template: Template,
  groupIndexes: readonly number[],
  text: string,
  tree: unknown,
  runtime: Runtime,
): unknown {
  const { inputLength: limit } = runtime.options.limits;
  if (text.length > limit) {
    throw ttpErrors.TtpBudgetExceeded({ what: "characters of input", limit, option: "limits.inputLength" });
  }
  const groups = groupIndexes.map((index) => template.groups[index]).filter((group) => group !== undefined);
  const matched = groups.map((group) => ({ group, places: matchGroup(group, text, runtime) }));
  for (const group of template.groups) {
    group.updateRun(runtime.globalVars);
    group.updateRun(runtime.vars);
  }
  const found = matched.filter(({ places }) => places.length > 0);
  const common = found.filter(({ group }) => group.outputs.length === 0).map(({ places }) => places);
  let results = build(common, tree, template, runtime);
  for (const { group, places } of found.filter((item) => item.group.outputs.length > 0)) {
    const own = outputsOf(group).reduce(
      (data, output) => output.run(data, template.macros, runtime),
      build([places], new PyDict(), template, runtime),
    );
    if (results instanceof PyDict) results = results.size > 0 ? [results] : [];
    if (Array.isArray(results)) results.push(own);
  }
  return results;
}

function build(
  groups: readonly PlacedMatch[][],
  tree: unknown,
  template: Template,
  runtime: Runtime,
): unknown {
  const builder = new ResultsBuilder(runtime, runtime.vars, tree);
  runtime.builder = builder;
  builder.build(groups, template.varsToResults);
  return builder.tree;
}

function outputsOf(group: Group): Output[] {
  return group.outputs.filter((output) => typeof output !== "string");
}
