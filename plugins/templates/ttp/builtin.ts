import { attribute as attributeOf } from "../../../src/python/values/attributes.ts";
import { MISSING, PyObject } from "../../../src/python/values/object.ts";
import { PythonError } from "../../../src/python/values/python-error.ts";
import { typeName } from "../../../src/python/values/type-name.ts";
import type { FunctionCall } from "./attributes.ts";
import type { Answer } from "./functions/contract.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Python's own methods and attributes as match functions: `upper`, `split(".")`, `network`. What answers true or false is a
 * condition; anything else becomes the value.
 */
export function builtinCall(call: FunctionCall, data: unknown, runtime: Runtime): Answer {
  try {
    const attribute = attributeOf(data, call.name);
    if (attribute === MISSING) return unknown(call, data, runtime);
    const callable = attribute instanceof PyObject && attribute.callable;
    const value = callable ? attribute.call(call.args, call.kwargs) : attribute;
    return typeof value === "boolean" ? [data, value] : [value, null];
  } catch (error) {
    if (!(error instanceof PythonError && error.kind === "AttributeError")) throw error;
    return unknown(call, data, runtime);
  }
}

/** TTP logs a function that it does not know, and goes on with the value. */
function unknown(call: FunctionCall, data: unknown, runtime: Runtime): Answer {
  runtime.warn(`there is no match function '${call.name}', and a ${typeName(data)} has no such method`);
  return [data, null];
}
