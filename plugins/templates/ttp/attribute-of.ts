import { MISSING, PyObject } from "../../../src/python/values/object.ts";

/** The attribute or method of a value that Python's built-in types offer, or MISSING. */
export function attributeOf(value: unknown, name: string): unknown {
  return value instanceof PyObject ? value.attribute(name) : MISSING;
}
