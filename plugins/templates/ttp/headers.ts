import { ttpErrors } from "../../../src/errors/ttp.ts";
import { parseInteger } from "../../../src/python/values/numbers.ts";
import { requireArgument } from "./arguments.ts";
import type { FunctionCall } from "./attributes.ts";

/**
 * The regular expression of a table's row, made of its heading line: every column is as wide as its heading. `columns(n)`
 * among the calls says how many columns must be filled; the others may be missing.
 *
 * @example headersRegex("Port  Name  Status", []).regex
 * // \n(?P<Port>.{6})(?P<Name>.{1,6})...
 */
export function headersRegex(
  headingLine: string,
  calls: readonly FunctionCall[],
): { readonly regex: string; readonly names: readonly string[] } {
  const headings = headingLine.match(/\S+\s+|\S+/g) ?? [];
  const line = headingLine.replaceAll("\t", "    ");
  const indent = " ".repeat(line.length - line.trimStart().length);
  const columns = [...headings];
  if (columns[0] !== undefined) columns[0] = indent + columns[0];
  const names = columns.map((heading) => heading.trim());
  const required = requiredColumns(columns.length, calls);
  if (required < 1) {
    const what = `'${headingLine.trim()}' has too few headings for _headers_; say how many are always filled with columns(n)`;
    throw ttpErrors.TtpTemplateInvalid({ what });
  }

  const row = columns.map((heading, index) => {
    const name = heading.trim();
    const width = heading.length;
    if (index === columns.length - 1) return `(?P<${name}>.${required >= columns.length ? "{1,}" : "*"})`;
    if (index < required - 1) return `(?P<${name}>.{${width}})`;
    return `(?P<${name}>.{${index === required - 1 ? 1 : 0},${width}})`;
  });
  return { regex: `\\n${row.join("")}(?=\\n|\\r\\n)`, names };
}

function requiredColumns(count: number, calls: readonly FunctionCall[]): number {
  const asked = calls.findLast((call) => call.name === "columns");
  if (asked === undefined) return count - 2;
  const value = requireArgument(asked, 0);
  const number = typeof value === "number" ? value : Number(parseInteger(String(value)) ?? Number.NaN);
  return Math.min(Math.max(1, number), count);
}
