import { PyDict, PySet } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { PyFloat } from "./numbers.ts";
import { PyObject, TextObject } from "./object.ts";
import { PyTuple } from "./tuple.ts";

/** Python's `bool(value)`. */
export function truth(value: unknown): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "string":
      return value !== "";
    case "number":
      return value !== 0;
    case "bigint":
      return value !== 0n;
  }
  if (value === null || value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof PyDict) return value.size > 0;
  if (value instanceof TextObject) return value.text !== "";
  if (value instanceof PyObject) return value.truth();
  if (value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof PySet || value instanceof DictView) return value.size > 0;
  return true;
}
