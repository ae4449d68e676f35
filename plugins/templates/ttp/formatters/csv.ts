import { str } from "../../../../src/python/values/text.ts";

/** Rows as lines of quoted fields. Quotes in fields stay as they are, as TTP leaves them. */
export function csvText(table: readonly (readonly unknown[])[], separator: string, quote: string): string {
  return table.map((row) => quote + row.map(str).join(`${quote}${separator}${quote}`) + quote).join("\n");
}
