import { PyDict } from "../../../src/python/values/dict.ts";
import { equal } from "../../../src/python/values/equality.ts";
import { PyType } from "../../../src/python/values/object.ts";
import { repr } from "../../../src/python/values/text.ts";
import { PyTuple } from "../../../src/python/values/tuple.ts";
import { typeName } from "../../../src/python/values/type-name.ts";

/** Kinds of differences, in the order in which DeepDiff reports them. */
const KINDS = [
  "type_changes",
  "dictionary_item_added",
  "dictionary_item_removed",
  "values_changed",
  "iterable_item_added",
  "iterable_item_removed",
] as const;
type Kind = (typeof KINDS)[number];

interface DiffOptions {
  /** Lists are compared as bags. */
  readonly ignoreOrder: boolean;
}

/**
 * The differences between two values as DeepDiff's text view reports them: by kind, then by path such as `root['a'][0]`.
 *
 * @example deepDiff([1], [2], { ignoreOrder: false })  // {'values_changed': {'root[0]': {'new_value': 2, 'old_value': 1}}}
 */
export function deepDiff(before: unknown, after: unknown, options: DiffOptions): PyDict {
  const found = new Map<Kind, PyDict>();
  const note = (kind: Kind, path: string, detail: unknown): void => {
    const entries = found.get(kind) ?? new PyDict();
    entries.set(path, detail);
    found.set(kind, entries);
  };
  compare(before, after, "root", options, note);
  const report = new PyDict();
  for (const kind of KINDS) {
    const entries = found.get(kind);
    if (entries === undefined) continue;
    // Items of dictionaries are reported by their paths only.
    report.set(kind, kind.startsWith("dictionary") ? [...entries.keys()] : entries);
  }
  return report;
}

type Note = (kind: Kind, path: string, detail: unknown) => void;

function compare(before: unknown, after: unknown, path: string, options: DiffOptions, note: Note): void {
  if (typeName(before) !== typeName(after)) {
    const types = [
      ["old_type", new PyType(typeName(before))],
      ["new_type", new PyType(typeName(after))],
    ] as const;
    note("type_changes", path, new PyDict([...types, ["old_value", before], ["new_value", after]]));
  } else if (before instanceof PyDict && after instanceof PyDict) {
    compareDicts(before, after, path, options, note);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    if (options.ignoreOrder) compareBags(before, after, path, note);
    else compareLists(before, after, path, options, note);
  } else if (before instanceof PyTuple && after instanceof PyTuple) {
    compareLists(before.items, after.items, path, options, note);
  } else if (!equal(before, after)) {
    note(
      "values_changed",
      path,
      new PyDict([
        ["new_value", after],
        ["old_value", before],
      ]),
    );
  }
}

function compareDicts(before: PyDict, after: PyDict, path: string, options: DiffOptions, note: Note): void {
  for (const [key, value] of after.items())
    if (!before.has(key)) note("dictionary_item_added", `${path}[${repr(key)}]`, value);
  for (const [key, value] of before.items())
    if (!after.has(key)) note("dictionary_item_removed", `${path}[${repr(key)}]`, value);
  for (const [key, value] of after.items()) {
    if (before.has(key)) compare(before.get(key), value, `${path}[${repr(key)}]`, options, note);
  }
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  options: DiffOptions,
  note: Note,
): void {
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const place = `${path}[${index}]`;
    if (index >= before.length) note("iterable_item_added", place, after[index]);
    else if (index >= after.length) note("iterable_item_removed", place, before[index]);
    else compare(before[index], after[index], place, options, note);
  }
}

function compareBags(before: readonly unknown[], after: readonly unknown[], path: string, note: Note): void {
  for (const [index, item] of after.entries()) {
    if (!before.some((other) => equal(item, other))) note("iterable_item_added", `${path}[${index}]`, item);
  }
  for (const [index, item] of before.entries()) {
    if (!after.some((other) => equal(item, other))) note("iterable_item_removed", `${path}[${index}]`, item);
  }
}
