import {
  allocate,
  type BinaryOperator,
  binary,
  characters,
  fromKwargs,
  fromMapping,
  item,
  type Kwargs,
  list,
  MISSING,
  PyFunction,
  PyTuple,
  percentFormat,
  plainLookup,
  quoteText,
  STRING_METHODS,
  str,
  strFormat,
  TextObject,
  textOf,
} from "../../../src/python/values/index.ts";
import { ENTITIES } from "./entities.ts";

/** Text that is safe in HTML: joining anything else to it escapes that first. */
export class Markup extends TextObject {
  override readonly typeName = "Markup";

  override get qualifiedName(): string {
    return "markupsafe.Markup";
  }

  override repr(): string {
    return `Markup(${quoteText(this.text)})`;
  }

  override truth(): boolean {
    return this.text !== "";
  }

  override item(key: unknown): unknown {
    return new Markup(str(item(this.text, key)));
  }

  override iterate(): Iterable<unknown> {
    return characters(this.text).map((c) => new Markup(c));
  }

  override binary(operator: BinaryOperator, other: unknown, reflected: boolean): unknown {
    if (operator === "+" && textOf(other) !== undefined) {
      const [left, right] = reflected ? [escaped(other), this] : [this, escaped(other)];
      allocate(left.text.length + right.text.length);
      return new Markup(left.text + right.text);
    }
    if (operator === "*") return new Markup(str(binary("*", this.text, other)));
    if (operator === "%" && !reflected)
      return new Markup(percentFormat(this.text, unwrapped(other), escapedText));
    return MISSING;
  }

  override attribute(name: string): unknown {
    if (name === "__html__") return new PyFunction(name, () => this);
    if (name === "striptags") return new PyFunction(name, () => stripTags(this.text));
    if (name === "unescape") return new PyFunction(name, () => resolveEntities(this.text));
    if (!STRING_METHODS.has(name)) return MISSING;
    return new PyFunction(
      name,
      (args, kwargs) => this.#method(name, args, kwargs),
      "builtin_function_or_method",
    );
  }

  #method(name: string, args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
    const lookup = { ...plainLookup, format: formatEscaped };
    if (name === "format")
      return new Markup(strFormat(this.text, { args, named: fromKwargs(kwargs), lookup }));
    if (name === "format_map") {
      return new Markup(strFormat(this.text, { args: [], named: fromMapping(args[0]), lookup }));
    }
    if (name === "join") return new Markup(list(args[0]).map(escapedText).join(this.text));
    const escapes = ESCAPING.has(name);
    const safe = escapes ? args.map((a) => (textOf(a) === undefined ? a : escaped(a))) : args;
    return wrapped(STRING_METHODS.get(name)?.(this.text, safe, kwargs));
  }
}

// The methods that put their arguments into the text.
const ESCAPING = new Set([
  "replace",
  "ljust",
  "rjust",
  "center",
  "strip",
  "lstrip",
  "rstrip",
  "split",
  "rsplit",
  "partition",
  "rpartition",
]);

function wrapped(value: unknown): unknown {
  if (typeof value === "string") return new Markup(value);
  if (Array.isArray(value)) return value.map(wrapped);
  return value instanceof PyTuple ? new PyTuple(value.items.map(wrapped)) : value;
}

function unwrapped(values: unknown): unknown {
  return values instanceof Markup ? PyTuple.of(values) : values;
}

const escapedText = (value: unknown): string => escaped(value).text;

/** The text of a format field in safe text. */
export function formatEscaped(value: unknown, spec: string): string {
  if (value instanceof Markup && spec === "") return value.text;
  return escaped(plainFormat(value, spec)).text;
}

const plainFormat = (value: unknown, spec: string): string =>
  strFormat(`{:${spec}}`, { args: [value], named: () => null, lookup: plainLookup });

const SPECIAL: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "'": "&#39;",
  '"': "&#34;",
};

/** A text with HTML's five special characters escaped. */
export function escapeText(text: string): string {
  if (!/[&<>'"]/.test(text)) return text;
  const out = text.replace(/[&<>'"]/g, (char) => SPECIAL[char] ?? char);
  allocate(out.length);
  return out;
}

/** A value as safe text: safe text as it is, everything else escaped. */
export function escaped(value: unknown): Markup {
  return value instanceof Markup ? value : new Markup(escapeText(str(value)));
}

/** Safe text without tags and comments, entities resolved, white space collapsed. */
export function stripTags(text: string): string {
  let out = text;
  for (let start = out.indexOf("<!--"); start >= 0; start = out.indexOf("<!--", start)) {
    const end = out.indexOf("-->", start);
    if (end < 0) break;
    out = out.slice(0, start) + out.slice(end + 3);
  }
  for (let start = out.indexOf("<"); start >= 0; start = out.indexOf("<", start)) {
    const end = out.indexOf(">", start);
    if (end < 0) break;
    out = out.slice(0, start) + out.slice(end + 1);
  }
  return resolveEntities(out.trim().split(/\s+/).join(" "));
}

/** A text with HTML's character references resolved. */
function resolveEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(\w+));/g, (whole: string, ...found: unknown[]) => {
    const [decimal, hex, name] = found as (string | undefined)[];
    if (name !== undefined) return ENTITIES.get(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
