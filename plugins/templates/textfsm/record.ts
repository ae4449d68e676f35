import type { Value } from "./value.ts";

/** What one item of a List value can be: text, null where the value took no part in the match, or its nested named groups. */
export type ListItem = string | null | Readonly<Record<string, string | null>>;
/** One cell of a result: text, or a list for List values. */
export type Cell = string | ListItem[];
export type Row = Cell[];

/** Python has None where a value is not set; here it is null. */
type Content = string | null | ListItem[];

/** The record under construction: one cell for each value, and what the values' options remember. */
export class RecordInProgress {
  readonly #values: readonly Value[];
  readonly #rows: Row[];
  readonly #contents: Content[];
  /** What Filldown values fall back to. */
  readonly #filldown: Content[];
  readonly #lists: ListItem[][];
  readonly #nested: readonly boolean[];

  /** Rows are appended to `rows`; Fillup writes into them. */
  constructor(values: readonly Value[], rows: Row[]) {
    this.#values = values;
    this.#rows = rows;
    this.#contents = values.map(() => null);
    this.#filldown = values.map(() => null);
    this.#lists = values.map(() => []);
    this.#nested = values.map((value) => value.pattern.groups > 1);
  }

  assign(index: number, text: string | null): void {
    this.#contents[index] = text;
    const value = this.#values[index];
    if (value === undefined || value.options.length === 0) return;
    for (const option of value.options) {
      if (option === "Filldown") this.#filldown[index] = text;
      else if (option === "List") this.#lists[index]?.push(this.#listItem(value, index, text));
      else if (option === "Fillup" && text) this.#fillUp(index, text);
    }
  }

  /** Forgets what does not fill down. */
  clear(): void {
    for (let index = 0; index < this.#values.length; index++) {
      const options = this.#values[index]?.options ?? [];
      const fillsDown = options.length > 0 && options.includes("Filldown");
      this.#contents[index] = fillsDown ? (this.#filldown[index] ?? null) : null;
      if (options.length > 0 && !fillsDown && options.includes("List")) this.#lists[index] = [];
    }
  }

  /** Forgets everything. */
  clearAll(): void {
    for (let index = 0; index < this.#values.length; index++) {
      this.#contents[index] = null;
      this.#filldown[index] = null;
      this.#lists[index] = [];
    }
  }

  /** Makes a row of the record, unless it is empty or lacks a Required value. */
  save(): boolean {
    if (this.#values.length === 0) return false;
    let empty = true;
    const row: Row = [];
    for (let index = 0; index < this.#values.length; index++) {
      if (!this.#prepare(index)) {
        this.clear();
        return false;
      }
      const content = this.#contents[index] ?? null;
      if (content !== null && !(Array.isArray(content) && content.length === 0)) empty = false;
      row.push(content ?? "");
    }
    // The original leaves an empty record as it is: its lists are kept, not cleared.
    if (empty) return false;
    this.#rows.push(row);
    this.clear();
    return true;
  }

  /** Runs the options in their order: a Required before a List looks at the last text, after it at the list. */
  #prepare(index: number): boolean {
    for (const option of this.#values[index]?.options ?? []) {
      if (option === "List") this.#contents[index] = [...(this.#lists[index] ?? [])];
      else if (option === "Required") {
        const content = this.#contents[index] ?? null;
        if (content === null || content.length === 0) return false;
      }
    }
    return true;
  }

  #listItem(value: Value, index: number, text: string | null): ListItem {
    if (!this.#nested[index]) return text;
    if (text === null) {
      throw new TypeError(`List value ${value.name} has groups, but took no part in the match`);
    }
    const groups = value.pattern.match(text)?.groupdict();
    return groups !== undefined && Object.keys(groups).length > 0 ? groups : text;
  }

  #fillUp(index: number, text: string): void {
    for (let at = this.#rows.length - 1; at >= 0; at--) {
      const row = this.#rows[at];
      if (row === undefined || (row[index]?.length ?? 0) > 0) return;
      row[index] = text;
    }
  }
}
