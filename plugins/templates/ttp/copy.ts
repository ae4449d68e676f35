import { PyDict } from "../../../src/python/values/dict.ts";
import { PyTuple } from "../../../src/python/values/tuple.ts";

/** Copies lists, tuples and dictionaries all the way down; other values do not change and stay as they are. */
export function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepCopy);
  if (value instanceof PyTuple) return new PyTuple(value.items.map(deepCopy));
  if (!(value instanceof PyDict)) return value;
  const copy = new PyDict();
  for (const [key, item] of value.items()) copy.set(key, deepCopy(item));
  return copy;
}

/** Sets all items of `from` in `into`, as Python's `dict.update`. */
export function update(into: PyDict, from: PyDict): void {
  for (const [key, value] of from.entries) {
    if (typeof key !== "string") {
      updateSlowly(into, from);
      return;
    }
    into.set(key, value);
  }
}

/** Keys that are no texts have a written form of their own. */
function updateSlowly(into: PyDict, from: PyDict): void {
  for (const [key, value] of from.items()) into.set(key, value);
}
