import { PyDict } from "../../../../src/python/values/dict.ts";
import { attributeError, PythonError, typeError } from "../../../../src/python/values/python-error.ts";
import { repr } from "../../../../src/python/values/text.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";

/** The value at a path of keys, in lists for each item; a missing key is a KeyError, or without `strict` an empty dictionary. */
export function traverse(data: unknown, path: readonly unknown[], strict: boolean): unknown {
  if (Array.isArray(data)) return data.map((item) => traverse(item, path, strict));
  if (!(data instanceof PyDict)) return data;
  return path.reduce<unknown>((value, key) => step(value, key, strict), data);
}

function step(value: unknown, key: unknown, strict: boolean): unknown {
  if (!(value instanceof PyDict)) {
    if (strict) throw typeError(`a ${typeName(value)} has no item ${repr(key)}`);
    throw attributeError(`'${typeName(value)}' object has no attribute 'get'`);
  }
  if (value.has(key)) return value.get(key);
  if (strict) throw new PythonError("KeyError", repr(key));
  return new PyDict();
}

/** A path as texts or as one dotted text. */
export function pathOf(path: unknown): readonly unknown[] {
  if (typeof path === "string") return path.split(".").map((item) => item.trim());
  return Array.isArray(path) ? path : [];
}

/** A dictionary of dictionaries as the list of these, each with its key under `keyName`. In lists for each item. */
export function dictToList(data: unknown, keyName: unknown, path: unknown, strict: boolean): unknown {
  const found =
    path === null || path === "" || pathOf(path).length === 0 ? data : traverse(data, pathOf(path), strict);
  if (Array.isArray(found)) return found.map((item) => dictToList(item, keyName, null, false));
  if (!(found instanceof PyDict)) return [];
  const list: PyDict[] = [];
  for (const [key, value] of found.items()) {
    if (!(value instanceof PyDict)) return found;
    value.set(keyName, key);
    list.push(value);
  }
  return list;
}
