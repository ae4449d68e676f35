import { format } from "../../../../src/python/values/format-spec.ts";
import {
  float,
  isFloat,
  isInt,
  parseFloatText,
  parseInteger,
  toDouble,
} from "../../../../src/python/values/numbers.ts";
import { str } from "../../../../src/python/values/text.ts";
import type { FunctionCall } from "../attributes.ts";
import type { Output } from "../output.ts";
import { type TableStyle, tableStyle } from "./table-style.ts";

type Alignment = "left" | "right" | "center" | "decimal" | null;

interface TabulateOptions {
  readonly style: TableStyle;
  readonly numbers: Alignment;
  readonly texts: Alignment;
  readonly floatFormat: string;
  readonly missing: string;
  readonly parseNumbers: boolean;
}

/** The rows, headings first, as `tabulate` prints them, with the options of `format_attributes`. */
export function tabulate(table: readonly (readonly unknown[])[], output: Output): string {
  const options = optionsOf(output.attributes.get("format_attributes") as FunctionCall | undefined);
  const [headings = [], ...rows] = table;
  const columns = headings.map((_, index) => rows.map((row) => row[index]));
  const laidOut = columns.map((values, index) => layOut(str(headings[index]), values, options));
  return options.style.print(
    laidOut.map((column) => column.heading),
    rows.map((_, row) => laidOut.map((column) => column.cells[row] ?? "")),
    laidOut.map((column) => column.width),
    laidOut.map((column) => column.alignment),
  );
}

function optionsOf(call: FunctionCall | undefined): TabulateOptions {
  const named = call?.kwargs ?? new Map<string, unknown>();
  const style = tableStyle(str(named.get("tablefmt") ?? "simple"));
  return {
    style,
    numbers: (named.get("numalign") ?? style.numberAlignment) as Alignment,
    texts: (named.get("stralign") ?? style.textAlignment) as Alignment,
    floatFormat: str(named.get("floatfmt") ?? "g"),
    missing: str(named.get("missingval") ?? ""),
    parseNumbers: named.get("disable_numparse") !== true && style.parsesNumbers,
  };
}

interface Column {
  readonly heading: string;
  readonly cells: readonly string[];
  readonly width: number;
  readonly alignment: Alignment;
}

function layOut(heading: string, values: readonly unknown[], options: TabulateOptions): Column {
  const kind = columnKind(values, options.parseNumbers);
  const alignment = kind === "text" ? options.texts : options.numbers;
  const texts = values.map((value) => cellText(value, kind, options));
  const points = alignment === "decimal" ? withDecimals(texts) : texts;
  const width = Math.max(heading.length + options.style.minimumPadding, ...points.map((text) => text.length));
  const side = alignment === "decimal" ? "right" : alignment;
  return {
    heading: align(heading, width, side),
    cells: points.map((text) => align(text, width, side)),
    width,
    alignment,
  };
}

/** Numbers in texts count as numbers, as in `tabulate`. */
function columnKind(values: readonly unknown[], parseNumbers: boolean): "int" | "float" | "text" {
  let kind: "int" | "float" = "int";
  let any = false;
  for (const value of values) {
    if (value === null || value === undefined || value === "") continue;
    any = true;
    if (typeof value === "boolean") return "text";
    const text = parseNumbers ? str(value) : undefined;
    if (isInt(value) || (text !== undefined && parseInteger(text) !== undefined)) continue;
    if (!isFloat(value) && (text === undefined || parseFloatText(text) === undefined)) return "text";
    kind = "float";
  }
  return any ? kind : "text";
}

function cellText(value: unknown, kind: "int" | "float" | "text", options: TabulateOptions): string {
  if (value === null || value === undefined) return options.missing;
  if (value === "" || kind !== "float") return str(value).replace(/^ +| +$/g, kind === "text" ? "" : "$&");
  const number = isFloat(value) || isInt(value) ? toDouble(value) : (parseFloatText(str(value)) ?? 0);
  return format(float(number), options.floatFormat);
}

function withDecimals(texts: readonly string[]): string[] {
  const decimals = texts.map(afterPoint);
  const most = Math.max(-1, ...decimals);
  return texts.map((text, index) => text + " ".repeat(most - (decimals[index] ?? 0)));
}

/** How many characters stand from the decimal point on; -1 counts as none where there is no point. */
function afterPoint(text: string): number {
  if (parseFloatText(text) === undefined || parseInteger(text) !== undefined) return -1;
  const point = text.lastIndexOf(".");
  const at = point === -1 ? text.toLowerCase().lastIndexOf("e") : point;
  return at === -1 ? -1 : text.length - at - 1;
}

function align(text: string, width: number, side: Alignment): string {
  if (side === "left") return text.padEnd(width);
  if (side === "right") return text.padStart(width);
  if (side !== "center") return text;
  const missing = width - text.length;
  return " ".repeat(Math.floor(missing / 2)) + text + " ".repeat(Math.ceil(missing / 2));
}
