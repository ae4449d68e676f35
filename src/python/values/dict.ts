import { PyFloat } from "./numbers.ts";
import { PyObject } from "./object.ts";
import { typeError } from "./python-error.ts";
import { PyTuple } from "./tuple.ts";

/**
 * A Python dict: insertion order, any hashable key, and keys that are equal in Python are one key (`1`, `1.0`, `True`).
 *
 * `entries` is keyed by the normal form of the key, which for strings and integers is the key itself, so that readers of string
 * keys may use it directly.
 */
export class PyDict {
  readonly entries: Map<unknown, unknown> = new Map();
  // Keys whose normal form differs from what was written: True, 1.0, safe strings.
  #written: Map<unknown, unknown> | undefined;
  #tuples: Map<string, PyTuple> | undefined;

  constructor(pairs?: Iterable<readonly [unknown, unknown]>) {
    if (pairs) for (const [key, value] of pairs) this.set(key, value);
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: unknown): unknown {
    return this.entries.get(typeof key === "string" ? key : this.#normal(key, false));
  }

  has(key: unknown): boolean {
    return this.entries.has(typeof key === "string" ? key : this.#normal(key, false));
  }

  set(key: unknown, value: unknown): void {
    if (typeof key === "string") {
      this.entries.set(key, value);
      return;
    }
    const normal = this.#normal(key, true);
    if (normal !== key && !this.entries.has(normal)) {
      this.#written ??= new Map();
      this.#written.set(normal, key);
    }
    this.entries.set(normal, value);
  }

  delete(key: unknown): boolean {
    const normal = this.#normal(key, false);
    this.#written?.delete(normal);
    return this.entries.delete(normal);
  }

  clear(): void {
    this.entries.clear();
    this.#written = undefined;
    this.#tuples = undefined;
  }

  /** The keys as they were written. */
  *keys(): Generator<unknown, undefined> {
    const written = this.#written;
    for (const key of this.entries.keys()) yield written?.has(key) ? written.get(key) : key;
  }

  values(): MapIterator<unknown> {
    return this.entries.values();
  }

  *items(): Generator<[unknown, unknown], undefined> {
    const written = this.#written;
    for (const [key, value] of this.entries) yield [written?.has(key) ? written.get(key) : key, value];
  }

  copy(): PyDict {
    return new PyDict(this.items());
  }

  // Equal tuples are different objects in JavaScript: the first one written stands for all.
  #normal(key: unknown, keep: boolean): unknown {
    if (!(key instanceof PyTuple)) return normalKey(key);
    const code = tupleCode(key);
    const known = this.#tuples?.get(code);
    if (known || !keep) return known ?? key;
    this.#tuples ??= new Map();
    this.#tuples.set(code, key);
    return key;
  }
}

/** A Python set. Its order is the order of insertion, where Python's is arbitrary. */
export class PySet {
  readonly members = new PyDict();

  constructor(items?: Iterable<unknown>) {
    if (items) for (const item of items) this.members.set(item, null);
  }

  get size(): number {
    return this.members.size;
  }

  has(item: unknown): boolean {
    return this.members.has(item);
  }

  add(item: unknown): void {
    if (!this.members.has(item)) this.members.set(item, null);
  }

  values(): Generator<unknown, undefined> {
    return this.members.keys();
  }
}

function normalKey(key: unknown): unknown {
  switch (typeof key) {
    case "string":
    case "number":
    case "bigint":
      return key;
    case "boolean":
      return key ? 1 : 0;
  }
  if (key === null) return null;
  if (key instanceof PyFloat) return Object.is(key.value, -0) ? 0 : key.value;
  if (key instanceof PyObject) return key.hashKey();
  if (Array.isArray(key)) throw typeError("unhashable type: 'list'");
  if (key instanceof PyDict) throw typeError("unhashable type: 'dict'");
  if (key instanceof PySet) throw typeError("unhashable type: 'set'");
  return key;
}

// Objects without a value of their own are told apart by a number given at first sight.
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function tupleCode(tuple: PyTuple): string {
  const parts = tuple.items.map((item) => {
    if (item instanceof PyTuple) return `(${tupleCode(item)})`;
    const key = normalKey(item);
    if (key === null) return "n";
    if (typeof key === "object" || typeof key === "function") {
      let identity = identities.get(key);
      if (identity === undefined) {
        identity = ++lastIdentity;
        identities.set(key, identity);
      }
      return `o${identity}`;
    }
    if (typeof key === "string") return `s${JSON.stringify(key)}`;
    // 10n and 10 never both occur: small ints are numbers.
    return `i${String(key)}`;
  });
  return parts.join(",");
}
