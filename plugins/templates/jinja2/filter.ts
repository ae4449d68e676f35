import { binder, type Kwargs, type Parameters } from "../../../src/python/values/index.ts";
import type { Context } from "./context.ts";

/** A filter: gets the value left of the bar and the arguments as written. */
export type FilterFunction = (
  context: Context,
  value: unknown,
  args: readonly unknown[],
  kwargs: Kwargs | undefined,
) => unknown;

/** A test: like a filter, but answers yes or no. */
export type TestFunction = (
  context: Context,
  value: unknown,
  args: readonly unknown[],
  kwargs: Kwargs | undefined,
) => boolean;

/**
 * A filter with named parameters.
 *
 * @param parameters each parameter with its default, in order; `REQUIRED` for none.
 * @param run gets the context, the value and one argument per parameter, all as Python values.
 *
 * @example
 * environment.filters.set("acme.vlan_name", filter({ prefix: "VLAN" }, (_context, id, prefix) => `${str(prefix)}${str(id)}`));
 */
export function filter(
  parameters: Parameters,
  run: (context: Context, value: unknown, ...args: unknown[]) => unknown,
): FilterFunction {
  const bind = binder(parameters);
  const defaults = Object.values(parameters);
  const plain = defaults.every((d) => typeof d !== "symbol");
  return (context, value, args, kwargs) => {
    if (plain && args.length === 0 && kwargs === undefined) return run(context, value, ...defaults);
    return run(context, value, ...bind("filter", args, kwargs));
  };
}

/** A test with named parameters. */
export function test(
  parameters: Parameters,
  run: (context: Context, value: unknown, ...args: unknown[]) => boolean,
): TestFunction {
  const bind = binder(parameters);
  return (context, value, args, kwargs) => run(context, value, ...bind("test", args, kwargs));
}
