import { PyDict } from "../../../../src/python/values/dict.ts";
import { contains, iterate } from "../../../../src/python/values/iteration.ts";
import { attributeError, PythonError, typeError } from "../../../../src/python/values/python-error.ts";
import { truth } from "../../../../src/python/values/truth.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import type { Runtime } from "../runtime.ts";
import { asText } from "./contract.ts";

/** Where a `lookup` looks: a lookup table, the results of a template, or those of a group. */
export interface LookupSource {
  readonly name: unknown;
  readonly template: unknown;
  readonly group: unknown;
}

/** The data of a lookup; undefined when the call names no source. `sameInput`: results of the input that is on count too. */
export function lookupData(source: LookupSource, runtime: Runtime, sameInput: boolean): unknown {
  if (truth(source.name)) return walk(runtime.lookups, dotted(source.name));
  if (truth(source.template)) {
    const [name = "", ...rest] = dotted(source.template);
    const results = runtime.templateResults(name);
    if (results === undefined) return walk(new PyDict(), [name, ...rest]);
    return walk(Array.isArray(results) ? first(results) : results, rest);
  }
  if (truth(source.group)) {
    const [name = "", ...rest] = dotted(source.group);
    return walk(groupResults(name, runtime, sameInput), rest);
  }
  return undefined;
}

function groupResults(name: string, runtime: Runtime, sameInput: boolean): unknown {
  const { mainResults } = runtime;
  if (sameInput && mainResults instanceof PyDict && mainResults.has(name)) return mainResults.get(name);
  for (const result of iterate(runtime.currentResults() ?? [])) {
    if (!contains(result, name)) continue;
    if (!(result instanceof PyDict))
      throw typeError(`${typeName(result)} indices must be integers or slices, not str`);
    return result.get(name);
  }
  return new PyDict();
}

/** The value at a path of keys; an empty dictionary where a key is missing. */
export function walk(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const key of path) {
    if (!(value instanceof PyDict))
      throw attributeError(`'${typeName(value)}' object has no attribute 'get'`);
    value = value.has(key) ? value.get(key) : new PyDict();
  }
  return value;
}

/** The parts of a dotted name. */
export function dotted(name: unknown): string[] {
  return asText(name, "split")
    .split(".")
    .map((part) => part.trim());
}

function first(results: readonly unknown[]): unknown {
  if (results.length === 0) throw new PythonError("IndexError", "list index out of range");
  return results[0];
}
