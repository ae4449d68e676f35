import {
  allocate,
  compare,
  contains,
  isInt,
  itemsOf,
  iterate,
  list,
  PyDict,
  PyTuple,
  REQUIRED,
  repr,
  spend,
  str,
  textOf,
  truth,
  typeError,
  typeName,
  valueError,
} from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { FilterArgumentError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { Undefined } from "../undefined.ts";

function dictOf(value: unknown, name: string): PyDict {
  if (value instanceof Undefined) value.fail();
  if (value instanceof PyDict) return value;
  throw new FilterArgumentError(`${name} requires a dictionary, got ${typeName(value)}`);
}

// Lists and dicts can hold themselves.
const MAX_DEPTH = 200;

const MERGES = ["replace", "keep", "append", "prepend", "append_rp", "prepend_rp"];

/** `combine`: dicts merged, the later winning. */
function combine(dicts: readonly unknown[], recursive: boolean, lists: string): PyDict {
  if (!MERGES.includes(lists))
    throw new FilterArgumentError(`'list_merge' must be one of ${MERGES.join(", ")}`);
  const flat = dicts.flatMap((d) => (Array.isArray(d) ? d : [d]));
  let out = new PyDict();
  for (const one of flat) out = merged(out, dictOf(one, "combine"), recursive, lists);
  return out;
}

function merged(base: PyDict, over: PyDict, recursive: boolean, lists: string, depth = 0): PyDict {
  if (depth > MAX_DEPTH)
    throw new FilterArgumentError(`combine: more than ${MAX_DEPTH} dicts inside one another`);
  allocate(base.size + over.size);
  const out = base.copy();
  for (const [key, value] of over.items()) {
    spend();
    const old = out.get(key);
    if (recursive && old instanceof PyDict && value instanceof PyDict)
      out.set(key, merged(old, value, recursive, lists, depth + 1));
    else if (Array.isArray(old) && Array.isArray(value)) out.set(key, mergedLists(old, value, lists));
    else out.set(key, value);
  }
  return out;
}

function mergedLists(old: unknown[], fresh: unknown[], how: string): unknown[] {
  switch (how) {
    case "keep":
      return old;
    case "append":
      return [...old, ...fresh];
    case "prepend":
      return [...fresh, ...old];
    case "append_rp":
      return [...without(old, fresh), ...fresh];
    case "prepend_rp":
      return [...fresh, ...without(old, fresh)];
  }
  return fresh;
}

function without(items: readonly unknown[], others: readonly unknown[]): unknown[] {
  return items.filter((item) => !contains(others, item));
}

function unique(items: Iterable<unknown>): unknown[] {
  const out: unknown[] = [];
  for (const item of items) if (!contains(out, item)) out.push(item);
  return out;
}

function dictToItems(_context: Context, value: unknown, key: unknown, name: unknown): unknown {
  return Array.from(
    dictOf(value, "dict2items").items(),
    ([k, v]) =>
      new PyDict([
        [key, k],
        [name, v],
      ]),
  );
}

function itemsToDict(context: Context, value: unknown, key: unknown, name: unknown): unknown {
  const out = new PyDict();
  for (const item of iterate(value)) {
    const [k, v] = [context.environment.getitem(item, key), context.environment.getitem(item, name)];
    if (k instanceof Undefined) k.fail();
    if (v instanceof Undefined) v.fail();
    out.set(k, v);
  }
  return out;
}

function flatten(value: unknown, levels: unknown, skipNulls: boolean): unknown[] {
  const out: unknown[] = [];
  const limit = levels === null ? Number.POSITIVE_INFINITY : Number(levels);
  const visit = (items: readonly unknown[], left: number, depth: number) => {
    if (depth > MAX_DEPTH)
      throw new FilterArgumentError(`flatten: more than ${MAX_DEPTH} lists inside one another`);
    for (const item of items) {
      spend();
      if (skipNulls && (item === null || item === "None" || item === "null")) continue;
      const inner = Array.isArray(item) ? item : item instanceof PyTuple ? item.items : undefined;
      if (inner && left > 0) visit(inner, left - 1, depth + 1);
      else out.push(item);
    }
  };
  visit(itemsOf(value), limit, 0);
  return out;
}

function zip(values: readonly unknown[], longest: boolean, fill: unknown): unknown[] {
  const rows = values.map((v) => itemsOf(v));
  const sizes = rows.map((r) => r.length);
  const count = rows.length === 0 ? 0 : longest ? Math.max(...sizes) : Math.min(...sizes);
  allocate(count * rows.length);
  return Array.from({ length: count }, (_, i) => new PyTuple(rows.map((r) => (i < r.length ? r[i] : fill))));
}

function product(values: readonly unknown[]): unknown[] {
  let rows: unknown[][] = [[]];
  for (const value of values) {
    const items = itemsOf(value);
    allocate(rows.length * items.length);
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  return rows.map((row) => new PyTuple(row));
}

/** Rows of `size` items: all orders, or each set once. */
function choices(value: unknown, size: unknown, ordered: boolean): unknown[] {
  const items = list(value);
  const wanted = size === null ? items.length : Number(size);
  const out: unknown[] = [];
  const extend = (row: readonly number[]) => {
    spend();
    if (row.length === wanted) {
      allocate(wanted);
      out.push(new PyTuple(row.map((i) => items[i])));
      return;
    }
    for (let i = ordered ? 0 : (row.at(-1) ?? -1) + 1; i < items.length; i++)
      if (!row.includes(i)) extend([...row, i]);
  };
  extend([]);
  return out;
}

function subelements(context: Context, value: unknown, path: unknown, skipMissing: unknown): unknown {
  const source = value instanceof PyDict ? [...value.values()] : itemsOf(value);
  const parts = textOf(path)?.split(".") ?? list(path);
  const out: unknown[] = [];
  for (const item of source) {
    let inner: unknown = item;
    for (const part of parts) {
      inner = context.environment.getitem(inner, part);
      if (inner instanceof Undefined) break;
    }
    if (inner instanceof Undefined) {
      if (truth(skipMissing)) continue;
      throw new FilterArgumentError(`could not find ${repr(path)} key in iterated item ${repr(item)}`);
    }
    if (!Array.isArray(inner)) throw new FilterArgumentError(`the key ${str(path)} should point to a list`);
    for (const one of inner) out.push(PyTuple.of(item, one));
  }
  return out;
}

function extract(context: Context, key: unknown, container: unknown, more: unknown): unknown {
  const keys = more === null ? [key] : Array.isArray(more) ? [key, ...more] : [key, more];
  return keys.reduce((value, k) => context.environment.getitem(value, k), container);
}

/** Numbers inside texts compare as numbers: Ethernet2 before Ethernet10. */
function naturalKey(value: unknown): PyTuple {
  const parts = str(value).toLowerCase().split(/(\d+)/);
  return new PyTuple(parts.map((part, i) => (i % 2 === 1 ? Number(part) : part)));
}

function naturalSort(context: Context, value: unknown, key: unknown): unknown {
  if (value instanceof Undefined || value === null) return [];
  const keyed = list(value).map((item) => {
    const subject = key !== null && item instanceof PyDict ? context.environment.getitem(item, key) : item;
    return { item, key: naturalKey(subject instanceof Undefined ? item : subject) };
  });
  return keyed.sort((a, b) => compare(a.key, b.key)).map((k) => k.item);
}

/** `Ethernet1-3,5`, `Ethernet1/1-2`: every name in it. */
function rangeExpand(_context: Context, value: unknown): unknown {
  if (value instanceof Undefined) value.fail();
  const texts = Array.isArray(value) ? value.map(str) : [str(value)];
  const out: string[] = [];
  for (const text of texts) {
    let prefix = "";
    for (const part of text.split(",")) {
      const own = /^(.*?)(\d+(?:-\d+)?(?:[/.]\d+(?:-\d+)?)*)$/.exec(part.trim());
      if (!own) {
        out.push(part.trim());
        continue;
      }
      if (own[1]) prefix = own[1];
      out.push(...expandNumbers(own[2] ?? "").map((numbers) => prefix + numbers));
    }
  }
  return out;
}

function expandNumbers(text: string): string[] {
  let out = [""];
  for (const piece of text.split(/([/.])/)) {
    const span = /^(\d+)-(\d+)$/.exec(piece);
    const options = span ? numbersBetween(Number(span[1]), Number(span[2])) : [piece];
    allocate(out.length * options.length);
    out = out.flatMap((head) => options.map((option) => head + option));
  }
  return out;
}

function numbersBetween(from: number, to: number): string[] {
  if (from > to) throw valueError(`the range ${from}-${to} ends before it begins`);
  allocate(to - from);
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}

const pair = (run: (a: readonly unknown[], b: readonly unknown[]) => unknown): FilterFunction =>
  filter({ other: REQUIRED }, (_c, value, other) => run(itemsOf(value), itemsOf(other)));

const variadic =
  (run: (values: readonly unknown[], kwargs: ReadonlyMap<string, unknown>) => unknown): FilterFunction =>
  (_context, value, args, kwargs) => {
    if (value instanceof Undefined) value.fail();
    return run([value, ...args], kwargs ?? new Map());
  };

/** Ansible's filters on lists and dicts, by name. */
export const COLLECTION_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  [
    "combine",
    variadic((values, kwargs) =>
      combine(values, truth(kwargs.get("recursive") ?? false), str(kwargs.get("list_merge") ?? "replace")),
    ),
  ],
  ["dict2items", filter({ key_name: "key", value_name: "value" }, dictToItems)],
  ["items2dict", filter({ key_name: "key", value_name: "value" }, itemsToDict)],
  ["difference", pair((a, b) => unique(without(a, b)))],
  ["intersect", pair((a, b) => unique(a.filter((item) => contains(b, item))))],
  ["union", pair((a, b) => unique([...a, ...b]))],
  ["symmetric_difference", pair((a, b) => unique([...without(a, b), ...without(b, a)]))],
  [
    "flatten",
    filter({ levels: null, skip_nulls: true }, (_c, value, levels, skip) =>
      flatten(value, levels, truth(skip)),
    ),
  ],
  ["zip", variadic((values) => zip(values, false, null))],
  ["zip_longest", variadic((values, kwargs) => zip(values, true, kwargs.get("fillvalue") ?? null))],
  [
    "product",
    variadic((values, kwargs) => {
      const times = kwargs.get("repeat") ?? 1;
      if (!isInt(times) || Number(times) > 20) throw typeError("repeat must be a small whole number");
      return product(Array.from({ length: Number(times) }, () => values).flat());
    }),
  ],
  ["permutations", filter({ r: null }, (_c, value, size) => choices(value, size, true))],
  ["combinations", filter({ r: REQUIRED }, (_c, value, size) => choices(value, size, false))],
  ["subelements", filter({ subelements: REQUIRED, skip_missing: false }, subelements)],
  ["extract", filter({ container: REQUIRED, morekeys: null }, extract)],
  ["natural_sort", filter({ sort_key: null }, naturalSort)],
  ["range_expand", filter({}, rangeExpand)],
]);

/** Whether all items of `value` are in `other`. */
export const isSubsetOf = (value: unknown, other: unknown): boolean =>
  [...iterate(value)].every((item) => contains(list(other), item));
