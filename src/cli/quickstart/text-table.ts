import { stripVTControlCharacters } from "node:util";

/** Rows as text in columns that are as wide as their widest cell; the first row is the heading. */
export function textTable(rows: readonly (readonly string[])[], indent = "  "): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, width(cell));
    });
  }
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)));
      return `${indent}${cells.join("  ")}`.trimEnd();
    })
    .join("\n");
}

/** Colours take no room. */
const width = (text: string) => stripVTControlCharacters(text).length;
