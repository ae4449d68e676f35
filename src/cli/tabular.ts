/**
 * Rows as a table in columns, for people. Lists within a cell are joined by commas, other structures are JSON.
 *
 * @throws TypeError when the value holds anything but objects, in lists or alone
 */
export function tabular(value: unknown): string {
  const rows = rowsIn(value);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) return "";
  const lines = [
    columns.map((column) => column.toUpperCase()),
    ...rows.map((row) => columns.map((column) => cell(row[column]))),
  ];
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => (line[i] ?? "").length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((text, i) => text.padEnd(widths[i] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

type TableRow = Readonly<Record<string, unknown>>;

/** The objects in lists of lists: parsers differ in how deep they nest their rows. */
function rowsIn(value: unknown): TableRow[] {
  if (Array.isArray(value)) return value.flatMap(rowsIn);
  if (typeof value === "object" && value !== null) return [value as TableRow];
  throw new TypeError("the result is no list of rows: use -o json or -o yaml");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null)) {
    return value.map(cell).join(", ");
  }
  if (typeof value === "object") return JSON.stringify(value);
  return String(value).replace(/\s+/g, " ");
}
