import { pythonQuote } from "../../../src/python/re/index.ts";
import type { Attributes, CommandIndex } from "./command-index.ts";
import { CliTableError } from "./errors.ts";
import { Machine } from "./machine.ts";
import { TextTable } from "./table.ts";
import { type Template, valuesWith } from "./template.ts";

/** The table of one command's output, with the columns that name its rows. */
export interface CommandTable {
  readonly table: TextTable;
  /** Columns that together name a row: the values with the option Key, and what was added. */
  readonly keys: Set<string>;
  /** The row of the index; 0 when the templates were given. */
  readonly row: number;
}

/** Templates by file name; throws `TemplateFileMissing`. */
export type TemplateSource = (name: string) => Template;

export interface CommandRequest {
  readonly input: string;
  readonly attributes: Attributes;
  /** Template files with `:` between them, instead of a look-up in the index. */
  readonly templates?: string | undefined;
}

/**
 * Parses a command's output with the templates that the index names, or that are given. The tables of further templates are
 * merged into the first's where the keys are equal. Throws `CliTableError` when the index has nothing for the command.
 */
export function parseCommand(
  request: CommandRequest,
  index: CommandIndex,
  source: TemplateSource,
): CommandTable {
  let row = 0;
  let names = request.templates;
  if (names === undefined || names === "") {
    const found = index.find(request.attributes);
    if (found === undefined) {
      throw new CliTableError(`No template found for attributes: "${attributesText(request.attributes)}"`);
    }
    row = found.number;
    names = found.template;
  }
  // All are read before any is run: a missing one is told at once.
  const templates = names.split(":").map(source);
  return { ...parseMerged(templates, request.input), row };
}

/** Parses one text with several templates: the tables of further ones are merged into the first's where the keys are equal. */
export function parseMerged(templates: readonly Template[], input: string): Omit<CommandTable, "row"> {
  const [first, ...others] = templates;
  if (first === undefined) throw new CliTableError("No template was named.");
  const table = tableOf(first, input);
  let keys = new Set(valuesWith(first, "Key"));
  for (const template of others) {
    const other = tableOf(template, input);
    if (keys.size === 0) keys = new Set(valuesWith(template, "Key"));
    table.extend(other, keys);
  }
  return { table, keys };
}

/** The key columns in the order of the header. */
export function superkey({ table, keys }: Omit<CommandTable, "row">): string[] {
  return table.header.filter((column) => keys.has(column));
}

/** Sorts by the superkey, or by everything where there is none. */
export function sortTable(command: Omit<CommandTable, "row">): void {
  command.table.sort(superkey(command));
}

function tableOf(template: Template, input: string): TextTable {
  const machine = new Machine(template);
  const table = new TextTable(machine.header);
  for (const row of machine.parse(input)) table.append(row);
  return table;
}

/** A dictionary as Python prints it. */
function attributesText(attributes: Attributes): string {
  const entries = Object.entries(attributes).map(
    ([name, text]) => `${pythonQuote(name)}: ${pythonQuote(text)}`,
  );
  return `{${entries.join(", ")}}`;
}
