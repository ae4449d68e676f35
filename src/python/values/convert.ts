import { PyDict, PySet } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { int, PyFloat } from "./numbers.ts";
import { MISSING, PyFunction, PyObject, textOf } from "./object.ts";
import { typeError } from "./python-error.ts";
import { PyTuple } from "./tuple.ts";

/**
 * A JavaScript value as a Python value: plain objects and Maps become dicts (own enumerable properties only), arrays lists, undefined None,
 * whole numbers ints. Values that are Python's already stay as they are. Functions become callables that get positional arguments only.
 *
 * @throws PythonError (TypeError) for what has no counterpart: symbols, class instances.
 *
 * @example
 * fromJs({ vlans: [10, 20], mtu: 1.5 }); // a PyDict that prints as {'vlans': [10, 20], 'mtu': 1.5}
 */
export function fromJs(value: unknown): unknown {
  return convert(value, new Map());
}

function convert(value: unknown, seen: Map<object, unknown>): unknown {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return int(value);
    case "undefined":
      return null;
    case "symbol":
      throw typeError("a symbol is not a template value");
    case "function":
      return new PyFunction(value.name || "function", (args) => convert(value(...args.map(toJs)), new Map()));
  }
  if (value === null || typeof value !== "object") return null;
  if (isPython(value)) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const out: unknown[] = [];
    seen.set(value, out);
    for (const item of value) out.push(convert(item, seen));
    return out;
  }
  if (value instanceof Date) return value.toISOString();
  const out = new PyDict();
  seen.set(value, out);
  if (value instanceof Map) for (const [key, item] of value) out.set(convert(key, seen), convert(item, seen));
  else if (isPlain(value)) for (const [key, item] of Object.entries(value)) out.set(key, convert(item, seen));
  else throw typeError("only plain objects, arrays, maps, texts and numbers are template values");
  return out;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function isPython(value: object): boolean {
  return (
    value instanceof PyDict ||
    value instanceof PyTuple ||
    value instanceof PyFloat ||
    value instanceof PyObject ||
    value instanceof PySet ||
    value instanceof DictView
  );
}

/** A Python value as plain JavaScript: dicts as objects without a prototype, tuples and sets as arrays, floats and ints as numbers. */
export function toJs(value: unknown): unknown {
  if (value instanceof PyFloat) return value.value;
  if (Array.isArray(value)) return value.map(toJs);
  if (value instanceof PyTuple) return value.items.map(toJs);
  if (value instanceof PySet) return Array.from(value.values(), toJs);
  if (value instanceof PyDict) {
    const out: Record<string, unknown> = Object.create(null);
    for (const [key, item] of value.items()) out[String(textOf(key) ?? toJs(key))] = toJs(item);
    return out;
  }
  if (value instanceof PyObject) return textOf(value) ?? value.str();
  return value === MISSING ? undefined : value;
}
