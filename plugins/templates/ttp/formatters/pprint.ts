import { PyDict } from "../../../../src/python/values/dict.ts";
import { repr } from "../../../../src/python/values/text.ts";
import { PyTuple } from "../../../../src/python/values/tuple.ts";
import { characters, compareText, textLength } from "../../../../src/python/values/unicode.ts";

/** The width that Python's `pprint` fits its lines into. */
const WIDTH = 80;

/** Python's `pprint.pformat`: on one line where that fits, else one item a line; keys are sorted. */
export function prettyText(value: unknown, indent: number): string {
  return format(value, 0, 0, indent);
}

/** `column` is where the text starts, `allowance` how many closing brackets come behind it. */
function format(value: unknown, column: number, allowance: number, indent: number): string {
  const flat = flatText(value);
  if (textLength(flat) <= WIDTH - column - allowance) return flat;
  if (Array.isArray(value)) return list("[", value, "]", column, allowance, indent);
  if (value instanceof PyTuple) {
    const close = value.items.length === 1 ? ",)" : ")";
    return list("(", value.items, close, column, allowance, indent);
  }
  if (value instanceof PyDict) return dict(value, column, allowance, indent);
  return typeof value === "string" && value !== "" ? text(value, column, allowance, indent) : flat;
}

function list(
  open: string,
  items: readonly unknown[],
  close: string,
  column: number,
  allowance: number,
  indent: number,
): string {
  const lines = items.map((item, index) => {
    const last = index === items.length - 1;
    return format(item, column + indent, last ? allowance + close.length : 1, indent);
  });
  return open + " ".repeat(Math.max(0, indent - 1)) + lines.join(`,\n${" ".repeat(column + indent)}`) + close;
}

function dict(value: PyDict, column: number, allowance: number, indent: number): string {
  const entries = sortedItems(value);
  const lines = entries.map(([key, item], index) => {
    const label = `${repr(key)}: `;
    const last = index === entries.length - 1;
    return label + format(item, column + indent + textLength(label), last ? allowance + 1 : 1, indent);
  });
  return `{${" ".repeat(Math.max(0, indent - 1))}${lines.join(`,\n${" ".repeat(column + indent)}`)}}`;
}

/** A long text is broken into adjacent literals, at line ends and between words. */
function text(value: string, column: number, allowance: number, indent: number): string {
  const lines = value.match(/[^\n]*\n|[^\n]+/g) ?? [];
  const outermost = column === 0;
  const start = outermost ? 1 : column;
  const behind = outermost ? allowance + 1 : allowance;
  const chunks: string[] = [];
  for (const [index, line] of lines.entries()) {
    const width = WIDTH - start - (index === lines.length - 1 ? behind : 0);
    if (textLength(repr(line)) <= width) chunks.push(repr(line));
    else chunks.push(...words(line, WIDTH - start, index === lines.length - 1 ? behind : 0));
  }
  if (chunks.length === 1) return repr(value);
  const joined = chunks.join(`\n${" ".repeat(start)}`);
  return outermost && indent >= 0 ? `(${joined})` : joined;
}

function words(line: string, width: number, allowance: number): string[] {
  const parts = line.match(/\S*\s*/g)?.filter((part) => part !== "") ?? [];
  const chunks: string[] = [];
  let current = "";
  for (const [index, part] of parts.entries()) {
    const room = index === parts.length - 1 ? width - allowance : width;
    if (current !== "" && characters(repr(current + part)).length > room) {
      chunks.push(repr(current));
      current = part;
    } else {
      current += part;
    }
  }
  if (current !== "") chunks.push(repr(current));
  return chunks;
}

/** `repr` with sorted keys. */
function flatText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  if (value instanceof PyTuple) {
    return `(${value.items.map(flatText).join(", ")}${value.items.length === 1 ? "," : ""})`;
  }
  if (!(value instanceof PyDict)) return repr(value);
  return `{${sortedItems(value)
    .map(([key, item]) => `${repr(key)}: ${flatText(item)}`)
    .join(", ")}}`;
}

function sortedItems(value: PyDict): [unknown, unknown][] {
  return [...value.items()].toSorted(([a], [b]) => compareKeys(a, b));
}

function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return compareText(String(a), String(b));
}
