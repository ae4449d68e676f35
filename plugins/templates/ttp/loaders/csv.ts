import { PyDict } from "../../../../src/python/values/dict.ts";
import { PythonError } from "../../../../src/python/values/python-error.ts";
import { splitLines } from "../../../../src/python/values/unicode.ts";

/** A table with a heading line, as a dictionary of rows by the values of one column: `key`, or the first. */
export function loadCsv(text: string, key: string | undefined): PyDict {
  const table = new PyDict();
  const [headings, ...rows] = csvRows(splitLines(text));
  if (headings === undefined) return table;
  const keyColumn = key === undefined || key === "" ? (headings[0] ?? "") : key;
  if (!headings.includes(keyColumn)) return table;
  for (const row of rows) {
    if (row.length > headings.length)
      throw new PythonError("IndexError", "a row has more fields than headings");
    const fields = new PyDict(row.map((value, index) => [headings[index] ?? "", value]));
    if (!fields.has(keyColumn)) throw new PythonError("KeyError", `'${keyColumn}'`);
    const name = fields.get(keyColumn);
    fields.delete(keyColumn);
    table.set(name, fields);
  }
  return table;
}

/** Rows of fields; quoted fields may hold commas, doubled quotes and line ends. Empty rows are left out. */
function csvRows(lines: readonly string[]): string[][] {
  const rows: string[][] = [];
  let fields: string[] = [];
  let field = "";
  let quoted = false;
  for (const line of lines) {
    for (let at = 0; at < line.length; at += 1) {
      const char = line.charAt(at);
      if (quoted && char === '"' && line.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else if (char === '"' && (quoted || field === "")) {
        quoted = !quoted;
      } else if (char === "," && !quoted) {
        fields.push(field);
        field = "";
      } else {
        field += char;
      }
    }
    if (quoted) continue;
    if (line !== "") rows.push([...fields, field]);
    fields = [];
    field = "";
  }
  if (quoted) rows.push([...fields, field]);
  return rows;
}
