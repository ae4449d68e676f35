import {
  allocate,
  attributeError,
  binary,
  callMethod,
  characters,
  isInt,
  type Kwargs,
  length,
  PyDict,
  PyTuple,
  percentFormat,
  prettyPrint,
  REQUIRED,
  splitLines,
  str,
  strip,
  textLength,
  textOf,
  truth,
  typeError,
  typeName,
} from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { FilterArgumentError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { escaped, Markup } from "../markup.ts";
import { Undefined } from "../undefined.ts";
import { wrapText } from "./word-wrap.ts";

/** The value as text that keeps being safe. */
function soft(value: unknown): string | Markup {
  return value instanceof Markup ? value : str(value);
}

const like = (value: unknown, text: string): string | Markup =>
  value instanceof Markup ? new Markup(text) : text;

/** A string method as a filter: safe text stays safe. */
const viaMethod =
  (name: string) =>
  (_context: Context, value: unknown, ...args: unknown[]): unknown => {
    const text = soft(value);
    return like(text, str(callMethod(str(text), name, args, undefined)));
  };

function titleCase(_context: Context, value: unknown): unknown {
  const text = soft(value);
  const words = str(text).split(/([-\s({[<]+)/u);
  return like(
    text,
    words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()).join(""),
  );
}

function indent(_context: Context, value: unknown, width: unknown, first: unknown, blank: unknown): unknown {
  const prefix = textOf(width) ?? " ".repeat(Math.min(Math.max(0, toInt(width)), 10_000));
  const source = value instanceof Markup ? value : stringOnly(value);
  const safe = source instanceof Markup;
  const lead = safe ? escaped(width instanceof Markup ? width : prefix).text : prefix;
  const text = `${str(source)}\n`;
  let out: string;
  if (truth(blank)) out = splitLines(text).join(`\n${lead}`);
  else {
    const [head = "", ...rest] = splitLines(text);
    out = [head, ...rest.map((line) => (line === "" ? line : lead + line))].join("\n");
  }
  allocate(out.length);
  if (truth(first)) out = lead + out;
  return safe ? new Markup(out) : out;
}

function stringOnly(value: unknown): string {
  if (value instanceof Undefined) return str(value);
  const text = textOf(value);
  if (text === undefined)
    throw typeError(`unsupported operand type(s) for +=: '${typeName(value)}' and 'str'`);
  return text;
}

function toInt(value: unknown): number {
  if (!isInt(value)) throw typeError(`can't multiply sequence by non-int of type '${typeName(value)}'`);
  return Number(value);
}

function replace(context: Context, value: unknown, old: unknown, fresh: unknown, count: unknown): unknown {
  const limit = count === null ? -1 : count;
  const marked =
    value instanceof Markup ||
    old instanceof Markup ||
    (fresh instanceof Markup && !(value instanceof Markup));
  if (!context.autoescape)
    return like(value, str(callMethod(str(value), "replace", [str(old), str(fresh), limit], undefined)));
  const text = marked || old instanceof Markup || fresh instanceof Markup ? escaped(value) : soft(value);
  const safe = text instanceof Markup;
  const part = (v: unknown) => (safe ? escaped(soft(v)).text : str(v));
  return like(text, str(callMethod(str(text), "replace", [part(old), part(fresh), limit], undefined)));
}

function formatFilter(value: unknown, args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
  if (args.length > 0 && kwargs && kwargs.size > 0) {
    throw new FilterArgumentError("can't handle positional and keyword arguments at the same time");
  }
  const values = kwargs && kwargs.size > 0 ? new PyDict(kwargs) : new PyTuple(args);
  return value instanceof Markup ? binary("%", value, values) : percentFormat(str(value), values);
}

function truncate(
  context: Context,
  value: unknown,
  size: unknown,
  killWords: unknown,
  end: unknown,
  leeway: unknown,
): unknown {
  const limit = toInt(size);
  const tail = str(end);
  const slack = leeway === null ? context.environment.options.policies["truncate.leeway"] : toInt(leeway);
  if (limit < textLength(tail)) {
    throw new FilterArgumentError(`expected length >= ${textLength(tail)}, got ${limit}`);
  }
  if (slack < 0) throw new FilterArgumentError(`expected leeway >= 0, got ${slack}`);
  const chars = characters(length(value) >= 0 ? str(value) : "");
  if (chars.length <= limit + slack) return value;
  const cut = chars.slice(0, limit - textLength(tail)).join("");
  if (truth(killWords)) return like(value, cut + tail);
  const space = cut.lastIndexOf(" ");
  return like(value, (space < 0 ? cut : cut.slice(0, space)) + tail);
}

function wordCount(_context: Context, value: unknown): unknown {
  return str(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
}

/** The text of a value that must be one. */
function lineText(value: unknown): string {
  if (value instanceof Undefined) value.fail();
  const text = textOf(value);
  if (text === undefined) throw attributeError(`'${typeName(value)}' object has no attribute 'splitlines'`);
  return text;
}

function wordWrap(
  context: Context,
  value: unknown,
  width: unknown,
  breakLong: unknown,
  ending: unknown,
  breakHyphens: unknown,
): unknown {
  const glue = ending === null ? context.environment.options.newline_sequence : str(ending);
  const lines = splitLines(lineText(value)).map((line) =>
    wrapText(line, toInt(width), truth(breakLong), truth(breakHyphens)).join(glue),
  );
  return lines.join(glue);
}

const trim = (_context: Context, value: unknown, chars: unknown): unknown =>
  like(value, strip(str(value), chars, "both"));

/** Filters on text, by name. */
export const TEXT_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ["capitalize", filter({}, viaMethod("capitalize"))],
  ["lower", filter({}, viaMethod("lower"))],
  ["upper", filter({}, viaMethod("upper"))],
  ["title", filter({}, titleCase)],
  ["trim", filter({ chars: null }, trim)],
  ["center", filter({ width: 80 }, viaMethod("center"))],
  ["indent", filter({ width: 4, first: false, blank: false }, indent)],
  ["replace", filter({ old: REQUIRED, new: REQUIRED, count: null }, replace)],
  ["format", (_context, value, args, kwargs) => formatFilter(value, args, kwargs)],
  ["string", filter({}, (_c, value) => soft(value))],
  ["truncate", filter({ length: 255, killwords: false, end: "...", leeway: null }, truncate)],
  ["wordcount", filter({}, wordCount)],
  [
    "wordwrap",
    filter({ width: 79, break_long_words: true, wrapstring: null, break_on_hyphens: true }, wordWrap),
  ],
  ["pprint", filter({}, (_c, value) => prettyPrint(value))],
]);
