import { CommandRefused, type Getter } from "../getter.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** A command of the command line. */
export interface CliRequest {
  readonly command: string;
  /** How long the device may be silent, where that is longer than usual. */
  readonly timeoutSeconds?: number;
}

/** A getter of IOS: asks commands, gets what they print. */
export type IosGetter<Model = unknown> = Getter<CliRequest, string, Model>;
export type Asking<T> = Generator<CliRequest, T, string>;

/** What a command prints, without the lines that a device puts before any output. Throws CommandRefused. */
export function* output(command: string): Asking<string> {
  const text = yield* outputOrRefusal(command);
  if (text === undefined) throw new CommandRefused(REFUSAL, { command });
  return text;
}

/** The same, but undefined where the device does not know the command. */
export function* outputOrRefusal(command: string): Asking<string | undefined> {
  const text = yield* answer({ command });
  return isRefusal(text) ? undefined : text;
}

/** What a device answers to a command, a refusal too. */
export function* answer(request: CliRequest): Asking<string> {
  const text = yield request;
  return text.replace(PREFACE, "").trim();
}

/** The first command that the device knows. Throws CommandRefused. */
export function* outputOfFirst(commands: readonly string[]): Asking<string> {
  for (const command of commands) {
    const text = yield* outputOrRefusal(command);
    if (text !== undefined) return text;
  }
  throw new CommandRefused(REFUSAL, { command: commands.at(-1) });
}

/** Whether an answer is nothing but the device's word that it does not understand the command. */
export function isRefusal(text: string): boolean {
  return text.length < LONGEST_REFUSAL && REFUSED.test(text);
}

const REFUSED = /^\s*% ?(?:Invalid input|Incomplete command|Ambiguous command|Unknown command)/m;
/** A long output may quote a refusal, as a banner of a configuration does. */
const LONGEST_REFUSAL = 500;

/** The columns of a line. */
export function columns(line: string): string[] {
  return line.match(/\S+/g) ?? [];
}

/** A whole number. Throws InvalidValue. */
export function integer(text: string | undefined, what = "a number"): number {
  if (text === undefined || !/^-?\d+$/.test(text)) throw new InvalidValue(what, text ?? "");
  return Number(text);
}

/** A number with decimals. Throws InvalidValue. */
export function decimal(text: string | undefined, what = "a number"): number {
  if (text === undefined || !/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(text))
    throw new InvalidValue(what, text ?? "");
  return Number(text);
}

const REFUSAL = "Invalid input detected";
/** `exec prompt timestamp` and an NTP clock are printed before each output. */
const PREFACE = /^\s*(?:(?:Load for five secs|Time source is).*\s*)+/;
