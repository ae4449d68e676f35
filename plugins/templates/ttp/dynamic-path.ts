import { compile, PythonReError } from "../../../src/python/re/index.ts";
import { PyDict } from "../../../src/python/values/dict.ts";
import { contains } from "../../../src/python/values/iteration.ts";
import { typeError } from "../../../src/python/values/python-error.ts";
import { str } from "../../../src/python/values/text.ts";
import { typeName } from "../../../src/python/values/type-name.ts";
import type { PathStep } from "./result-path.ts";

interface PathItem {
  readonly text: string;
  readonly stars: string;
  /** The item as a step, where it has no names. */
  readonly step: PathStep;
  readonly names: readonly string[];
}

const items = new Map<string, PathItem>();

/** Reads one item of a path: `{{ name }}*` has the name of a match and a star. */
function pathItem(source: string): PathItem {
  const known = items.get(source);
  if (known !== undefined) return known;
  const text = source.replace(/\*+$/, "");
  const names = text.includes("{{") ? [...text.matchAll(/\{\{\s*(\S+)\s*\}\}/g)].map((m) => m[1] ?? "") : [];
  const stars = "*".repeat(source.length - text.length);
  const item = { text, stars, step: { key: text, stars }, names };
  if (items.size < 10_000) items.set(source, item);
  return item;
}

/**
 * Puts values into a path's `{{ name }}` items: from the results of the group, which lose them, else from the last
 * group that had them, else from the template's variables. Undefined where none has a value.
 */
export function resolvePath(
  path: readonly string[],
  result: unknown,
  cache: PyDict,
  variables: PyDict,
): PathStep[] | undefined {
  const steps: PathStep[] = [];
  for (const source of path) {
    const item = pathItem(source);
    if (item.names.length === 0) {
      steps.push(item.step);
      continue;
    }
    let key = item.text;
    for (const name of item.names) {
      if (has(result, name)) {
        const value = result.get(name);
        cache.set(name, value);
        result.delete(name);
        key = substituteLeniently(name, str(value), key);
      } else if (cache.has(name)) {
        key = substitute(name, cachedText(cache.get(name)), key);
      } else if (variables.has(name)) {
        key = substitute(name, str(variables.get(name)), key);
      } else {
        return undefined;
      }
    }
    steps.push({ key, stars: item.stars });
  }
  return steps.length > 0 ? steps : undefined;
}

/** Backslashes in a value are read as in a replacement of Python's `re.sub`, as TTP does. */
function substitute(name: string, value: string, text: string): string {
  const only = text.startsWith("{{") && text.indexOf("}}") === text.length - 2;
  if (only && !value.includes("\\") && /^[\w.-]+$/.test(name)) return value;
  return compile(pattern(name)).sub(value, text);
}

function substituteLeniently(name: string, value: string, text: string): string {
  try {
    return substitute(name, value, text);
  } catch (error) {
    if (!(error instanceof PythonReError)) throw error;
    return compile(pattern(name)).sub("__replace_me__", text).replaceAll("__replace_me__", value);
  }
}

function pattern(name: string): string {
  return `{{\\s*${name}\\s*}}`;
}

/** A group's result that became a text (by `itemize`) has no names; TTP fails where the name happens to be in the text. */
function has(result: unknown, name: string): result is PyDict {
  if (result instanceof PyDict) return result.has(name);
  if (contains(result, name)) throw typeError(`${typeName(result)} indices must be integers`);
  return false;
}

function cachedText(value: unknown): string {
  if (typeof value !== "string")
    throw typeError(`expected string or bytes-like object, got '${typeName(value)}'`);
  return value;
}
