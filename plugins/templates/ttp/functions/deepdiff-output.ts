import { pluginErrors } from "../../../../src/errors/plugin.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { PythonError } from "../../../../src/python/values/python-error.ts";
import { str } from "../../../../src/python/values/text.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { deepDiff } from "../deepdiff.ts";
import type { Runtime } from "../runtime.ts";
import type { Template } from "../template.ts";
import type { TemplateFunction } from "./contract.ts";

/** Options of DeepDiff that are carried out, or change nothing here; others are refused by name. */
const DIFF_OPTIONS = new Set(["ignore_order", "verbose_level", "view"]);
const OWN_OPTIONS = new Set([
  "input_before",
  "input_after",
  "template_before",
  "mode",
  "add_field",
  "var_before",
]);

/** Output function `deepdiff`: compares the results with those of an input or template, or with a variable. */
export const deepDiffFunction: TemplateFunction = (data, call, runtime) => {
  const options = new Map(call.kwargs);
  for (const name of options.keys()) {
    if (!DIFF_OPTIONS.has(name) && !OWN_OPTIONS.has(name)) {
      throw pluginErrors.Unsupported({ what: `Option '${name}' of output function deepdiff` });
    }
  }
  const template = runtime.output?.template;
  if (template === undefined)
    throw new PythonError("AttributeError", "deepdiff needs an output of a template");
  const before = dataBefore(data, options, template, runtime);
  if (before === undefined) return [data, null];
  const inputAfter = options.get("input_after");
  const after = truth(inputAfter ?? null) ? resultsOfInput(data, inputAfter, template) : data;
  const diffOptions = { ignoreOrder: truth(options.get("ignore_order") ?? false) };
  const mode = options.get("mode") ?? "bulk";
  if (mode !== "bulk" && mode !== "iterate") {
    runtime.warn(`deepdiff: there is no mode '${str(mode)}'`);
    return [data, null];
  }
  const difference =
    mode === "bulk"
      ? deepDiff(before, after, diffOptions)
      : (after as unknown[]).map((item) => deepDiff((before as unknown[])[0], item, diffOptions));
  return [withField(data, options.get("add_field"), difference), null];
};

function dataBefore(
  data: unknown,
  options: ReadonlyMap<string, unknown>,
  template: Template,
  runtime: Runtime,
): unknown {
  const input = options.get("input_before");
  if (truth(input ?? null)) {
    if (template.resultsMethod.toLowerCase() !== "per_template") return resultsOfInput(data, input, template);
    runtime.warn("deepdiff: input_before needs results per input");
    return undefined;
  }
  const other = options.get("template_before");
  if (truth(other ?? null)) return runtime.templateResults(str(other));
  const name = options.get("var_before");
  if (!template.vars.has(name)) throw new PythonError("KeyError", `'${str(name)}'`);
  return template.vars.get(name);
}

function resultsOfInput(data: unknown, name: unknown, template: Template): unknown[] {
  let start = 0;
  for (const [inputName, input] of template.inputs) {
    if (inputName === name) return (data as unknown[]).slice(start, start + input.data.length);
    start += input.data.length;
  }
  throw new PythonError("KeyError", `'${str(name)}'`);
}

function withField(data: unknown, field: unknown, difference: unknown): unknown {
  if (!truth(field ?? null)) return difference;
  if (Array.isArray(data)) data.push(new PyDict([[field, difference]]));
  else if (data instanceof PyDict) data.set(field, difference);
  return data;
}
