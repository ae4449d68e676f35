import type { Kwargs } from "./object.ts";
import { binder, type Parameters } from "./signature.ts";

/** A method of a built-in type: gets the value it is called on. */
export type Method<T> = (self: T, args: readonly unknown[], kwargs: Kwargs | undefined) => unknown;

/** The methods of a type by name; a Map, so that no name leads to a property of JavaScript's objects. */
export type MethodTable<T> = ReadonlyMap<string, Method<T>>;

/** A method with named parameters; `run` gets the value and one argument per parameter. */
export function method<T>(
  name: string,
  parameters: Parameters,
  run: (self: T, ...args: unknown[]) => unknown,
): [string, Method<T>] {
  const bind = binder(parameters);
  return [name, (self, args, kwargs) => run(self, ...bind(name, args, kwargs))];
}
