import { PyDict } from "../../../../src/python/values/dict.ts";
import { equal } from "../../../../src/python/values/equality.ts";
import { contains, iterate } from "../../../../src/python/values/iteration.ts";
import { isInt, parseInteger } from "../../../../src/python/values/numbers.ts";
import { PythonError, typeError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { asText, type FunctionTable, needText, withArguments, withParameters } from "./contract.ts";
import { formatText } from "./format.ts";
import { toInteger } from "./integers.ts";

/** Match functions that test or change text. */
export const textFunctions: FunctionTable = {
  exclude: withParameters({ pattern: REQUIRED }, (data, [pattern]) => [data, !contains(data, pattern)]),
  contains: withArguments((data, patterns) => [data, patterns.some((pattern) => contains(data, pattern))]),
  equal: withParameters({ value: REQUIRED }, (data, [value]) => [data, equal(data, value)]),
  notequal: withParameters({ value: REQUIRED }, (data, [value]) => [data, !equal(data, value)]),
  isdigit: withParameters({}, (data) => [data, isDigits(asText(data, "strip"))]),
  notdigit: withParameters({}, (data) => [data, !isDigits(asText(data, "strip"))]),
  greaterthan: withParameters({ value: REQUIRED }, (data, [value]) => [data, differs(data, value, 1)]),
  lessthan: withParameters({ value: REQUIRED }, (data, [value]) => [data, differs(data, value, -1)]),
  sformat: withParameters({ string: REQUIRED }, (data, [string]) => [
    formatText(asText(string, "format"), [data]),
    null,
  ]),
  join: withParameters({ char: REQUIRED }, (data, [char]) =>
    Array.isArray(data) ? [data.map(needText).join(asText(char, "join")), null] : [data, null],
  ),
  append: withParameters({ char: REQUIRED }, (data, [char], { vars }) => {
    const value = vars.has(char) ? vars.get(char) : char;
    if (typeof data === "string") return [data + needText(value), null];
    if (Array.isArray(data)) data.push(value);
    return [data, null];
  }),
  prepend: withParameters({ char: REQUIRED }, (data, [char], { vars }) => {
    const value = vars.has(char) ? vars.get(char) : char;
    if (typeof data === "string") return [needText(value) + data, null];
    if (Array.isArray(data)) data.unshift(value);
    return [data, null];
  }),
  truncate: withParameters({ truncate: REQUIRED }, (data, [truncate]) => {
    const words = asText(data, "split").split(" ");
    const limit = needNumber(truncate);
    const kept = limit < 0 ? words.slice(0, limit) : words.slice(0, limit);
    return [words.length >= limit ? kept.join(" ") : data, null];
  }),
  replaceall: withArguments((data, args, { vars }) => {
    const [newText, oldTexts] = replacement(args);
    if (oldTexts.length === 0) return [data, null];
    let text = asText(data, "replace");
    for (const { old, by } of oldTexts.flatMap((item) => replacements(item, newText, vars))) {
      text = text.replaceAll(old, () => by);
    }
    return [text, null];
  }),
  print: withParameters({}, (data, _values, runtime) => {
    runtime.print(data);
    return [data, null];
  }),
  item: withParameters({ item_index: REQUIRED }, (data, [index]) => [
    itemAt(data, Number(toInteger(index))),
    null,
  ]),
};

/** The replacement, which is the first of several arguments or empty, and what to replace. */
export function replacement(args: readonly unknown[]): readonly [string, readonly unknown[]] {
  return args.length > 1 ? [needText(args[0]), args.slice(1)] : ["", args];
}

/** What one argument of `replaceall` replaces: itself, or what the variable of that name lists. */
function replacements(item: unknown, by: string, vars: PyDict): { old: string; by: string }[] {
  if (!vars.has(item)) return [{ old: needText(item), by }];
  const value = vars.get(item);
  if (Array.isArray(value)) return value.filter((old) => typeof old === "string").map((old) => ({ old, by }));
  if (!(value instanceof PyDict)) return [];
  return [...value.items()].flatMap(([newText, old]) => {
    const olds: unknown[] = Array.isArray(old) ? old : [old];
    return olds
      .filter((text) => typeof text === "string")
      .map((text) => ({ old: text, by: needText(newText) }));
  });
}

function isDigits(text: string): boolean {
  return /^\p{Nd}+$/u.test(text.trim());
}

function differs(data: unknown, value: unknown, sign: number): boolean {
  const left = asText(data, "strip");
  if (!isDigits(left)) return false;
  const right = asText(value, "strip");
  if (!isDigits(right)) return false;
  const a = BigInt(parseInteger(left) ?? 0);
  const b = BigInt(parseInteger(right) ?? 0);
  return sign > 0 ? a > b : a < b;
}

function needNumber(value: unknown): number {
  if (!isInt(value)) throw typeError("an integer is required");
  return Number(value);
}

/** The item at an index; beyond an end the item at that end. */
function itemAt(data: unknown, index: number): unknown {
  const items = [...iterate(data)];
  if (items.length === 0) throw new PythonError("IndexError", "index out of range");
  const place = index < 0 ? items.length + index : index;
  return items[Math.min(Math.max(place, 0), items.length - 1)];
}
