import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { changes } from "./method.ts";

/** How a setter says what it wants: a value, the device's default, or nothing (`no …`). */
export interface Choice {
  readonly value?: unknown;
  readonly default?: unknown;
  readonly disable?: unknown;
}

/** The parameters of a setter as pyeapi has them. */
export const CHOICE = { value: null, default: false, disable: false };

/**
 * A command in the form that a choice asks for: `default …`, `no …`, the bare command for true, or the command with its value.
 * Without a value it is `no …`.
 */
export function build(command: string, choice: Choice): string {
  if (isSet(choice.default)) return `default ${command}`;
  if (isSet(choice.disable)) return `no ${command}`;
  if (choice.value === true) return command;
  return isSet(choice.value) ? `${command} ${text(choice.value)}` : `no ${command}`;
}

/** A command line with values in it, each written as EOS expects it. */
export function cli(parts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return String.raw({ raw: parts }, ...values.map(text));
}

/** A pattern with values in it, each taken literally. With the flag m, `^` and `$` are the ends of a line. */
export function pattern(parts: TemplateStringsArray, ...values: readonly unknown[]): RegExp {
  return new RegExp(String.raw(parts, ...values.map((value) => literal(text(value)))), "m");
}

function literal(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/**
 * A value as it stands in a command: null is None, as the callers of pyeapi know it. Throws an `ArgumentError` for a list or a map, and
 * for text of several lines, which would be several commands.
 */
export function text(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "object") throw new ArgumentError(`a command cannot hold ${shown(value)}`);
  const written = String(value);
  if (/[\r\n]/.test(written)) throw new ArgumentError(`${shown(value)} is more than one line`);
  return written;
}

/** A value as it stands in a message. */
export function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

/** Whether Python would take a value for true. */
export function isSet(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object") return Object.keys(value).length > 0;
  return value !== "" && value !== 0;
}

/** A setter of one line within `interface NAME`. */
export function interfaceSetter(command: string) {
  return changes(["name"], CHOICE, (node, args) =>
    node.configure([cli`interface ${args.name}`, build(command, args)]),
  );
}

/** A whole number within limits; throws an `ArgumentError` that names the argument. */
export function whole(name: string, value: unknown, least: number, most: number): number {
  const number = typeof value === "string" && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= least && number <= most)
    return number;
  throw new ArgumentError(`${name} must be a whole number from ${least} to ${most}, not ${shown(value)}`);
}

/** One of a list of values; throws an `ArgumentError` that names the argument. */
export function oneOf(name: string, value: unknown, known: readonly unknown[]): void {
  if (!known.includes(value))
    throw new ArgumentError(`${name} must be one of ${known.map(shown).join(", ")}, not ${shown(value)}`);
}

/** A list of texts; a single one may stand for itself. */
export function textList(name: string, value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) throw new ArgumentError(`${name} must be a list`);
  return value.map(text);
}

/** What is in the first list and not in the second, each once. */
export function difference(list: readonly string[], other: readonly string[]): string[] {
  return [...new Set(list)].filter((item) => !other.includes(item));
}

/** The first group of a match, or null. */
export function found(expression: RegExp, config: string): string | null {
  return expression.exec(config)?.[1] ?? null;
}

/** The first group of a match as a number, or null. */
export function foundNumber(expression: RegExp, config: string): number | null {
  const match = found(expression, config);
  return match === null ? null : Number(match);
}

/** The first group of every match. The expression needs the flag g. */
export function allFound(expression: RegExp, config: string): string[] {
  return [...config.matchAll(expression)].map((match) => match[1] ?? "");
}
