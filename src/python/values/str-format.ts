import { allocate, spend } from "./budget.ts";
import { format } from "./format-spec.ts";
import type { Kwargs } from "./object.ts";
import { PythonError, valueError } from "./python-error.ts";
import { ascii, repr, str } from "./text.ts";

/** How the fields of a format string reach into values; an engine passes its own rules. */
export interface FieldLookup {
  attribute(value: unknown, name: string): unknown;
  item(value: unknown, key: string | number): unknown;
  /** The text of a field; the default is Python's `format`. */
  format?(value: unknown, spec: string): string;
}

interface FormatCall {
  readonly args: readonly unknown[];
  /** The value of a named field; throws where there is none. */
  readonly named: (name: string) => unknown;
  readonly lookup: FieldLookup;
}

/** Keyword arguments as the source of named fields; KeyError for a name that is not there. */
export function fromKwargs(kwargs: Kwargs | undefined): (name: string) => unknown {
  return (name) => {
    if (!kwargs?.has(name)) throw new PythonError("KeyError", repr(name));
    return kwargs.get(name);
  };
}

/**
 * Python's `template.format(*args, **kwargs)`: `"{0.name}: {port:>5}"`. ValueError for a malformed template, IndexError and KeyError for a
 * missing argument.
 */
export function strFormat(template: string, call: FormatCall): string {
  const counter = { next: 0, manual: false };
  return expand(template, call, counter, 2);
}

function expand(
  template: string,
  call: FormatCall,
  counter: { next: number; manual: boolean },
  depth: number,
): string {
  if (depth < 0) throw valueError("Max string recursion exceeded");
  let out = "";
  for (let i = 0; i < template.length; i++) {
    const char = template[i];
    if (char !== "{" && char !== "}") {
      out += char;
      continue;
    }
    if (template[i + 1] === char) {
      out += char;
      i++;
      continue;
    }
    if (char === "}") throw valueError("Single '}' encountered in format string");
    const end = fieldEnd(template, i + 1);
    const text = field(template.slice(i + 1, end), call, counter, depth);
    spend();
    allocate(text.length);
    out += text;
    i = end;
  }
  return out;
}

function fieldEnd(template: string, start: number): number {
  let open = 1;
  let bracket = false;
  for (let i = start; i < template.length; i++) {
    const char = template[i];
    if (char === "[") bracket = true;
    else if (char === "]") bracket = false;
    else if (bracket) continue;
    else if (char === "{") open++;
    else if (char === "}" && --open === 0) return i;
  }
  throw valueError(
    start >= template.length
      ? "Single '{' encountered in format string"
      : "expected '}' before end of string",
  );
}

const FIELD = /^((?:[^[\]!:{}]|\[[^\]]*\])*)(?:!(.?))?(?::(.*))?$/su;

function field(
  text: string,
  call: FormatCall,
  counter: { next: number; manual: boolean },
  depth: number,
): string {
  const match = FIELD.exec(text);
  if (!match) throw valueError("expected ':' after conversion specifier");
  const [, name = "", conversion, spec = ""] = match;
  const value = converted(resolve(name, call, counter), conversion);
  const expanded = spec.includes("{") ? expand(spec, call, counter, depth - 1) : spec;
  return call.lookup.format ? call.lookup.format(value, expanded) : format(value, expanded);
}

function converted(value: unknown, conversion: string | undefined): unknown {
  switch (conversion) {
    case undefined:
      return value;
    case "s":
      return str(value);
    case "r":
      return repr(value);
    case "a":
      return ascii(value);
  }
  if (conversion === "") throw valueError("unmatched '{' in format spec");
  throw valueError(`Unknown conversion specifier ${conversion}`);
}

function resolve(name: string, call: FormatCall, counter: { next: number; manual: boolean }): unknown {
  const [, first = "", rest = ""] = /^([^.[]*)(.*)$/s.exec(name) ?? [];
  let value = firstValue(first, call, counter);
  const part = /\.([^.[]+)|\[([^\]]+)\]|(.)/gsu;
  for (const [, attribute, index, stray] of rest.matchAll(part)) {
    if (stray !== undefined) throw valueError("Empty attribute in format string");
    if (attribute !== undefined) value = call.lookup.attribute(value, attribute);
    else if (index !== undefined)
      value = call.lookup.item(value, /^\d+$/.test(index) ? Number(index) : index);
  }
  return value;
}

function firstValue(first: string, call: FormatCall, counter: { next: number; manual: boolean }): unknown {
  if (first !== "" && !/^\d+$/.test(first)) return call.named(first);
  let index = Number(first);
  if (first === "") {
    if (counter.manual)
      throw valueError("cannot switch from manual field specification to automatic field numbering");
    index = counter.next++;
  } else {
    if (counter.next > 0)
      throw valueError("cannot switch from automatic field numbering to manual field specification");
    counter.manual = true;
  }
  if (index >= call.args.length) {
    throw new PythonError("IndexError", `Replacement index ${index} out of range for positional args tuple`);
  }
  return call.args[index];
}
