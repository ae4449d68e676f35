import { allocate, spend } from "./budget.ts";
import { PyDict, PySet } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { equal } from "./equality.ts";
import { MISSING, PyObject, textOf } from "./object.ts";
import { PythonError, typeError } from "./python-error.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";
import { characters, textLength } from "./unicode.ts";

/** Python's `iter(value)` as a JavaScript iterable: the items of a sequence, the keys of a dict, the characters of a string. */
export function iterate(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  if (value instanceof PyTuple) return value.items;
  if (value instanceof PyDict) return value.keys();
  if (value instanceof DictView) return value;
  const text = textOf(value);
  if (text !== undefined) return characters(text);
  if (value instanceof PyObject) return value.iterate();
  if (value instanceof PySet) return value.values();
  throw typeError(`'${typeName(value)}' object is not iterable`);
}

/** True when {@link iterate} would work. */
export function isIterable(value: unknown): boolean {
  try {
    iterate(value);
    return true;
  } catch (error) {
    if (error instanceof PythonError) return false;
    throw error;
  }
}

/** Python's `list(value)`: always a new array. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) {
    allocate(value.length);
    return value.slice();
  }
  const out: unknown[] = [];
  for (const item of iterate(value)) {
    spend();
    allocate(1);
    out.push(item);
  }
  return out;
}

/** The items for reading only: the array itself where there is one. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value instanceof PyTuple ? value.items : list(value);
}

/** Python's `len(value)`. */
export function length(value: unknown): number {
  const known = lengthOf(value);
  if (known === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return known;
}

/** The length, or undefined when the value has none. */
export function lengthOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text !== undefined) return textLength(text);
  if (Array.isArray(value)) return value.length;
  if (value instanceof PyTuple) return value.items.length;
  if (value instanceof PyDict || value instanceof DictView || value instanceof PySet) return value.size;
  return value instanceof PyObject ? value.length() : undefined;
}

/** Python's `item in container`. */
export function contains(container: unknown, item: unknown): boolean {
  const text = textOf(container);
  if (text !== undefined) {
    const part = textOf(item);
    if (part === undefined) {
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    }
    return text.includes(part);
  }
  if (container instanceof PyDict || container instanceof PySet) return container.has(item);
  if (container instanceof DictView && container.of === "keys") return container.dict.has(item);
  if (container instanceof PyObject) {
    const answer = container.contains(item);
    if (answer !== MISSING) return answer;
  }
  if (!isIterable(container)) throw typeError(`argument of type '${typeName(container)}' is not iterable`);
  for (const candidate of iterate(container)) {
    spend();
    if (candidate === item || equal(candidate, item)) return true;
  }
  return false;
}

/** Unpacks a value into exactly `count` parts, as `a, b = value`. */
export function unpack(value: unknown, count: number): readonly unknown[] {
  if (!isIterable(value)) throw typeError(`cannot unpack non-iterable ${typeName(value)} object`);
  const items: unknown[] = [];
  for (const item of iterate(value)) {
    if (items.length === count) {
      throw new PythonError("ValueError", `too many values to unpack (expected ${count})`);
    }
    items.push(item);
  }
  if (items.length < count) {
    throw new PythonError(
      "ValueError",
      `not enough values to unpack (expected ${count}, got ${items.length})`,
    );
  }
  return items;
}
