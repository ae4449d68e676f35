import type { PyDict } from "../../../../src/python/values/dict.ts";
import { attributeError, typeError } from "../../../../src/python/values/python-error.ts";
import { binder, type Parameters } from "../../../../src/python/values/signature.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import type { FunctionCall } from "../attributes.ts";
import type { Runtime } from "../runtime.ts";

/** What a function says besides its data: false refuses, a dictionary holds new fields, true and null go on. */
export type Verdict = boolean | null | PyDict;

export type Answer = readonly [data: unknown, verdict: Verdict];

/** A function of match variables, groups or inputs. Throws PythonError where TTP's own raises. */
export type TemplateFunction = (data: unknown, call: FunctionCall, runtime: Runtime) => Answer;

/** Functions by the name that templates use. */
export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

/** A function with named parameters: `run` gets one value for each, in their order. */
export function withParameters(
  parameters: Parameters,
  run: (data: unknown, values: readonly unknown[], runtime: Runtime) => Answer,
): TemplateFunction {
  const bind = binder(parameters);
  return (data, call, runtime) => run(data, bind(call.name, call.args, call.kwargs), runtime);
}

/** A function of any number of positional arguments. */
export function withArguments(
  run: (data: unknown, args: readonly unknown[], runtime: Runtime) => Answer,
): TemplateFunction {
  return (data, call, runtime) => {
    const [unexpected] = call.kwargs.keys();
    if (unexpected !== undefined) {
      throw typeError(`${call.name}() got an unexpected keyword argument '${unexpected}'`);
    }
    return run(data, call.args, runtime);
  };
}

/** The data as text, for functions that call a method of it. Throws Python's AttributeError. */
export function asText(data: unknown, method: string): string {
  if (typeof data !== "string")
    throw attributeError(`'${typeName(data)}' object has no attribute '${method}'`);
  return data;
}

/** The value as text where Python wants a str. Throws TypeError. */
export function needText(value: unknown): string {
  if (typeof value !== "string") throw typeError(`expected str, got ${typeName(value)}`);
  return value;
}
