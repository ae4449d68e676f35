import { PyDict, PySet } from "../../../../src/python/values/dict.ts";
import { isFloat, isInt } from "../../../../src/python/values/numbers.ts";

const isInteger = (value: unknown): boolean => isInt(value) && typeof value !== "boolean";
const isNumber = (value: unknown): boolean => isInteger(value) || isFloat(value);

/** Cerberus' types by name. */
export const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === "boolean",
  container: (value) => Array.isArray(value) || value instanceof PyDict || value instanceof PySet,
  dict: (value) => value instanceof PyDict,
  float: isNumber,
  integer: isInteger,
  list: (value) => Array.isArray(value),
  number: isNumber,
  set: (value) => value instanceof PySet,
  string: (value) => typeof value === "string",
};
