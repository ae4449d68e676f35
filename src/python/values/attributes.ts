import { PyDict, PySet } from "./dict.ts";
import { DICT_METHODS, SET_METHODS } from "./dict-methods.ts";
import { DictView } from "./dict-view.ts";
import { LIST_METHODS, TUPLE_METHODS } from "./list-methods.ts";
import type { Method } from "./method.ts";
import { NUMBER_ATTRIBUTES, NUMBER_METHODS } from "./number-methods.ts";
import { isNumber } from "./numbers.ts";
import { type Kwargs, MISSING, PyFunction, PyObject, PyType } from "./object.ts";
import { STRING_METHODS } from "./string-methods.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";

/** The method `name` of a built-in type's value, or undefined. */
export function methodOf(value: unknown, name: string): Method<never> | undefined {
  if (typeof value === "string") return STRING_METHODS.get(name);
  if (value instanceof PyDict) return DICT_METHODS.get(name);
  if (Array.isArray(value)) return LIST_METHODS.get(name);
  if (value instanceof PyTuple) return TUPLE_METHODS.get(name);
  if (value instanceof PySet) return SET_METHODS.get(name);
  return isNumber(value) ? NUMBER_METHODS.get(name) : undefined;
}

/** Python's `getattr(value, name)`, or MISSING. Methods come bound. */
export function attribute(value: unknown, name: string): unknown {
  const method = methodOf(value, name);
  if (method) {
    return new PyFunction(
      name,
      (args, kwargs) => method(value as never, args, kwargs),
      "builtin_function_or_method",
    );
  }
  if (value instanceof PyObject) {
    const found = value.attribute(name);
    if (found !== MISSING) return found;
  }
  if (isNumber(value)) {
    const found = NUMBER_ATTRIBUTES.get(name);
    if (found) return found(value);
  }
  if (name === "mapping" && value instanceof DictView) return value.dict;
  return name === "__class__" ? new PyType(typeName(value)) : MISSING;
}

/** Calls `value.name(...)`, or answers MISSING when the built-in type has no such method. */
export function callMethod(
  value: unknown,
  name: string,
  args: readonly unknown[],
  kwargs: Kwargs | undefined,
): unknown {
  const method = methodOf(value, name);
  return method ? method(value as never, args, kwargs) : MISSING;
}

/** True for what can be called. */
export function isCallable(value: unknown): boolean {
  return value instanceof PyObject && value.callable;
}
