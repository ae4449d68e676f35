import {
  allocate,
  binary,
  equal,
  isInt,
  itemsOf,
  iterate,
  type Kwargs,
  length,
  list,
  order,
  PyDict,
  PyIterator,
  PySet,
  PyTuple,
  REQUIRED,
  sorted,
  spend,
  str,
  textOf,
  truth,
  typeError,
} from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { FilterArgumentError, TemplateRuntimeError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { escaped, Markup } from "../markup.ts";
import { Undefined } from "../undefined.ts";
import { getter, ignoreCase, multiGetter } from "./attribute-path.ts";

const same = (value: unknown): unknown => value;
const caseOf = (sensitive: unknown) => (truth(sensitive) ? same : ignoreCase);

function first(context: Context, value: unknown): unknown {
  for (const item of iterate(value)) return item;
  return context.environment.undefined({ hint: "No first item, sequence was empty." });
}

function last(context: Context, value: unknown): unknown {
  if (value instanceof PyIterator) throw typeError("'generator' object is not reversible");
  const items = itemsOf(value);
  return items.length > 0
    ? items.at(-1)
    : context.environment.undefined({ hint: "No last item, sequence was empty." });
}

function join(context: Context, value: unknown, separator: unknown, attribute: unknown): unknown {
  const get = attribute === null ? same : getter(context, attribute);
  const items = list(value).map(get);
  const glue = str(separator);
  const safe = context.autoescape && (separator instanceof Markup || items.some((i) => i instanceof Markup));
  const texts = safe ? items.map((i) => escaped(i).text) : items.map(str);
  const out = texts.join(safe ? escaped(separator).text : glue);
  allocate(out.length);
  return safe ? new Markup(out) : out;
}

function* batches(value: unknown, size: unknown, fill: unknown): Generator<unknown> {
  const count = whole(size);
  let batch: unknown[] = [];
  for (const item of iterate(value)) {
    spend();
    if (batch.length === count) {
      yield batch;
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return;
  if (fill !== null && batch.length < count) {
    allocate(count);
    while (batch.length < count) batch.push(fill);
  }
  yield batch;
}

function* slices(value: unknown, count: unknown, fill: unknown): Generator<unknown> {
  const items = list(value);
  const parts = whole(count);
  const size = Math.floor(items.length / parts);
  const longer = items.length % parts;
  for (let i = 0, start = 0; i < parts; i++) {
    spend();
    const end = start + size + (i < longer ? 1 : 0);
    const part = items.slice(start, end);
    if (fill !== null && i >= longer) part.push(fill);
    yield part;
    start = end;
  }
}

function whole(value: unknown): number {
  if (value instanceof Undefined) value.fail();
  if (!isInt(value)) throw typeError("a whole number is expected");
  return Number(value);
}

function* unique(
  context: Context,
  value: unknown,
  sensitive: unknown,
  attribute: unknown,
): Generator<unknown> {
  const get = getter(context, attribute, caseOf(sensitive));
  const seen = new PySet();
  for (const item of iterate(value)) {
    spend();
    const key = get(item);
    if (seen.has(key)) continue;
    seen.add(key);
    yield item;
  }
}

function extreme(
  context: Context,
  value: unknown,
  sensitive: unknown,
  attribute: unknown,
  better: "<" | ">",
): unknown {
  const get = getter(context, attribute, caseOf(sensitive));
  let best: unknown;
  let key: unknown;
  let found = false;
  for (const item of iterate(value)) {
    spend();
    const candidate = get(item);
    if (found && !order(better, candidate, key)) continue;
    found = true;
    best = item;
    key = candidate;
  }
  return found ? best : context.environment.undefined({ hint: "No aggregated item, sequence was empty." });
}

function groupBy(
  context: Context,
  value: unknown,
  attribute: unknown,
  fallback: unknown,
  sensitive: unknown,
): unknown {
  const get = getter(context, attribute, same, fallback);
  const key = (item: unknown) => caseOf(sensitive)(get(item));
  const groups: { key: unknown; items: unknown[] }[] = [];
  for (const item of sorted(list(value), key)) {
    const itemKey = key(item);
    const group = groups.at(-1);
    if (group && equal(group.key, itemKey)) group.items.push(item);
    else groups.push({ key: itemKey, items: [item] });
  }
  // Without case the group is named after its first item.
  return groups.map((g) => new GroupTuple(truth(sensitive) ? g.key : get(g.items[0]), g.items));
}

/** A group: a pair whose parts also answer to `grouper` and `list`. */
export class GroupTuple extends PyTuple {
  constructor(key: unknown, items: unknown[]) {
    super([key, items]);
  }

  part(name: string): unknown {
    return name === "grouper" ? this.items[0] : name === "list" ? this.items[1] : undefined;
  }
}

function dictSort(
  _context: Context,
  value: unknown,
  sensitive: unknown,
  by: unknown,
  reverse: unknown,
): unknown {
  if (value instanceof Undefined) value.fail();
  const place = ["key", "value"].indexOf(str(by));
  if (place < 0) throw new FilterArgumentError('You can only sort by either "key" or "value"');
  if (!(value instanceof PyDict)) throw typeError("dictsort needs a mapping");
  const pairs = Array.from(value.items(), (pair) => new PyTuple(pair));
  return sorted(pairs, (pair) => caseOf(sensitive)((pair as PyTuple).items[place]), truth(reverse));
}

function* items(value: unknown): Generator<unknown> {
  if (value instanceof Undefined) return;
  if (!(value instanceof PyDict)) throw typeError("Can only get item pairs from a mapping.");
  for (const [key, item] of value.items()) yield PyTuple.of(key, item);
}

function* mapped(context: Context, value: unknown, args: readonly unknown[], kwargs: Kwargs | undefined) {
  // Nothing to do for an empty input, not even to check the arguments.
  if (!truth(value)) return;
  const apply = mapping(context, args, kwargs);
  for (const item of iterate(value)) {
    spend();
    yield apply(item);
  }
}

function mapping(
  context: Context,
  args: readonly unknown[],
  kwargs: Kwargs | undefined,
): (item: unknown) => unknown {
  if (args.length === 0 && kwargs?.has("attribute")) {
    const fallback = kwargs.get("default") ?? null;
    const extra = [...kwargs.keys()].find((k) => k !== "attribute" && k !== "default");
    if (extra !== undefined) throw new FilterArgumentError(`Unexpected keyword argument '${extra}'`);
    return getter(context, kwargs.get("attribute"), same, fallback);
  }
  if (args.length === 0) throw new FilterArgumentError("map requires a filter argument");
  const [name, ...rest] = args;
  const run = namedFilter(context, name);
  return (item) => run(context, item, rest, kwargs);
}

function namedFilter(context: Context, name: unknown): FilterFunction {
  const found = context.environment.filters.get(String(textOf(name)));
  if (!found) throw new TemplateRuntimeError(`No filter named '${str(name)}'.`);
  return found;
}

/** `select`, `reject`, `selectattr`, `rejectattr`. */
function chooser(keep: boolean, byAttribute: boolean): FilterFunction {
  function* choose(context: Context, value: unknown, args: readonly unknown[], kwargs: Kwargs | undefined) {
    if (!truth(value)) return;
    if (byAttribute && args.length === 0)
      throw new FilterArgumentError("Missing parameter for attribute name");
    const get = byAttribute ? getter(context, args[0]) : same;
    const [name, ...rest] = byAttribute ? args.slice(1) : args;
    const run = name === undefined ? undefined : context.environment.tests.get(String(textOf(name)));
    if (name !== undefined && !run) throw new TemplateRuntimeError(`No test named '${str(name)}'.`);
    for (const item of iterate(value)) {
      spend();
      const subject = get(item);
      const passed = run ? truth(run(context, subject, rest, kwargs)) : truth(subject);
      if (passed === keep) yield item;
    }
  }
  return (context, value, args, kwargs) => new PyIterator(choose(context, value, args, kwargs));
}

function reverse(value: unknown): unknown {
  const text = textOf(value);
  if (text !== undefined) {
    const turned = Array.from(text).reverse().join("");
    return value instanceof Markup ? new Markup(turned) : turned;
  }
  return new PyIterator(list(value).reverse(), Array.isArray(value) ? "list_reverseiterator" : "generator");
}

function sort(
  context: Context,
  value: unknown,
  descending: unknown,
  sensitive: unknown,
  attribute: unknown,
): unknown {
  const post = caseOf(sensitive);
  const key = attribute === null ? post : multiGetter(context, attribute, post);
  return sorted(list(value), key, truth(descending));
}

function random(context: Context, value: unknown): unknown {
  const all = itemsOf(value);
  if (all.length === 0) return context.environment.undefined({ hint: "No random item, sequence was empty." });
  return all[Math.floor(Math.random() * all.length)];
}

function sumOf(context: Context, value: unknown, attribute: unknown, start: unknown): unknown {
  const get = attribute === null ? same : getter(context, attribute);
  let total = start;
  for (const item of iterate(value)) {
    spend();
    total = binary("+", total, get(item));
  }
  return total;
}

const lengthFilter = filter({}, (_c, value) => length(value));
const generator =
  (run: (context: Context, value: unknown, ...args: unknown[]) => Generator<unknown>) =>
  (context: Context, value: unknown, ...args: unknown[]): PyIterator =>
    new PyIterator(run(context, value, ...args));

/** Filters on lists and dicts, by name. */
export const SEQUENCE_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ["first", filter({}, first)],
  ["last", filter({}, last)],
  ["length", lengthFilter],
  ["count", lengthFilter],
  ["join", filter({ d: "", attribute: null }, join)],
  [
    "batch",
    filter(
      { linecount: REQUIRED, fill_with: null },
      generator((_c, value, size, fill) => batches(value, size, fill)),
    ),
  ],
  [
    "slice",
    filter(
      { slices: REQUIRED, fill_with: null },
      generator((_c, value, count, fill) => slices(value, count, fill)),
    ),
  ],
  ["unique", filter({ case_sensitive: false, attribute: null }, generator(unique))],
  ["min", filter({ case_sensitive: false, attribute: null }, (c, v, s, a) => extreme(c, v, s, a, "<"))],
  ["max", filter({ case_sensitive: false, attribute: null }, (c, v, s, a) => extreme(c, v, s, a, ">"))],
  ["groupby", filter({ attribute: REQUIRED, default: null, case_sensitive: false }, groupBy)],
  ["dictsort", filter({ case_sensitive: false, by: "key", reverse: false }, dictSort)],
  [
    "items",
    filter(
      {},
      generator((_c, value) => items(value)),
    ),
  ],
  ["list", filter({}, (_c, value) => list(value))],
  ["map", (context, value, args, kwargs) => new PyIterator(mapped(context, value, args, kwargs))],
  ["select", chooser(true, false)],
  ["reject", chooser(false, false)],
  ["selectattr", chooser(true, true)],
  ["rejectattr", chooser(false, true)],
  ["reverse", filter({}, (_c, value) => reverse(value))],
  ["sort", filter({ reverse: false, case_sensitive: false, attribute: null }, sort)],
  ["random", filter({}, random)],
  ["sum", filter({ attribute: null, start: 0 }, sumOf)],
]);
