import { PyDict, PySet } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { isFloat } from "./numbers.ts";
import { PyObject } from "./object.ts";
import { PyTuple } from "./tuple.ts";

/** What `type(value).__name__` gives: `int`, `NoneType`, `dict` ... */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return isFloat(value) ? "float" : "int";
  }
  if (value === null || value === undefined) return "NoneType";
  if (Array.isArray(value)) return "list";
  if (value instanceof PyDict) return "dict";
  if (value instanceof PyTuple) return "tuple";
  if (isFloat(value)) return "float";
  if (value instanceof PyObject) return value.typeName;
  if (value instanceof PySet) return "set";
  if (value instanceof DictView) return value.typeName;
  return "object";
}
