import { compile } from "../../../src/python/re/index.ts";
import { TextFSMTemplateError } from "./errors.ts";
import { stripEnd } from "./lines.ts";
import {
  LINE_OPERATORS,
  parseRule,
  RECORD_OPERATORS,
  type Rule,
  type RuleOptions,
  ruleText,
} from "./rule.ts";
import { parseValue, type Value, type ValueOption, valueText } from "./value.ts";

/** One state: its rules in the order in which they are tried. */
export interface State {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** Line of the template, from 1. */
  readonly line: number;
}

/** A template that was read and checked. It holds no state of a parse, so one serves many parses. */
export interface Template {
  readonly values: readonly Value[];
  /** In the order in which they stand; `End` is left out, an empty `EOF` is not. */
  readonly states: ReadonlyMap<string, State>;
}

export type TemplateOptions = RuleOptions;

/**
 * Reads a template. Throws `TextFSMTemplateError` with the original's message.
 *
 * @example
 * const template = parseTemplate("Value NAME (\\S+)\n\nStart\n  ^interface ${NAME} -> Record\n");
 */
export function parseTemplate(text: string, options: TemplateOptions = {}): Template {
  const lines = new TemplateLines(text);
  const values = parseValues(lines);
  const substitutions = new Map(values.map((value) => [value.name, value.template]));
  const states = new Map<string, State>();
  for (;;) {
    const state = parseState(lines, states, substitutions, options);
    if (state === undefined) break;
    states.set(state.name, state);
  }
  checkStates(states);
  return { values, states };
}

/** The template as the original prints it: without comments. */
export function templateText({ values, states }: Template): string {
  let text = `${values.map(valueText).join("\n")}\n`;
  for (const state of states.values()) {
    text += `\n${state.name}\n`;
    if (state.rules.length > 0) text += `${state.rules.map(ruleText).join("\n")}\n`;
  }
  return text;
}

/** Names of the values that have an option. */
export function valuesWith(template: Template, option: ValueOption): string[] {
  return template.values.filter((value) => value.options.includes(option)).map((value) => value.name);
}

const MAX_NAME_LENGTH = 48;
const STATE_NAME = compile("(\\w+)$");
const COMMENT = compile("\\s*#");
const RULE_PREFIXES = [" ^", "  ^", "\t^"];

/** The lines of a template, one after another, with their number. */
class TemplateLines {
  readonly #lines: readonly string[];
  number = 0;

  constructor(text: string) {
    this.#lines = text.split(/\r\n|\n|\r/);
    if (this.#lines.at(-1) === "") this.#lines = this.#lines.slice(0, -1);
  }

  /** The next line without white space at its end; undefined after the last. */
  next(): string | undefined {
    const line = this.#lines[this.number];
    if (line === undefined) return undefined;
    this.number++;
    return stripEnd(line);
  }
}

function isComment(line: string): boolean {
  return line.includes("#") && COMMENT.match(line) !== null;
}

function parseValues(lines: TemplateLines): Value[] {
  const values: Value[] = [];
  for (let line = lines.next(); line !== undefined && line !== ""; line = lines.next()) {
    if (isComment(line)) continue;
    if (!line.startsWith("Value ")) {
      if (values.length === 0) throw new TextFSMTemplateError("No Value definitions found.", lines.number);
      throw new TextFSMTemplateError(
        `Expected blank line after last Value entry. Line: ${lines.number}.`,
        lines.number,
      );
    }
    const value = valueAt(line, lines.number);
    if (values.some((other) => other.name === value.name)) {
      throw new TextFSMTemplateError(
        `Duplicate declarations for Value '${value.name}'. Line: ${lines.number}.`,
        lines.number,
      );
    }
    values.push(value);
  }
  return values;
}

function valueAt(text: string, line: number): Value {
  try {
    return parseValue(text, line);
  } catch (error) {
    if (!(error instanceof TextFSMTemplateError)) throw error;
    throw new TextFSMTemplateError(`${error.message} Line ${line}.`, line, { cause: error.cause });
  }
}

function parseState(
  lines: TemplateLines,
  known: ReadonlyMap<string, State>,
  substitutions: ReadonlyMap<string, string>,
  options: TemplateOptions,
): State | undefined {
  let name = lines.next();
  while (name !== undefined && (name === "" || isComment(name))) name = lines.next();
  if (name === undefined) return undefined;
  const at = lines.number;
  if (!isStateName(name)) throw new TextFSMTemplateError(`Invalid state name: '${name}'. Line: ${at}`, at);
  if (known.has(name)) throw new TextFSMTemplateError(`Duplicate state name: '${name}'. Line: ${at}`, at);

  const rules: Rule[] = [];
  for (let line = lines.next(); line !== undefined && line !== ""; line = lines.next()) {
    if (isComment(line)) continue;
    if (!RULE_PREFIXES.some((prefix) => line?.startsWith(prefix))) {
      throw new TextFSMTemplateError(
        `Missing white space or carat ('^') before rule. Line: ${lines.number}`,
        lines.number,
      );
    }
    rules.push(parseRule(line, lines.number, substitutions, options));
  }
  return { name, rules, line: at };
}

function isStateName(name: string): boolean {
  return (
    STATE_NAME.match(name) !== null &&
    Array.from(name).length <= MAX_NAME_LENGTH &&
    !LINE_OPERATORS.includes(name) &&
    !RECORD_OPERATORS.includes(name)
  );
}

/** Checks the states against each other and drops `End`, which needs no rules. */
function checkStates(states: Map<string, State>): void {
  if (!states.has("Start")) throw new TextFSMTemplateError("Missing state 'Start'.");
  for (const name of ["End", "EOF"]) {
    const state = states.get(name);
    if (state !== undefined && state.rules.length > 0) {
      throw new TextFSMTemplateError(`Non-Empty '${name}' state.`, state.line);
    }
  }
  states.delete("End");
  for (const state of states.values()) {
    for (const { lineOperator, newState, line } of state.rules) {
      if (lineOperator === "Error" || newState === "" || newState === "End" || newState === "EOF") continue;
      if (!states.has(newState)) {
        throw new TextFSMTemplateError(
          `State '${newState}' not found, referenced in state '${state.name}'`,
          line,
        );
      }
    }
  }
}
