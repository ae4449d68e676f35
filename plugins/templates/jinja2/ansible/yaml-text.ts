import {
  allocate,
  floatText,
  isFloat,
  PyDict,
  PySet,
  PyTuple,
  PythonError,
  sorted,
  spend,
  str,
  textOf,
  toDouble,
  typeError,
  typeName,
} from "../../../../src/python/values/index.ts";

export interface YamlStyle {
  readonly indent: number;
  /** Where long plain and quoted texts are folded. */
  readonly width: number;
  readonly sortKeys: boolean;
  /** `leaves`: lists and dicts that hold no others stand on one line. */
  readonly flow: "none" | "leaves" | "all";
}

/** A value as PyYAML writes it. */
export function yamlText(value: unknown, style: YamlStyle): string {
  return new YamlWriter(style).document(value);
}

const isCollection = (value: unknown): boolean =>
  value instanceof PyDict || Array.isArray(value) || value instanceof PyTuple || value instanceof PySet;

class YamlWriter {
  readonly #style: YamlStyle;
  readonly #step: number;

  constructor(style: YamlStyle) {
    this.#style = style;
    this.#step = style.indent > 1 && style.indent < 10 ? style.indent : 2;
  }

  document(value: unknown): string {
    if (!isCollection(value)) {
      return `${this.#scalar(value, 0, 0)}
`;
    }
    const body = this.#isFlow(value) ? this.#flow(value) : this.#block(value, 0, false, 0).replace(/^\n/, "");
    return `${body}\n`;
  }

  #isFlow(value: unknown): boolean {
    if (this.#style.flow === "all") return true;
    const parts = [...children(value)];
    if (parts.length === 0) return true;
    return this.#style.flow === "leaves" && !parts.some(isCollection);
  }

  #entries(dict: PyDict): [unknown, unknown][] {
    const entries = [...dict.items()];
    if (!this.#style.sortKeys) return entries;
    try {
      return sorted(entries, (e) => (e as unknown[])[0]) as [unknown, unknown][];
    } catch (error) {
      if (error instanceof PythonError && error.kind === "TypeError") return entries;
      throw error;
    }
  }

  /** A collection on lines of its own. `inSequence`: it follows a dash, on whose line its first entry stands. */
  #block(value: unknown, indent: number, inSequence: boolean, depth: number): string {
    if (depth > 100) throw typeError("the value is nested too deeply for YAML");
    const pad = " ".repeat(indent);
    const lines =
      value instanceof PyDict ? this.#mapping(value, indent, depth) : this.#sequence(value, indent, depth);
    const out = lines.join(`\n${pad}`);
    allocate(out.length);
    return inSequence ? out : `\n${pad}${out}`;
  }

  #mapping(dict: PyDict, indent: number, depth: number): string[] {
    return this.#entries(dict).map(([key, item]) => {
      spend();
      const head = `${isCollection(key) ? this.#flow(key) : this.#scalar(key, 0, indent, true)}:`;
      if (!isCollection(item))
        return `${head} ${this.#scalar(item, indent + this.#step, indent + head.length + 1)}`;
      if (this.#isFlow(item)) return `${head} ${this.#flow(item)}`;
      // A list in a dict stands at the column of its key.
      const inner = item instanceof PyDict ? indent + this.#step : indent;
      return head + this.#block(item, inner, false, depth + 1);
    });
  }

  #sequence(value: unknown, indent: number, depth: number): string[] {
    // The dash is followed by blanks up to the next indent.
    const dash = `-${" ".repeat(Math.max(1, this.#step - 1))}`;
    return [...children(value)].map((item) => {
      spend();
      if (!isCollection(item)) return `- ${this.#scalar(item, indent + this.#step, indent + 2)}`;
      if (this.#isFlow(item)) return `- ${this.#flow(item)}`;
      return dash + this.#block(item, indent + this.#step, true, depth + 1);
    });
  }

  #flow(value: unknown): string {
    spend();
    if (!isCollection(value)) return this.#scalar(value, 0, 0, false, true);
    if (value instanceof PyDict) {
      return `{${this.#entries(value)
        .map(([key, item]) => `${this.#flow(key)}: ${this.#flow(item)}`)
        .join(", ")}}`;
    }
    return `[${[...children(value)].map((item) => this.#flow(item)).join(", ")}]`;
  }

  #scalar(value: unknown, indent: number, column: number, key = false, flow = false): string {
    const text = textOf(value);
    if (text !== undefined) return this.#text(text, indent, column, key, flow);
    if (value === null) return "null";
    if (typeof value === "boolean") return String(value);
    if (isFloat(value)) return floatScalar(toDouble(value));
    if (typeof value === "number" || typeof value === "bigint") return str(value);
    throw typeError(`cannot represent an object of type ${typeName(value)} in YAML`);
  }

  #text(text: string, indent: number, column: number, key: boolean, flow: boolean): string {
    if (needsDouble(text)) return doubleQuoted(text);
    const fold = (t: string) => (key || flow ? t : folded(t, indent, column, this.#style.width));
    if (text.includes("\n"))
      return `'${fold(text.replaceAll("'", "''")).replaceAll("\n", `\n\n${" ".repeat(indent)}`)}'`;
    if (isPlain(text, flow)) return fold(text);
    return `'${folded(text.replaceAll("'", "''"), indent, column + 1, key || flow ? Number.POSITIVE_INFINITY : this.#style.width)}'`;
  }
}

function children(value: unknown): Iterable<unknown> {
  if (value instanceof PyDict) return [...value.items()].flat();
  if (value instanceof PyTuple) return value.items;
  return value instanceof PySet ? value.values() : (value as unknown[]);
}

function floatScalar(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value < 0 ? "-.inf" : ".inf";
  const text = floatText(value);
  // YAML 1.1 wants a point before the exponent.
  return !text.includes(".") && text.includes("e") ? text.replace("e", ".0e") : text;
}

// Plain text that YAML 1.1 would read as something else than a text.
const RESOLVED =
  /^(?:yes|no|true|false|on|off|null|~|[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][\d_]*|0x[\da-f_]+|[1-9][\d_]*(?::[0-5]?\d)+)|[-+]?(?:\d[\d_]*\.[\d_]*(?:e[-+]\d+)?|\.[\d_]+(?:e[-+]\d+)?|\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|\.inf)|\.nan|=|<<|\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:t|[ \t]+)\d.*)$/i;

function isPlain(text: string, flow: boolean): boolean {
  if (text === "" || RESOLVED.test(text) || /^\s|\s$/.test(text)) return false;
  if (/^(?:---|\.\.\.)/.test(text) || /^[#,[\]{}&*!|>'"%@`]/.test(text)) return false;
  if (/^[-?:](?:\s|$)/.test(text)) return false;
  if (/:(?:\s|$)/.test(text) || /\s#/.test(text)) return false;
  return !flow || !/[,?[\]{}]|:/.test(text);
}

const needsDouble = (text: string): boolean =>
  /[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|\ufeff|^\n|\n | \n|\t/u.test(text);

const ESCAPES = new Map([
  ["\0", "\\0"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\v", "\\v"],
  ["\f", "\\f"],
  ["\r", "\\r"],
  ["\x1b", "\\e"],
  ['"', '\\"'],
  ["\\", "\\\\"],
]);

function doubleQuoted(text: string): string {
  const body = text.replace(/["\\]|[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return (
      ESCAPES.get(char) ??
      (code < 0x100
        ? `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`
        : `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`)
    );
  });
  return `"${body}"`;
}

/** Breaks a long text at single blanks after `width` columns. */
function folded(text: string, indent: number, start: number, width: number): string {
  if (start + text.length <= width) return text;
  let column = start;
  let out = "";
  const words = text.split(/(?<=[^ ]) (?=[^ ])/);
  words.forEach((word, i) => {
    out += word;
    column += word.length;
    if (i === words.length - 1) return;
    if (column > width) {
      out += `\n${" ".repeat(indent)}`;
      column = indent;
    } else {
      out += " ";
      column++;
    }
  });
  return out;
}
