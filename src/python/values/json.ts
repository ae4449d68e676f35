import { allocate, spend } from "./budget.ts";
import { PyDict } from "./dict.ts";
import { sorted } from "./list-methods.ts";
import { float, floatText, int, PyFloat } from "./numbers.ts";
import { PyObject, textOf } from "./object.ts";
import { typeError, valueError } from "./python-error.ts";
import { str } from "./text.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";

/**
 * Python's `json.loads(text)`: keeps the order of all keys, `1.0` is a float and large integers are exact.
 *
 * @throws PythonError (ValueError) with the place, as `Expecting value: line 1 column 1 (char 0)`.
 */
export function parseJson(text: string): unknown {
  return new JsonReader(text).read();
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    this.#space();
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#error("Extra data");
    return value;
  }

  #value(depth: number): unknown {
    if (depth > 500) throw this.#error("Too deeply nested");
    spend();
    allocate(1);
    const char = this.#text[this.#at];
    if (char === '"') return this.#string();
    if (char === "{") return this.#object(depth);
    if (char === "[") return this.#array(depth);
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #number(): unknown {
    const pattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) throw this.#error("Expecting value");
    this.#at = pattern.lastIndex;
    if (match[1] !== undefined || match[2] !== undefined) return float(Number(match[0]));
    return match[0].length < 16 ? Number(match[0]) || 0 : int(BigInt(match[0]));
  }

  #string(): string {
    const pattern = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) throw this.#error("Unterminated string starting at");
    this.#at = pattern.lastIndex;
    return JSON.parse(match[0]) as string;
  }

  #array(depth: number): unknown[] {
    const out: unknown[] = [];
    this.#at++;
    this.#space();
    if (this.#take("]")) return out;
    for (;;) {
      this.#space();
      out.push(this.#value(depth + 1));
      this.#space();
      if (this.#take("]")) return out;
      if (!this.#take(",")) throw this.#error("Expecting ',' delimiter");
    }
  }

  #object(depth: number): PyDict {
    const out = new PyDict();
    this.#at++;
    this.#space();
    if (this.#take("}")) return out;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"')
        throw this.#error("Expecting property name enclosed in double quotes");
      const key = this.#string();
      this.#space();
      if (!this.#take(":")) throw this.#error("Expecting ':' delimiter");
      this.#space();
      out.set(key, this.#value(depth + 1));
      this.#space();
      if (this.#take("}")) return out;
      if (!this.#take(",")) throw this.#error("Expecting ',' delimiter");
    }
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (" \t\n\r".includes(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #error(message: string): Error {
    const before = this.#text.slice(0, this.#at).split("\n");
    const column = (before.at(-1)?.length ?? 0) + 1;
    return valueError(`${message}: line ${before.length} column ${column} (char ${this.#at})`);
  }
}

const WORDS: ReadonlyArray<readonly [string, unknown]> = [
  ["null", null],
  ["true", true],
  ["false", false],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
];

/** The options of Python's `json.dumps` that change its text. */
export interface JsonOptions {
  /** Spaces per level, or the text of one level; null puts everything on one line. */
  readonly indent?: number | string | null;
  readonly sortKeys?: boolean;
  /** Escapes everything beyond ASCII; true unless said otherwise. */
  readonly ensureAscii?: boolean;
  readonly separators?: readonly [item: string, key: string];
}

/** Python's `json.dumps(value)`. TypeError for values that JSON does not have, ValueError for a value inside itself. */
export function dumpJson(value: unknown, options: JsonOptions = {}): string {
  const indent = options.indent ?? null;
  const unit = indent === null ? null : typeof indent === "number" ? " ".repeat(indent) : indent;
  const [itemSeparator, keySeparator] = options.separators ?? [unit === null ? ", " : ",", ": "];
  const open: unknown[] = [];

  const wrap = (parts: readonly string[], start: string, end: string): string => {
    if (parts.length === 0) return start + end;
    if (unit === null) return start + parts.join(itemSeparator) + end;
    const inner = `\n${unit.repeat(open.length)}`;
    const outer = `\n${unit.repeat(open.length - 1)}`;
    return start + inner + parts.join(itemSeparator + inner) + outer + end;
  };

  const write = (item: unknown): string => {
    spend();
    const text = textOf(item);
    if (text !== undefined) return jsonString(text, options.ensureAscii ?? true);
    if (item === null || item === undefined) return "null";
    if (typeof item === "boolean") return String(item);
    if (item instanceof PyFloat || typeof item === "number") return numberText(item);
    if (typeof item === "bigint") return String(item);
    const items = Array.isArray(item) ? item : item instanceof PyTuple ? item.items : undefined;
    if (!items && !(item instanceof PyDict)) {
      const name = item instanceof PyObject ? item.typeName : typeName(item);
      throw typeError(`Object of type ${name} is not JSON serializable`);
    }
    if (open.includes(item)) throw valueError("Circular reference detected");
    if (open.length > 500) throw valueError("too deeply nested for JSON");
    open.push(item);
    const out = items ? wrap(items.map(write), "[", "]") : wrap(pairs(item as PyDict), "{", "}");
    open.pop();
    allocate(out.length);
    return out;
  };

  const pairs = (dict: PyDict): string[] => {
    const entries = [...dict.items()];
    const ordered = options.sortKeys
      ? (sorted(entries, (e) => (e as unknown[])[0]) as typeof entries)
      : entries;
    return ordered.map(
      ([key, item]) =>
        `${jsonString(keyText(key), options.ensureAscii ?? true)}${keySeparator}${write(item)}`,
    );
  };

  return write(value);
}

function keyText(key: unknown): string {
  const text = textOf(key);
  if (text !== undefined) return text;
  if (key === null) return "null";
  if (typeof key === "boolean") return String(key);
  if (typeof key === "number" || typeof key === "bigint" || key instanceof PyFloat) return str(key);
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function numberText(value: number | PyFloat): string {
  const number = value instanceof PyFloat ? value.value : value;
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number < 0 ? "-Infinity" : "Infinity";
  return value instanceof PyFloat
    ? floatText(number)
    : Number.isSafeInteger(number)
      ? String(number)
      : floatText(number);
}

function jsonString(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text);
  if (!ascii) return quoted;
  return quoted.replace(/[\x7f-\uffff]/g, (c) =>
    c === "\x7f" ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
