import { allocate } from "./budget.ts";
import { equal } from "./equality.ts";
import { list } from "./iteration.ts";
import { type Method, method } from "./method.ts";
import { PyObject } from "./object.ts";
import { compare } from "./order.ts";
import { PythonError, typeError, valueError } from "./python-error.ts";
import { REQUIRED } from "./signature.ts";
import { resolveSlice } from "./slice.ts";
import { placeOf } from "./subscript.ts";
import { repr } from "./text.ts";
import { truth } from "./truth.ts";
import type { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";

function indexOf(
  items: readonly unknown[],
  value: unknown,
  start: unknown,
  stop: unknown,
  kind: string,
): number {
  const range = resolveSlice({ start, stop, step: null }, items.length);
  for (let i = range.start; i < range.stop; i++) if (equal(items[i], value)) return i;
  throw valueError(kind === "list" ? `${repr(value)} is not in list` : "tuple.index(x): x not in tuple");
}

const countOf = (items: readonly unknown[], value: unknown): number =>
  items.filter((i) => equal(i, value)).length;

/** Python's `sorted(items, key, reverse)`: a new array, equal items in their old order. */
export function sorted(
  items: Iterable<unknown>,
  key?: (item: unknown) => unknown,
  reverse = false,
): unknown[] {
  const keyed = Array.from(items, (item) => ({ item, key: key ? key(item) : item }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map((k) => k.item);
}

/** A callable as a JavaScript function of one argument; null is none. */
export function keyFunction(key: unknown): ((item: unknown) => unknown) | undefined {
  if (key === null || key === undefined) return undefined;
  if (!(key instanceof PyObject)) throw typeError(`'${typeName(key)}' object is not callable`);
  return (item) => key.call([item], undefined);
}

/** The methods of `list`. They change the array in place, as Python's do. */
export const LIST_METHODS: ReadonlyMap<string, Method<unknown[]>> = new Map<string, Method<unknown[]>>([
  method("append", { object: REQUIRED }, (self, value) => {
    allocate(1);
    self.push(value);
    return null;
  }),
  method("extend", { iterable: REQUIRED }, (self, values) => {
    for (const value of list(values)) self.push(value);
    return null;
  }),
  method("insert", { index: REQUIRED, object: REQUIRED }, (self, index, value) => {
    allocate(1);
    self.splice(Number(index), 0, value);
    return null;
  }),
  method("pop", { index: -1 }, (self, index) => {
    if (self.length === 0) throw new PythonError("IndexError", "pop from empty list");
    const place = placeOf(self.length, index, "list");
    if (place === undefined) throw new PythonError("IndexError", "pop index out of range");
    return self.splice(place, 1)[0];
  }),
  method("remove", { value: REQUIRED }, (self, value) => {
    const place = self.findIndex((item) => equal(item, value));
    if (place < 0) throw valueError("list.remove(x): x not in list");
    self.splice(place, 1);
    return null;
  }),
  method("clear", {}, (self) => {
    self.length = 0;
    return null;
  }),
  method("copy", {}, (self) => list(self)),
  method("reverse", {}, (self) => {
    self.reverse();
    return null;
  }),
  method("sort", { key: null, reverse: false }, (self, key, reverse) => {
    const ordered = sorted(self, keyFunction(key), truth(reverse));
    self.splice(0, self.length, ...ordered);
    return null;
  }),
  method("index", { value: REQUIRED, start: null, stop: null }, (self, value, start, stop) =>
    indexOf(self, value, start, stop, "list"),
  ),
  method("count", { value: REQUIRED }, countOf),
]);

/** The methods of `tuple`. */
export const TUPLE_METHODS: ReadonlyMap<string, Method<PyTuple>> = new Map<string, Method<PyTuple>>([
  method("index", { value: REQUIRED, start: null, stop: null }, (self, value, start, stop) =>
    indexOf(self.items, value, start, stop, "tuple"),
  ),
  method("count", { value: REQUIRED }, (self, value) => countOf(self.items, value)),
]);

/** The methods that change their list. */
export const LIST_MUTATORS: ReadonlySet<string> = new Set(
  "append clear pop reverse insert sort extend remove".split(" "),
);
