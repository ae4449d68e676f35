import { compile, type Pattern, PythonReError } from "../../../src/python/re/index.ts";
import { TextFSMTemplateError } from "./errors.ts";

const OPTIONS = ["Fillup", "Filldown", "Key", "List", "Required"] as const;

/** What a Value can be told: see `docs/how-to/parse-with-textfsm.md`. */
export type ValueOption = (typeof OPTIONS)[number];

/** One `Value` line of a template. */
export interface Value {
  readonly name: string;
  /** In the order in which they stand. */
  readonly options: readonly ValueOption[];
  /** The regular expression with its parentheses, as written. */
  readonly regex: string;
  /** The same with the group named after the value: what `${name}` in a rule stands for. */
  readonly template: string;
  /** Line of the template, from 1. */
  readonly line: number;
  readonly pattern: Pattern;
}

const MAX_NAME_LENGTH = 48;

/** Reads `Value [options] name (regex)`. Throws `TextFSMTemplateError` without the line, which the caller adds. */
export function parseValue(text: string, line: number): Value {
  const tokens = text.split(" ");
  const [, second, third] = tokens;
  if (second === undefined || third === undefined) {
    throw new TextFSMTemplateError("Expect at least 3 tokens on line.");
  }
  const hasOptions = !third.startsWith("(");
  const options = hasOptions ? parseOptions(second) : [];
  const name = hasOptions ? third : second;
  const regex = tokens.slice(hasOptions ? 3 : 2).join(" ");

  if (Array.from(name).length > MAX_NAME_LENGTH) {
    throw new TextFSMTemplateError(`Invalid Value name '${name}' or name too long.`);
  }
  if (regex === "") throw new TextFSMTemplateError(`Value '${name}' has no regular expression.`);
  if (!regex.startsWith("(") || !regex.endsWith(")") || regex.at(-2) === "\\") {
    throw new TextFSMTemplateError(`Value '${regex}' must be contained within a '()' pair.`);
  }
  return {
    name,
    options,
    regex,
    template: `(?P<${name}>${regex.slice(1)}`,
    line,
    pattern: compilePattern(regex),
  };
}

/** The value as the original prints it. */
export function valueText({ name, options, regex }: Value): string {
  return options.length > 0 ? `Value ${options.join(",")} ${name} ${regex}` : `Value ${name} ${regex}`;
}

function parseOptions(text: string): ValueOption[] {
  const options: ValueOption[] = [];
  for (const name of text.split(",")) {
    if (options.some((option) => option === name)) {
      throw new TextFSMTemplateError(`Duplicate option "${name}"`);
    }
    const option = OPTIONS.find((known) => known === name);
    if (option === undefined) throw new TextFSMTemplateError(`Unknown option "${name}"`);
    options.push(option);
  }
  return options;
}

function compilePattern(regex: string): Pattern {
  try {
    return compile(regex);
  } catch (error) {
    if (error instanceof PythonReError) {
      throw new TextFSMTemplateError(error.message, undefined, { cause: error });
    }
    throw error;
  }
}
