import { CommandRefused } from "../getter.ts";

/** A command, and how what it prints is filtered afterwards. */
export interface PipedCommand {
  readonly command: string;
  readonly filter: (output: string) => string;
}

/**
 * Takes the filters off a command: over NETCONF a device does not know them. From the first of `match`, `except`, `find`, `count`,
 * `last`, `trim` and `no-more` on they work here, in their order; what stands before, as `| display set`, stays with the command.
 * Throws CommandRefused for a filter that cannot be read and for one behind them that only the device has.
 *
 * @example
 * pipedCommand("show interfaces terse | match ge- | count").command; // "show interfaces terse"
 */
export function pipedCommand(line: string): PipedCommand {
  const [command = "", ...pipes] = splitPipes(line);
  const first = pipes.findIndex((pipe) => FILTERS.has(wordsOf(pipe)[0]));
  if (first < 0) return { command: line, filter: (output) => output };
  const filters = pipes.slice(first).map(filterOf);
  return {
    command: [command, ...pipes.slice(0, first)].join(" | "),
    filter: (output) => filters.reduce((text, filter) => filter(text), output),
  };
}

/** Parts between bars that stand outside of quotes, trimmed. */
export function splitPipes(line: string): string[] {
  return (line.match(/(?:"[^"]*"?|[^|"])+|\|/g) ?? [])
    .filter((part) => part !== "|")
    .map((part) => part.trim());
}

type Filter = (output: string) => string;

function filterOf(pipe: string): Filter {
  const [name, argument] = wordsOf(pipe);
  const make = FILTERS.get(name);
  if (!make) throw new CommandRefused(`"${pipe}" must stand before filters that print`);
  return make(argument);
}

function wordsOf(pipe: string): [name: string, argument: string] {
  const [, name = "", argument = ""] = /^(\S*)\s*(.*)$/s.exec(pipe) ?? [];
  return [name, argument.replace(/^"(.*)"$/s, "$1")];
}

const FILTERS: ReadonlyMap<string, (argument: string) => Filter> = new Map([
  ["match", (pattern: string) => linesWhere(pattern, true)],
  ["except", (pattern: string) => linesWhere(pattern, false)],
  ["find", linesFrom],
  ["count", () => (output: string) => `Count: ${linesOf(output).length} lines`],
  ["last", lastLines],
  ["trim", withoutColumns],
  ["no-more", () => (output: string) => output],
]);

function linesFrom(pattern: string): Filter {
  const expression = expressionOf(pattern);
  return (output) => {
    const lines = linesOf(output);
    const at = lines.findIndex((line) => expression.test(line));
    return at < 0 ? "Pattern not found" : lines.slice(at).join("\n");
  };
}

const LAST_LINES = "10";

function lastLines(count: string): Filter {
  const number = numberOf(count || LAST_LINES);
  return (output) => (number === 0 ? "" : linesOf(output).slice(-number).join("\n"));
}

function withoutColumns(columns: string): Filter {
  const number = numberOf(columns);
  return (output) =>
    linesOf(output)
      .map((line) => line.slice(number))
      .join("\n");
}

function linesWhere(pattern: string, isWanted: boolean): Filter {
  const expression = expressionOf(pattern);
  return (output) =>
    linesOf(output)
      .filter((line) => expression.test(line) === isWanted)
      .join("\n");
}

/** Line feeds around the output are the reply's, not the command's. */
function linesOf(output: string): string[] {
  const text = output.replace(/^\n|\n$/g, "");
  return text === "" ? [] : text.split("\n");
}

function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new CommandRefused(`"${text}" is no number of lines or columns`);
}

/** Junos does not mind upper and lower case. */
function expressionOf(pattern: string): RegExp {
  try {
    if (pattern !== "") return new RegExp(pattern, "i");
  } catch {
    // Told below.
  }
  throw new CommandRefused(`"${pattern}" is no expression to look for`);
}
