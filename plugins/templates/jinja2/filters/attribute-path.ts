import { isInt, str, textOf } from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { Undefined } from "../undefined.ts";

/** Reads a part of an item: `attribute="a.b.0"` of `map`, `sort`, `groupby` and others. */
export type Getter = (item: unknown) => unknown;

/** The getter for an attribute given as text with dots or as number; for none, the item itself. */
export function getter(
  context: Context,
  attribute: unknown,
  post: (value: unknown) => unknown = (value) => value,
  fallback: unknown = null,
): Getter {
  const parts = attributeParts(attribute);
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = context.environment.getitem(value, part);
      if (fallback !== null && value instanceof Undefined) value = fallback;
    }
    return post(value);
  };
}

/** The getter for several attributes with commas: a list of their values. */
export function multiGetter(context: Context, attribute: unknown, post: (value: unknown) => unknown): Getter {
  const paths = textOf(attribute)?.split(",") ?? [attribute];
  const getters = paths.map((path) => getter(context, path, post));
  return (item) => getters.map((get) => get(item));
}

function attributeParts(attribute: unknown): unknown[] {
  if (attribute === null || attribute === undefined) return [];
  if (isInt(attribute)) return [attribute];
  return str(attribute)
    .split(".")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Texts in lower case, everything else as it is: what comparing without case compares. */
export function ignoreCase(value: unknown): unknown {
  return textOf(value)?.toLowerCase() ?? value;
}
