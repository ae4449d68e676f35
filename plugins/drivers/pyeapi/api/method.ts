import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import type { ConfigCommand } from "../../../../src/device/eapi/node.ts";

/** What the API modules need of a device. */
export interface EapiNode {
  /** The running configuration, read once and kept until something is configured. */
  runningConfig(): Promise<string>;
  /** The first section of the running configuration whose heading matches, or undefined. */
  block(heading: RegExp): Promise<string | undefined>;
  /** Whether the device's EOS is at least that version, compared number by number. */
  versionAtLeast(version: string): Promise<boolean>;
  /** Configures; false when the device refuses a command. */
  configure(commands: readonly ConfigCommand[]): Promise<boolean>;
  /** What one privileged command prints. */
  show(command: string): Promise<string>;
}

/** A method of an API module: its parameters under pyeapi's names, whether it only reads, and what it does. */
export interface ApiMethod {
  readonly required: readonly string[];
  /** Parameters that may be left out, with their defaults; `undefined` where leaving out differs from null. */
  readonly optional: Readonly<Record<string, unknown>>;
  readonly readsOnly: boolean;
  /** Where the first argument decides which method is meant: access lists and interfaces of different kinds. */
  readonly select?: (node: EapiNode, first: unknown) => ApiMethod | Promise<ApiMethod>;
  readonly run: (node: EapiNode, args: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** The methods of an API module by name. */
export type ApiModule = Readonly<Record<string, ApiMethod>>;

type Bound<R extends string, O> = { readonly [K in R | keyof O]: unknown };

/** A method that only reads. */
export function reads<const R extends string, O extends Readonly<Record<string, unknown>>>(
  required: readonly R[],
  optional: O,
  run: (node: EapiNode, args: Bound<R, O>) => unknown,
): ApiMethod {
  return method(required, optional, true, run);
}

/** A method that changes the device. */
export function changes<const R extends string, O extends Readonly<Record<string, unknown>>>(
  required: readonly R[],
  optional: O,
  run: (node: EapiNode, args: Bound<R, O>) => unknown,
): ApiMethod {
  return method(required, optional, false, run);
}

function method<R extends string, O extends Readonly<Record<string, unknown>>>(
  required: readonly R[],
  optional: O,
  readsOnly: boolean,
  run: (node: EapiNode, args: Bound<R, O>) => unknown,
): ApiMethod {
  return {
    required,
    optional,
    readsOnly,
    run: async (node, args) => run(node, args as Bound<R, O>),
  };
}

/** A method that stands for one of several, which the first argument decides. */
export function selects(
  first: string,
  readsOnly: boolean,
  select: NonNullable<ApiMethod["select"]>,
): ApiMethod {
  const run = () => Promise.reject(new ArgumentError(`needs the argument ${first}`));
  return { required: [first, "…"], optional: {}, readsOnly, select, run };
}

/** Calls a method with positional and named arguments. Throws an `ArgumentError` where they do not fit. */
export async function callMethod(
  node: EapiNode,
  target: ApiMethod,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const first = positional.length > 0 ? positional[0] : named[target.required[0] ?? ""];
  const chosen = target.select ? await target.select(node, first) : target;
  return chosen.run(node, bindArguments(chosen, positional, named));
}

/**
 * Puts positional and named arguments in their places. Throws an `ArgumentError` for one that is missing, unknown or given twice.
 *
 * @example
 * bindArguments(vlans.set_name, ["10"], { name: "users" }) // { vid: "10", name: "users", default: false, disable: false }
 */
export function bindArguments(
  target: Pick<ApiMethod, "required" | "optional">,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const names = [...target.required, ...Object.keys(target.optional)];
  if (positional.length > names.length)
    throw new ArgumentError(
      `takes ${names.length} arguments (${names.join(", ")}), but ${positional.length} are given`,
    );
  const bound: Record<string, unknown> = { ...target.optional };
  for (const [index, value] of positional.entries()) bound[names[index] ?? ""] = value;
  for (const [name, value] of Object.entries(named)) {
    const place = names.indexOf(name);
    if (place < 0) throw new ArgumentError(`has no argument ${name}; it takes ${names.join(", ") || "none"}`);
    if (place < positional.length) throw new ArgumentError(`argument ${name} is given twice`);
    bound[name] = value;
  }
  const missing = target.required.filter((name) => !Object.hasOwn(bound, name));
  if (missing.length > 0) throw new ArgumentError(`needs the argument ${missing.join(", ")}`);
  return bound;
}
