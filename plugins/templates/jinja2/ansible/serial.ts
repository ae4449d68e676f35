import { dumpJson, parseJson, str, truth } from "../../../../src/python/values/index.ts";
import type { Context } from "../context.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { Undefined } from "../undefined.ts";
import { yamlText } from "./yaml-text.ts";
import { fromYaml, fromYamlAll } from "./yaml-values.ts";

function text(value: unknown): string {
  if (value instanceof Undefined) value.fail();
  return str(value);
}

function defined(value: unknown): unknown {
  if (value instanceof Undefined) value.fail();
  return value;
}

function toJson(
  _context: Context,
  value: unknown,
  indent: unknown,
  sortKeys: unknown,
  ascii: unknown,
): string {
  return dumpJson(defined(value), {
    indent: indent === null ? null : Number(indent),
    sortKeys: truth(sortKeys),
    ensureAscii: truth(ascii),
  });
}

/** Filters from and to JSON and YAML, by name. */
export const SERIAL_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  ["to_json", filter({ indent: null, sort_keys: false, ensure_ascii: true }, toJson)],
  ["to_nice_json", filter({ indent: 4, sort_keys: true, ensure_ascii: true }, toJson)],
  [
    "to_yaml",
    filter(
      { indent: 2, width: 80, sort_keys: true, default_flow_style: null },
      (_c, value, indent, width, sort, flow) =>
        yamlText(defined(value), {
          indent: Number(indent),
          width: Number(width),
          sortKeys: truth(sort),
          flow: flow === null ? "leaves" : truth(flow) ? "all" : "none",
        }),
    ),
  ],
  [
    "to_nice_yaml",
    filter({ indent: 4, width: 80, sort_keys: true }, (_c, value, indent, width, sort) =>
      yamlText(defined(value), {
        indent: Number(indent),
        width: Number(width),
        sortKeys: truth(sort),
        flow: "none",
      }),
    ),
  ],
  ["from_json", filter({}, (_c, value) => parseJson(text(value)))],
  ["from_yaml", filter({}, (_c, value) => fromYaml(text(value)))],
  ["from_yaml_all", filter({}, (_c, value) => fromYamlAll(text(value)))],
]);
