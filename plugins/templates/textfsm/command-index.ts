import { compile, type Pattern, pythonQuote } from "../../../src/python/re/index.ts";
import { CliTableError, TableError } from "./errors.ts";
import { strip } from "./lines.ts";

/** What a command is looked up by: the columns of the index, usually `Platform` and `Command`. */
export type Attributes = Readonly<Record<string, string>>;

/** One line of an index. */
export interface IndexRow {
  /** From 1, counting rows only. */
  readonly number: number;
  /** Template files, one or more with `:` between them. */
  readonly template: string;
  /** The patterns of the other columns; an empty field has none and matches all. */
  readonly patterns: ReadonlyMap<string, Pattern>;
}

/** The table of an index file that says which templates parse which command's output. The first row that matches counts. */
export class CommandIndex {
  readonly header: readonly string[];
  readonly rows: readonly IndexRow[];
  /** Rows by platform: an index has few platforms and many rows of each. */
  readonly #byPlatform = new Map<string, readonly IndexRow[]>();

  constructor(header: readonly string[], rows: readonly IndexRow[]) {
    this.header = header;
    this.rows = rows;
  }

  /** The first row whose patterns match the start of every attribute. Attributes that are no columns are ignored. */
  find(attributes: Attributes): IndexRow | undefined {
    const platform = attributes.Platform;
    const others = Object.entries(attributes).filter(([column]) => column !== "Platform");
    const rows = platform === undefined ? this.rows : this.#rowsOf(platform);
    return rows.find((row) => others.every(([column, text]) => matches(row, column, text)));
  }

  #rowsOf(platform: string): readonly IndexRow[] {
    let rows = this.#byPlatform.get(platform);
    if (rows === undefined) {
      rows = this.rows.filter((row) => matches(row, "Platform", platform));
      if (this.#byPlatform.size >= MAX_PLATFORMS) this.#byPlatform.clear();
      this.#byPlatform.set(platform, rows);
    }
    return rows;
  }
}

/**
 * Reads an index: a header, then rows of patterns separated by commas; `#` starts a comment; rows of another width are
 * skipped; `sh[[ow]]` in the column Command means the letters may be left off from the right. Throws `CliTableError` when
 * there is no column Template, and `PythonReError` for a field that is no regular expression.
 */
export function parseIndex(text: string): CommandIndex {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === "") lines.pop();
  let at = 0;
  let headerText = "";
  while (headerText === "" && at < lines.length) headerText = strip((lines[at++] ?? "").split("#")[0] ?? "");
  const header: string[] = [];
  for (const field of headerText.split(",").map(strip)) {
    if (header.includes(field)) throw new TableError(`Duplicate header entry ${pythonQuote(field)}.`);
    header.push(field);
  }
  const rows: IndexRow[] = [];
  for (; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line.startsWith("#")) continue;
    const fields = line.split(",").map(strip);
    if (fields.length === header.length) rows.push(rowOf(fields, header, rows.length + 1));
  }
  if (!header.includes("Template")) throw new CliTableError("Index file does not have 'Template' column.");
  return new CommandIndex(header, rows);
}

/** `sh[[ow]]` as a regular expression: `sh(o(w)?)?`. */
export function expandCompletions(command: string): string {
  return command.replace(/\[\[(.+?)\]\]/g, (_, word: string) => {
    const letters = Array.from(word);
    return `(${letters.join("(")}${")?".repeat(letters.length)}`;
  });
}

const MAX_PLATFORMS = 500;

function rowOf(fields: readonly string[], header: readonly string[], number: number): IndexRow {
  const patterns = new Map<string, Pattern>();
  let template = "";
  for (const [i, column] of header.entries()) {
    const field = fields[i] ?? "";
    if (column === "Template") template = field;
    else if (field !== "")
      patterns.set(column, compile(column === "Command" ? expandCompletions(field) : field));
  }
  return { number, template, patterns };
}

function matches(row: IndexRow, column: string, text: string): boolean {
  const pattern = row.patterns.get(column);
  return pattern === undefined || pattern.match(text) !== null;
}
