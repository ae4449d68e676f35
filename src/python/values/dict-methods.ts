import { allocate } from "./budget.ts";
import { PyDict, PySet } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { isSubset } from "./equality.ts";
import { itemsOf, iterate } from "./iteration.ts";
import { type Method, method } from "./method.ts";
import type { Kwargs } from "./object.ts";
import { PythonError, typeError, valueError } from "./python-error.ts";
import { REQUIRED } from "./signature.ts";
import { repr } from "./text.ts";
import { PyTuple } from "./tuple.ts";

/** Fills a dict as `dict.update` does: from a dict or from pairs, then from keyword arguments. */
export function update(dict: PyDict, source: unknown, kwargs: Kwargs | undefined): void {
  if (source instanceof PyDict) for (const [key, value] of source.items()) dict.set(key, value);
  else if (source !== undefined) {
    let place = 0;
    for (const pair of iterate(source)) {
      const parts = itemsOf(pair);
      if (parts.length !== 2) {
        throw valueError(
          `dictionary update sequence element #${place} has length ${parts.length}; 2 is required`,
        );
      }
      dict.set(parts[0], parts[1]);
      place++;
    }
  }
  if (kwargs) for (const [key, value] of kwargs) dict.set(key, value);
  allocate(1);
}

// What "no second argument" is for pop(): null is a value there.
const NO_DEFAULT = Symbol("no default");

/** The methods of `dict`. */
export const DICT_METHODS: ReadonlyMap<string, Method<PyDict>> = new Map<string, Method<PyDict>>([
  method("keys", {}, (self) => new DictView(self, "keys")),
  method("values", {}, (self) => new DictView(self, "values")),
  method("items", {}, (self) => new DictView(self, "items")),
  method("get", { key: REQUIRED, default: null }, (self, key, fallback) =>
    self.has(key) ? self.get(key) : fallback,
  ),
  method("setdefault", { key: REQUIRED, default: null }, (self, key, fallback) => {
    if (!self.has(key)) self.set(key, fallback);
    return self.get(key);
  }),
  method("pop", { key: REQUIRED, default: NO_DEFAULT }, (self, key, fallback) => {
    if (self.has(key)) {
      const value = self.get(key);
      self.delete(key);
      return value;
    }
    if (fallback === NO_DEFAULT) throw new PythonError("KeyError", repr(key));
    return fallback;
  }),
  method("popitem", {}, (self) => {
    const last = [...self.items()].at(-1);
    if (!last) throw new PythonError("KeyError", "'popitem(): dictionary is empty'");
    self.delete(last[0]);
    return new PyTuple(last);
  }),
  method("clear", {}, (self) => {
    self.clear();
    return null;
  }),
  method("copy", {}, (self) => {
    allocate(self.size);
    return self.copy();
  }),
  [
    "update",
    (self, args, kwargs) => {
      if (args.length > 1) throw typeError(`update expected at most 1 argument, got ${args.length}`);
      update(self, args[0], kwargs);
      return null;
    },
  ],
  method("fromkeys", { iterable: REQUIRED, value: null }, (_self, keys, value) => {
    const out = new PyDict();
    for (const key of iterate(keys)) out.set(key, value);
    return out;
  }),
]);

/** The methods that change their dict. */
export const DICT_MUTATORS: ReadonlySet<string> = new Set("clear pop popitem setdefault update".split(" "));

function asSet(value: unknown): PySet {
  return value instanceof PySet ? value : new PySet(iterate(value));
}

/** The methods of `set`. */
export const SET_METHODS: ReadonlyMap<string, Method<PySet>> = new Map<string, Method<PySet>>([
  method("add", { item: REQUIRED }, (self, item) => {
    self.add(item);
    return null;
  }),
  method("discard", { item: REQUIRED }, (self, item) => {
    self.members.delete(item);
    return null;
  }),
  method("union", { other: REQUIRED }, (self, other) => new PySet([...self.values(), ...iterate(other)])),
  method("intersection", { other: REQUIRED }, (self, other) => {
    const right = asSet(other);
    return new PySet(self.values().filter((item) => right.has(item)));
  }),
  method("difference", { other: REQUIRED }, (self, other) => {
    const right = asSet(other);
    return new PySet(self.values().filter((item) => !right.has(item)));
  }),
  method("issubset", { other: REQUIRED }, (self, other) => isSubset(self, asSet(other))),
  method("issuperset", { other: REQUIRED }, (self, other) => isSubset(asSet(other), self)),
  method("copy", {}, (self) => new PySet(self.values())),
]);
