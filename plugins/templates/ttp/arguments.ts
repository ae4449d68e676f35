import { PythonError, typeError } from "../../../src/python/values/python-error.ts";
import type { FunctionCall } from "./attributes.ts";

/** The positional argument at `index`. Throws Python's IndexError where there is none. */
export function requireArgument(call: FunctionCall, index: number): unknown {
  if (index >= call.args.length) throw new PythonError("IndexError", `${call.name}() needs an argument`);
  return call.args[index];
}

/** The argument as text. Throws Python's TypeError for anything else. */
export function textArgument(value: unknown, what: string): string {
  if (typeof value !== "string") throw typeError(`${what} must be text`);
  return value;
}
