import { PyDict } from "../../../../src/python/values/dict.ts";
import { floatText, isFloat, toDouble } from "../../../../src/python/values/numbers.ts";
import { typeError } from "../../../../src/python/values/python-error.ts";
import { PyTuple } from "../../../../src/python/values/tuple.ts";
import { typeName } from "../../../../src/python/values/type-name.ts";
import { compareText } from "../../../../src/python/values/unicode.ts";

/**
 * Python's `json.dumps`: ASCII only; with an indentation keys are sorted and each item has a line of its own. Throws TypeError for
 * values that JSON lacks.
 */
export function dumpJson(value: unknown, indent: number | undefined): string {
  return write(value, indent, "\n");
}

function write(value: unknown, indent: number | undefined, newline: string): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "string") return quoteJson(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (isFloat(value)) return jsonFloat(toDouble(value));
  if (typeof value === "number") return String(value);
  const inner = indent === undefined ? "" : newline + " ".repeat(indent);
  const separator = indent === undefined ? ", " : `,${inner}`;
  const wrap = (open: string, items: readonly string[], close: string): string =>
    items.length === 0 ? open + close : `${open}${inner}${items.join(separator)}${indent === undefined ? "" : newline}${close}`;
  const items = value instanceof PyTuple ? value.items : value;
  if (Array.isArray(items)) return wrap("[", items.map((item) => write(item, indent, inner)), "]");
  if (!(value instanceof PyDict)) throw typeError(`Object of type ${typeName(value)} is not JSON serializable`);
  const entries = [...value.items()].map(([key, item]) => [keyText(key), item] as const);
  if (indent !== undefined) entries.sort(([a], [b]) => compareText(a, b));
  return wrap("{", entries.map(([key, item]) => `${quoteJson(key)}: ${write(item, indent, inner)}`), "}");
}

function keyText(key: unknown): string {
  if (typeof key === "string") return key;
  if (key === null || typeof key === "boolean" || typeof key === "number" || typeof key === "bigint") {
    return write(key, undefined, "");
  }
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-Infinity" : "Infinity";
  return floatText(value);
}

function quoteJson(text: string): string {
  return JSON.stringify(text).replace(/[^\0-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
