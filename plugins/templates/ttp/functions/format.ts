import { PyDict } from "../../../../src/python/values/dict.ts";
import { MISSING, PyObject } from "../../../../src/python/values/object.ts";
import { attributeError, PythonError, typeError } from "../../../../src/python/values/python-error.ts";
import { type FieldLookup, strFormat } from "../../../../src/python/values/str-format.ts";
import { repr } from "../../../../src/python/values/text.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";

/** Fields reach items and the attributes that a value offers, never properties of JavaScript objects. */
const lookup: FieldLookup = {
  attribute(value, name) {
    const found = value instanceof PyObject ? value.attribute(name) : MISSING;
    if (found === MISSING) throw attributeError(`'${typeName(value)}' object has no attribute '${name}'`);
    return found;
  },
  item(value, key) {
    if (value instanceof PyDict) {
      if (!value.has(key)) throw new PythonError("KeyError", repr(key));
      return value.get(key);
    }
    if (typeof key !== "number") throw typeError("indices must be integers");
    const items: unknown = typeof value === "string" ? Array.from(value) : value;
    if (!Array.isArray(items)) throw typeError(`'${typeName(value)}' object is not subscriptable`);
    if (key >= items.length) throw new PythonError("IndexError", "index out of range");
    return items[key];
  },
};

/**
 * Python's `template.format(*args, **fields)`. Throws KeyError for a field that is not there.
 *
 * @example formatText("{} is {state}", ["Gi1"], new PyDict([["state", "up"]]))  // "Gi1 is up"
 */
export function formatText(template: string, args: readonly unknown[], fields: PyDict = new PyDict()): string {
  return strFormat(template, {
    args,
    lookup,
    named(name) {
      if (!fields.has(name)) throw new PythonError("KeyError", repr(name));
      return fields.get(name);
    },
  });
}
