import type { FunctionCall } from "../../../../plugins/templates/ttp/attributes.ts";
import { createRuntime } from "../../../../plugins/templates/ttp/engine.ts";
import { formatters } from "../../../../plugins/templates/ttp/formatters/index.ts";
import { groupFunctions } from "../../../../plugins/templates/ttp/functions/group.ts";
import { inputFunctions } from "../../../../plugins/templates/ttp/functions/input.ts";
import { outputFunctions } from "../../../../plugins/templates/ttp/functions/output.ts";
import { GETTERS } from "../../../../plugins/templates/ttp/getters.ts";
import { Output } from "../../../../plugins/templates/ttp/output.ts";
import { ResultsBuilder } from "../../../../plugins/templates/ttp/results.ts";
import type { Runtime } from "../../../../plugins/templates/ttp/runtime.ts";
import { Template } from "../../../../plugins/templates/ttp/template.ts";
import { PyDict } from "../../../python/values/dict.ts";
import { str } from "../../../python/values/text.ts";
import { type CaseOutcome, compare } from "../suite.ts";
import { canonical, revived } from "./recorded-values.ts";

/** Runs one recorded call of a function, formatter or getter. */
export function runFunctionCall(record: PyDict): CaseOutcome {
  const expected = record.has("error")
    ? "an error"
    : canonical([record.get("result"), record.has("flag") ? record.get("flag") : null]);
  try {
    const [result, flag] = answer(record);
    return compare(expected, canonical([result, record.has("flag") ? flag : null]));
  } catch (error) {
    return record.has("error") ? compare(expected, "an error") : { passed: false, expected, got: error };
  }
}

function answer(record: PyDict): readonly [unknown, unknown] {
  const runtime = createRuntime({});
  const vars = revived(record.get("vars")) as PyDict;
  runtime.vars = vars;
  runtime.builder = new ResultsBuilder(runtime, vars, new PyDict());
  const scope = str(record.get("scope"));
  const data = revived(record.get("data"));
  const kwargs = new Map([...(record.get("kwargs") as PyDict).items()].map(([k, v]) => [str(k), revived(v)]));
  const call: FunctionCall = {
    name: str(record.get("name")),
    args: revived(record.get("args")) as unknown[],
    kwargs,
  };
  if (scope === "match") {
    const [result, verdict] = runtime.callMatchFunction(call, data);
    return [result, verdict instanceof PyDict ? new PyDict([["new_field", verdict]]) : verdict];
  }
  if (scope === "group") return groupFunctions.get(call.name)?.(data, call, runtime) ?? missing(call);
  if (scope === "input") return inputFunctions.get(call.name)?.(data, call, runtime) ?? missing(call);
  if (scope === "variable") {
    const getter = GETTERS[call.name] ?? missing(call);
    return [getter({ data, name: str(call.args[0]), now: new Date(), warn: () => undefined }), null];
  }
  return outputAnswer(scope, data, call, vars, runtime);
}

function outputAnswer(
  scope: string,
  data: unknown,
  call: FunctionCall,
  vars: PyDict,
  runtime: Runtime,
): readonly [unknown, unknown] {
  const template = new Template(
    '<template><group name="x">\n{{ x }}\n</group></template>',
    { name: "x", basePath: "", vars, filters: [] },
    runtime,
  );
  if (scope === "output") {
    runtime.output = Output.forTemplate(template);
    return outputFunctions.get(call.name)?.(data, call, runtime) ?? missing(call);
  }
  const attributes = [...call.kwargs].filter(([name]) => !["returner", "condition", "path"].includes(name));
  const output = Output.fromArguments([["returner", "self"], ...attributes], runtime);
  if (call.kwargs.has("path")) output.attributes.set("path", call.kwargs.get("path"));
  return [formatters.get(call.name)?.(data, output, runtime) ?? missing(call), null];
}

function missing(call: FunctionCall): never {
  throw new Error(`There is no function ${call.name}.`);
}
