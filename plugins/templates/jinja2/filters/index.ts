import { attribute, MISSING, REQUIRED, str, truth } from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { Undefined } from "../undefined.ts";
import { HTML_FILTERS } from "./html.ts";
import { NUMBER_FILTERS } from "./number.ts";
import { SEQUENCE_FILTERS } from "./sequence.ts";
import { TEXT_FILTERS } from "./text.ts";

function fallback(_context: Context, value: unknown, instead: unknown, falsy: unknown): unknown {
  if (value instanceof Undefined) return instead;
  return truth(falsy) && !truth(value) ? instead : value;
}

/** The attribute only, never an item. */
function attr({ environment }: Context, value: unknown, name: unknown): unknown {
  const key = str(name);
  if (value instanceof Undefined) value.truth();
  if (environment.options.sandbox !== "plain" && attribute(value, key) !== MISSING)
    return environment.getattr(value, key);
  const dunder = key.startsWith("__") && environment.options.sandbox !== "plain";
  if (dunder) return environment.getattr(value, key);
  const found = attribute(value, key);
  return found === MISSING ? environment.undefined({ of: value, name: key }) : found;
}

const defaultFilter = filter({ default_value: "", boolean: false }, fallback);

/** Jinja2's filters by name. */
export const FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ...TEXT_FILTERS,
  ...SEQUENCE_FILTERS,
  ...NUMBER_FILTERS,
  ...HTML_FILTERS,
  ["default", defaultFilter],
  ["d", defaultFilter],
  ["attr", filter({ name: REQUIRED }, attr)],
]);
