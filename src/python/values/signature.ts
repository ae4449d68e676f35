import type { Kwargs } from "./object.ts";
import { typeError } from "./python-error.ts";

/** Marks a parameter without a default. */
export const REQUIRED: unique symbol = Symbol("required");

/** The parameters of a function in order, each with its default or {@link REQUIRED}. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Turns a call's arguments into one value per parameter. TypeErrors are Python's. */
export type Binder = (name: string, args: readonly unknown[], kwargs: Kwargs | undefined) => unknown[];

/** Makes the binder of a parameter list: `binder({ width: 4, first: false })`. */
export function binder(parameters: Parameters): Binder {
  const names = Object.keys(parameters);
  const defaults = Object.values(parameters);
  const required = defaults.filter((d) => d === REQUIRED).length;
  return (name, args, kwargs) => {
    if (args.length > names.length) {
      const takes = required === names.length ? `${names.length}` : `from ${required} to ${names.length}`;
      const plural = names.length === 1 ? "" : "s";
      throw typeError(`${name}() takes ${takes} positional argument${plural} but ${args.length} were given`);
    }
    const bound = args.length === names.length ? args.slice() : [...args, ...defaults.slice(args.length)];
    if (kwargs) {
      for (const [key, value] of kwargs) {
        const at = names.indexOf(key);
        if (at === -1) throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
        if (at < args.length) throw typeError(`${name}() got multiple values for argument '${key}'`);
        bound[at] = value;
      }
    }
    if (required > args.length) checkRequired(name, names, bound);
    return bound;
  };
}

function checkRequired(name: string, names: readonly string[], bound: readonly unknown[]): void {
  const missing = names.filter((_, i) => bound[i] === REQUIRED).map((n) => `'${n}'`);
  if (missing.length === 0) return;
  const list = missing.length === 1 ? missing[0] : `${missing.slice(0, -1).join(", ")} and ${missing.at(-1)}`;
  const plural = missing.length === 1 ? "" : "s";
  throw typeError(`${name}() missing ${missing.length} required positional argument${plural}: ${list}`);
}
