import { PyDict, PySet } from "../../../src/python/values/dict.ts";
import { float, PyFloat } from "../../../src/python/values/numbers.ts";
import { str } from "../../../src/python/values/text.ts";
import { PyTuple } from "../../../src/python/values/tuple.ts";

/**
 * A result as plain JSON data: dictionaries become objects, tuples and sets arrays, integers beyond 2^53 and IP addresses their text.
 * Keys are own properties whatever their name.
 */
export function toPlain(value: unknown): unknown {
  if (value === undefined) return null;
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number")
    return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof PyFloat) return value.value;
  if (value instanceof PyTuple) return value.items.map(toPlain);
  if (value instanceof PySet) return [...value.values()].map(toPlain);
  if (!(value instanceof PyDict)) return str(value);
  const object: Record<string, unknown> = {};
  for (const [key, item] of value.items()) {
    const name = typeof key === "string" ? key : str(key);
    if (name === "__proto__") defineProto(object, toPlain(item));
    else object[name] = toPlain(item);
  }
  return object;
}

/** Assigning to __proto__ would change the object's prototype; defining it does not. */
function defineProto(object: object, value: unknown): void {
  Object.defineProperty(object, "__proto__", { value, writable: true, enumerable: true, configurable: true });
}

/** Plain data as Python values: objects become dictionaries of their own properties. */
export function fromPlain(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : float(value);
  if (typeof value !== "object" || !isPlainObject(value)) return value;
  return new PyDict(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]));
}

/** Plain data as a dictionary; data that are one already stay as they are. */
export function dictFromPlain(value: PyDict | Readonly<Record<string, unknown>>): PyDict {
  if (value instanceof PyDict) return value;
  return new PyDict(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]));
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
