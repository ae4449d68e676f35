import { allocate, spend } from "./budget.ts";
import { PyDict, PySet } from "./dict.ts";
import { DictView } from "./dict-view.ts";
import { floatText, PyFloat } from "./numbers.ts";
import { PyObject } from "./object.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";
import { isPrintable } from "./unicode.ts";

/** Python's `str(value)`. */
export function str(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof PyObject) return value.str();
  return repr(value);
}

/** Python's `repr(value)`. A container inside itself prints as `[...]` or `{...}`. */
export function repr(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, open: unknown[]): string {
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "number":
      return Number.isSafeInteger(value) ? String(value) : floatText(value);
    case "bigint":
      return String(value);
    case "boolean":
      return value ? "True" : "False";
  }
  if (value === null || value === undefined) return "None";
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof PyObject) return value.repr();
  if (open.includes(value))
    return value instanceof PyDict ? "{...}" : Array.isArray(value) ? "[...]" : "(...)";
  if (open.length > 500) return "...";
  open.push(value);
  const text = container(value, open);
  open.pop();
  allocate(text.length);
  return text;
}

function container(value: unknown, open: unknown[]): string {
  const list = (items: Iterable<unknown>) => {
    const parts: string[] = [];
    for (const item of items) {
      spend();
      parts.push(write(item, open));
    }
    return parts.join(", ");
  };
  if (Array.isArray(value)) return `[${list(value)}]`;
  if (value instanceof PyTuple)
    return value.items.length === 1 ? `(${list(value.items)},)` : `(${list(value.items)})`;
  if (value instanceof PyDict) {
    const parts: string[] = [];
    for (const [key, item] of value.items()) {
      spend();
      parts.push(`${write(key, open)}: ${write(item, open)}`);
    }
    return `{${parts.join(", ")}}`;
  }
  if (value instanceof PySet) return value.size === 0 ? "set()" : `{${list(value.values())}}`;
  if (value instanceof DictView) return `${value.typeName}([${list(value)}])`;
  return `<${typeName(value)}>`;
}

const NAMED: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** A string as a Python literal: single quotes unless only those occur inside. */
export function quoteText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return quote + text + quote;
  let out = quote;
  for (const char of text) {
    const named = NAMED[char];
    if (named) out += named;
    else if (char === quote) out += `\\${char}`;
    else if (isPrintable(char)) out += char;
    else {
      const code = char.codePointAt(0) ?? 0;
      if (code < 0x100) out += `\\x${hex(code, 2)}`;
      else if (code < 0x10000) out += `\\u${hex(code, 4)}`;
      else out += `\\U${hex(code, 8)}`;
    }
  }
  return out + quote;
}

const hex = (code: number, width: number): string => code.toString(16).padStart(width, "0");

/** Python's `ascii(value)`: like repr with everything beyond ASCII escaped. */
export function ascii(value: unknown): string {
  return repr(value).replace(/[^\x00-\x7f]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${hex(code, 2)}`;
    return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });
}
