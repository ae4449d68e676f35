import { pythonQuote } from "../../../src/python/re/index.ts";
import { TableError } from "./errors.ts";
import type { Cell, ListItem, Row } from "./record.ts";
import { csvText } from "./table-text.ts";

/** A cell of a table: text, or the texts of a list. */
export type TextCell = string | string[];

/**
 * Rows under a header, as the original's clitable has them. Everything in it is text: an item of a list that is not becomes
 * what Python prints for it ("None", "{'name': 'x'}").
 */
export class TextTable {
  readonly header: string[];
  rows: TextCell[][] = [];

  constructor(header: readonly string[]) {
    this.header = [...header];
  }

  /** Adds a row; throws `TableError` when it is not as wide as the header. */
  append(row: Row): void {
    if (row.length !== this.header.length) {
      throw new TableError(`A row has ${row.length} cells, the header ${this.header.length}.`);
    }
    this.rows.push(row.map(textCell));
  }

  /**
   * Adds the other table's columns that this one lacks. Rows go together where `keys` are equal, or by their number where
   * there are no keys; a row without a partner gets "".
   */
  extend(other: TextTable, keys: ReadonlySet<string>): void {
    for (const key of keys) {
      if (!this.header.includes(key)) throw new TableError(`Unknown key: '${key}'`);
    }
    const added = other.header.filter((column) => !this.header.includes(column));
    if (added.length === 0) return;
    const from = added.map((column) => other.header.indexOf(column));
    for (const column of added) {
      // The original looks for the name in the whole table printed as text, cells included.
      if (csvText(this).includes(column)) {
        throw new TableError(`Column ${pythonQuote(column)} already in table.`);
      }
      this.header.push(column);
      for (const row of this.rows) row.push("");
    }
    if (this.rows.length === 0 || other.rows.length === 0) return;
    const missing = [...keys].find((key) => !other.header.includes(key));
    if (missing !== undefined)
      throw new TableError(`The second table has no column ${missing}, which is a key.`);
    const mine = [...keys].map((key) => this.header.indexOf(key));
    const theirs = [...keys].map((key) => other.header.indexOf(key));
    const partners = keys.size > 0 ? rowsByKey(other.rows, theirs) : undefined;
    for (const [number, row] of this.rows.entries()) {
      const partner = partners === undefined ? other.rows[number] : partners.get(keyOf(row, mine));
      if (partner === undefined) continue;
      row.splice(-from.length, from.length, ...from.map((index) => partner[index] ?? ""));
    }
  }

  /** Sorts by columns, or by all of them where none is given: then numbers count as numbers. Equal rows keep their order. */
  sort(columns: readonly string[] = []): void {
    const indexes = columns.map((column) => this.header.indexOf(column));
    const keys = new Map(
      this.rows.map((row) => [
        row,
        indexes.length > 0 ? indexes.map((i) => row[i] ?? "") : row.map(numberOrText),
      ]),
    );
    this.rows = this.rows.toSorted((a, b) => compareLists(keys.get(a) ?? [], keys.get(b) ?? []));
  }

  /** The rows as objects with lower-case keys, as `ntc_templates` gives them. */
  toObjects(): Record<string, TextCell>[] {
    const keys = this.header.map((column) => column.toLowerCase());
    return this.rows.map((row) => Object.fromEntries(keys.map((key, index) => [key, row[index] ?? ""])));
  }
}

/** A cell with the items of a list as text. */
export function textCell(cell: Cell): TextCell {
  return typeof cell === "string" ? cell : cell.map(itemText);
}

/** What Python's `str` makes of an item of a list. */
function itemText(item: ListItem): string {
  if (typeof item === "string") return item;
  if (item === null) return "None";
  const entries = Object.entries(item).map(
    ([name, text]) => `${pythonQuote(name)}: ${text === null ? "None" : pythonQuote(text)}`,
  );
  return `{${entries.join(", ")}}`;
}

/** First row of each key: later ones with the same key never get a partner. */
function rowsByKey(rows: readonly TextCell[][], columns: readonly number[]): Map<string, TextCell[]> {
  const byKey = new Map<string, TextCell[]>();
  for (const row of rows) {
    const key = keyOf(row, columns);
    if (!byKey.has(key)) byKey.set(key, row);
  }
  return byKey;
}

function keyOf(row: readonly TextCell[], columns: readonly number[]): string {
  return JSON.stringify(columns.map((index) => row[index]));
}

const PYTHON_FLOAT =
  /^\s*[+-]?((\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?|inf|infinity|nan)\s*$/i;

function numberOrText(cell: TextCell): number | TextCell {
  if (typeof cell !== "string") throw new TableError("A list cannot be sorted without a key.");
  if (!PYTHON_FLOAT.test(cell)) return cell;
  const text = cell.trim().toLowerCase().replaceAll("_", "");
  if (text.includes("n")) {
    if (text.includes("nan")) return Number.NaN;
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return Number(text);
}

type SortKey = number | TextCell;

function compareLists(a: readonly SortKey[], b: readonly SortKey[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareCells(a[i] ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareCells(a: SortKey, b: SortKey): number {
  if (typeof a === "number" && typeof b === "number") return a - b || 0;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b);
  throw new TableError("A column holds both numbers and text, which have no order.");
}

/** Order by code points, as Python has it; JavaScript's `<` compares UTF-16 units. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  for (let i = 0; ; i++) {
    const left = a.codePointAt(i);
    const right = b.codePointAt(i);
    if (left === right) continue;
    if (left === undefined) return -1;
    return right === undefined ? 1 : left - right;
  }
}
