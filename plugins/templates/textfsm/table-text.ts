import { pythonQuote } from "../../../src/python/re/index.ts";
import { TableError } from "./errors.ts";
import type { TextCell, TextTable } from "./table.ts";

/** The table as comma-separated lines, header first. */
export function csvText(table: TextTable): string {
  return [table.header, ...table.rows].map((row) => `${row.map(pythonText).join(", ")}\n`).join("");
}

/**
 * One line for each cell: the row's labels, the column, the value. `labels` are the columns that name a row; without any the
 * original takes the letters of the first column's name, and fails unless each is a column.
 */
export function labelValueText(table: TextTable, labels: readonly string[]): string {
  const wanted = labels.length > 0 ? labels : Array.from(table.header[0] ?? "");
  for (const label of wanted) {
    if (!table.header.includes(label)) throw new TableError(`Invalid label prefix: ${label}.`);
  }
  const sorted = table.header.filter((column) => wanted.includes(column));
  let text = `# LABEL ${sorted.join(".")}\n`;
  for (const row of table.rows) {
    const prefix = row.filter((_, i) => sorted.includes(table.header[i] ?? "")).join(".");
    for (const [i, cell] of row.entries()) {
      const column = table.header[i] ?? "";
      if (!sorted.includes(column)) text += `${prefix}.${column} ${pythonText(cell)}\n`;
    }
  }
  return text;
}

/** The table in columns that fit a width of characters. Throws `TableError` when its words do not fit. */
export function formattedText(table: TextTable, width = 80): string {
  const texts = [table.header, ...table.rows].map((row) =>
    row.map((cell) => (typeof cell === "string" ? cell : cell.join(", "))),
  );
  const widths = columnWidths(texts, width);
  const [header = [], ...body] = texts;
  const total = widths.reduce((sum, one) => sum + one, 0);
  let text = `${blockOf(header, widths).join("")}${"=".repeat(total)}\n`;
  let afterTall = false;
  for (const [number, row] of body.entries()) {
    const block = blockOf(row, widths);
    if (block.length > 1) afterTall = true;
    if (number > 0 && afterTall) {
      text += `${"-".repeat(total)}\n`;
      if (block.length === 1) afterTall = false;
    }
    text += block.join("");
  }
  return text;
}

const ANSI = /\x1b\[[0-9;]*m/g;

/** Each column as wide as its text where there is room; else the spare width is shared out in proportion. */
function columnWidths(texts: readonly (readonly string[])[], width: number): number[] {
  const columns = texts[0]?.length ?? 0;
  const largest: number[] = [];
  const smallest: number[] = [];
  for (let i = 0; i < columns; i++) {
    const cells = texts.map((row) => (row[i] ?? "").replace(ANSI, ""));
    largest.push(Math.max(...cells.map((cell) => cell.length)) + 2);
    smallest.push(Math.max(...cells.map(longestWord)) + 2);
  }
  const narrowest = smallest.reduce((sum, one) => sum + one, 0);
  if (narrowest > width) throw new TableError("Width too narrow to display table.");

  const open = largest.map((_, i) => i).filter((i) => largest[i] !== smallest[i]);
  let spare = width - narrowest;
  let desired = 0;
  for (const i of open) {
    spare += smallest[i] ?? 0;
    desired += largest[i] ?? 0;
  }
  const share = (i: number) => roundHalfEven(((largest[i] ?? 0) / desired) * spare);
  for (let done = false; !done; ) {
    done = true;
    // A column that leaves the list makes the walk skip the next one, as in the original.
    for (let at = 0; at < open.length; at++) {
      const i = open[at] ?? 0;
      const fits = (largest[i] ?? 0) <= share(i);
      if (!fits && (smallest[i] ?? 0) < share(i)) continue;
      if (fits) smallest[i] = largest[i] ?? 0;
      open.splice(at, 1);
      spare -= smallest[i] ?? 0;
      desired -= largest[i] ?? 0;
      done = false;
    }
  }
  for (const i of open) smallest[i] = share(i);
  return smallest;
}

/** The lines of one row, each ended. */
function blockOf(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((cell, i) => justify(cell, widths[i] ?? 0));
  const height = Math.max(...cells.map((lines) => lines.length), 0);
  return Array.from({ length: height }, (_, line) => {
    const parts = cells.map((lines, i) => lines[line] ?? " ".repeat(widths[i] ?? 0));
    return `${parts.join("")}\n`;
  });
}

/** A cell's text in lines of exactly `width` characters. */
function justify(text: string, width: number): string[] {
  if (text.includes("\n")) return text.split("\n").flatMap((paragraph) => justify(paragraph, width));
  if (width - 2 <= 0) throw new TableError("Field too small (minimum width: 3)");
  const lines = wrap(text, width - 2);
  if (lines.length === 0) return [" ".repeat(width)];
  return lines.map((line) => {
    const shown = line.replace(ANSI, "").length;
    if (shown + 2 > width) throw new TableError("String contains words that do not fit in column.");
    return ` ${line.padEnd(width - 1 + line.length - shown)}`;
  });
}

/** Breaks text at spaces and after hyphens within words, as Python's `textwrap` does when it may not break words. */
function wrap(text: string, width: number): string[] {
  const chunks = text
    .replace(/[\t\n\v\f\r]/g, " ")
    .split(/( +|[^ ]*?\w-(?=[A-Za-z]{2}))/)
    .filter((chunk) => chunk !== "");
  const lines: string[] = [];
  let at = 0;
  while (at < chunks.length) {
    // A line does not begin with the space that broke it; the first one may.
    if (lines.length > 0 && chunks[at]?.trim() === "") at++;
    let line = "";
    const first = at;
    while (at < chunks.length && (at === first || line.length + (chunks[at]?.length ?? 0) <= width)) {
      line += chunks[at++];
    }
    const trimmed = line.trimEnd();
    if (trimmed !== "") lines.push(trimmed);
  }
  return lines;
}

function longestWord(text: string): number {
  return Math.max(0, ...text.split(/\s+/).map((word) => word.length));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function pythonText(cell: TextCell): string {
  return typeof cell === "string" ? cell : `[${cell.map(pythonQuote).join(", ")}]`;
}
