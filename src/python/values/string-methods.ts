import { allocate } from "./budget.ts";
import { PyDict } from "./dict.ts";
import { list } from "./iteration.ts";
import { type Method, method } from "./method.ts";
import { isInt } from "./numbers.ts";
import { textOf } from "./object.ts";
import { plainLookup } from "./plain-lookup.ts";
import { PythonError, typeError, valueError } from "./python-error.ts";
import { REQUIRED } from "./signature.ts";
import { resolveSlice } from "./slice.ts";
import { fromKwargs, strFormat } from "./str-format.ts";
import { PyTuple } from "./tuple.ts";
import { typeName } from "./type-name.ts";
import * as unicode from "./unicode.ts";

/** The text of an argument that must be a string. */
function text(value: unknown, what = "argument"): string {
  const found = textOf(value);
  if (found === undefined) throw typeError(`${what} must be str, not ${typeName(value)}`);
  return found;
}

function integer(value: unknown): number {
  if (!isInt(value)) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
  return Number(value);
}

/** Text of a search range: Python's `start` and `end`, with the place of its first character. */
function part(self: string, start: unknown, end: unknown): { text: string; from: number } | undefined {
  if (start === null && end === null) return { text: self, from: 0 };
  const size = unicode.textLength(self);
  if (isInt(start) && Number(start) > size) return undefined;
  const range = resolveSlice({ start, stop: end, step: null }, size);
  return { text: unicode.substring(self, range.start, Math.max(range.start, range.stop)), from: range.start };
}

function search(self: string, sub: unknown, start: unknown, end: unknown, last: boolean): number {
  const within = part(self, start, end);
  if (!within) return -1;
  const needle = text(sub);
  const at = last ? within.text.lastIndexOf(needle) : within.text.indexOf(needle);
  return at < 0 ? -1 : within.from + unicode.textLength(within.text.slice(0, at));
}

function found(at: number): number {
  if (at < 0) throw valueError("substring not found");
  return at;
}

function affix(
  self: string,
  affixes: unknown,
  start: unknown,
  end: unknown,
  name: "startsWith" | "endsWith",
): boolean {
  const within = part(self, start, end);
  if (!within) return false;
  const all = affixes instanceof PyTuple ? affixes.items : [affixes];
  return all.some((a) => {
    const wanted = textOf(a);
    if (wanted === undefined) {
      const shown = name === "startsWith" ? "startswith" : "endswith";
      throw typeError(`${shown} first arg must be str or a tuple of str, not ${typeName(a)}`);
    }
    return within.text[name](wanted);
  });
}

const escapeClass = (chars: string): string => chars.replace(/[\\\]^-]/g, "\\$&");

/** Python's `strip`: `chars` null means white space. */
export function strip(self: string, chars: unknown, sides: "both" | "left" | "right"): string {
  const set = chars === null ? unicode.SPACE : escapeClass(text(chars, "strip arg"));
  if (set === "") return self;
  let out = self;
  if (sides !== "right") out = out.replace(new RegExp(`^[${set}]+`, "u"), "");
  if (sides !== "left") {
    // From the end by hand: a pattern anchored there would look at every start.
    const member = new RegExp(`^[${set}]$`, "u");
    const all = unicode.characters(out);
    let end = all.length;
    while (end > 0 && member.test(all[end - 1] ?? "")) end--;
    out = end === all.length ? out : all.slice(0, end).join("");
  }
  return out;
}

function splitWords(self: string, max: number): string[] {
  const rest = strip(self, null, "left");
  if (rest === "") return [];
  const words: string[] = [];
  const gap = new RegExp(`[${unicode.SPACE}]+`, "g");
  let start = 0;
  while (max < 0 || words.length < max) {
    gap.lastIndex = start;
    const match = gap.exec(rest);
    if (!match) break;
    words.push(rest.slice(start, match.index));
    start = gap.lastIndex;
  }
  if (start < rest.length)
    words.push(words.length === max ? strip(rest.slice(start), null, "right") : rest.slice(start));
  return words;
}

function splitWordsRight(self: string, max: number): string[] {
  const words = splitWords(self, -1);
  if (max < 0 || words.length <= max + 1) return words;
  if (max === 0) return [strip(self, null, "both")];
  let rest = strip(self, null, "right");
  const out: string[] = [];
  for (let i = 0; i < max; i++) {
    const word = words[words.length - 1 - i] ?? "";
    out.unshift(word);
    rest = strip(rest.slice(0, rest.length - word.length), null, "right");
  }
  return [strip(rest, null, "left"), ...out].filter((w) => w !== "");
}

function split(self: string, sep: unknown, maxsplit: unknown, right: boolean): string[] {
  const max = integer(maxsplit);
  if (sep === null) return right ? splitWordsRight(self, max) : splitWords(self, max);
  const separator = text(sep, "must be str or None");
  if (separator === "") throw valueError("empty separator");
  const parts = self.split(separator);
  if (max < 0 || parts.length <= max + 1) return parts;
  if (right) return [parts.slice(0, parts.length - max).join(separator), ...parts.slice(parts.length - max)];
  return [...parts.slice(0, max), parts.slice(max).join(separator)];
}

function pad(self: string, width: unknown, fill: unknown, place: "left" | "right" | "center"): string {
  const filler = text(fill, "The fill character");
  if (unicode.textLength(filler) !== 1)
    throw typeError("The fill character must be exactly one character long");
  const missing = integer(width) - unicode.textLength(self);
  if (missing <= 0) return self;
  allocate(missing + self.length);
  if (place === "left") return self + filler.repeat(missing);
  if (place === "right") return filler.repeat(missing) + self;
  // Where both sides cannot be equal Python gives the odd one to the left when the width is odd.
  const left = Math.floor(missing / 2) + (missing & integer(width) & 1);
  return filler.repeat(left) + self + filler.repeat(missing - left);
}

function replace(self: string, old: unknown, fresh: unknown, count: unknown): string {
  const from = text(old, "replace() argument 1");
  const to = text(fresh, "replace() argument 2");
  const limit = integer(count);
  let out: string;
  if (limit < 0) {
    if (to.length > from.length) allocate(self.split(from).length * to.length);
    out = from === "" ? emptyReplaced(self, to, -1) : self.replaceAll(from, () => to);
  } else if (from === "") out = emptyReplaced(self, to, limit);
  else {
    const parts = self.split(from);
    const cut = Math.min(limit, parts.length - 1);
    allocate(cut * to.length);
    out = [...parts.slice(0, cut), parts.slice(cut).join(from)].join(to);
  }
  allocate(out.length);
  return out;
}

function emptyReplaced(self: string, to: string, limit: number): string {
  const all = unicode.characters(self);
  let left = limit < 0 ? all.length + 1 : limit;
  let out = left-- > 0 ? to : "";
  for (const char of all) out += left-- > 0 ? char + to : char;
  return out;
}

function join(self: string, items: unknown): string {
  const parts = list(items).map((item, i) => {
    const piece = textOf(item);
    if (piece === undefined)
      throw typeError(`sequence item ${i}: expected str instance, ${typeName(item)} found`);
    return piece;
  });
  const out = parts.join(self);
  allocate(out.length);
  return out;
}

function partition(self: string, sep: unknown, right: boolean): PyTuple {
  const separator = text(sep, "must be str");
  if (separator === "") throw valueError("empty separator");
  const at = right ? self.lastIndexOf(separator) : self.indexOf(separator);
  if (at < 0) return right ? PyTuple.of("", "", self) : PyTuple.of(self, "", "");
  return PyTuple.of(self.slice(0, at), separator, self.slice(at + separator.length));
}

function expandTabs(self: string, size: number): string {
  let column = 0;
  let out = "";
  for (const char of self) {
    if (char === "\t") {
      const spaces = size > 0 ? size - (column % size) : 0;
      allocate(spaces);
      out += " ".repeat(spaces);
      column += spaces;
    } else {
      out += char;
      column = char === "\n" || char === "\r" ? 0 : column + 1;
    }
  }
  return out;
}

function translate(self: string, table: unknown): string {
  if (!(table instanceof PyDict)) return self;
  return unicode
    .characters(self)
    .map((char) => {
      const code = char.codePointAt(0);
      if (!table.has(code)) return char;
      const to = table.get(code);
      return to === null ? "" : isInt(to) ? String.fromCodePoint(Number(to)) : text(to);
    })
    .join("");
}

function makeTranslation(args: readonly unknown[]): PyDict {
  const [x, y, z] = args;
  const table = new PyDict();
  if (args.length === 1) {
    if (!(x instanceof PyDict))
      throw typeError("if you give only one argument to maketrans it must be a dict");
    for (const [key, value] of x.items())
      table.set(typeof key === "string" ? key.codePointAt(0) : key, value);
    return table;
  }
  const to = unicode.characters(text(y));
  const from = unicode.characters(text(x));
  if (from.length !== to.length) throw valueError("the first two maketrans arguments must have equal length");
  from.forEach((char, i) => {
    table.set(char.codePointAt(0), to[i]?.codePointAt(0));
  });
  if (z !== undefined) for (const char of text(z)) table.set(char.codePointAt(0), null);
  return table;
}

function capitalize(self: string): string {
  const [first = "", ...rest] = unicode.characters(self);
  return unicode.title(first) + rest.join("").toLowerCase();
}

const swapCase = (self: string): string =>
  unicode
    .characters(self)
    .map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase()))
    .join("");

function zfill(self: string, width: unknown): string {
  const missing = integer(width) - unicode.textLength(self);
  if (missing <= 0) return self;
  allocate(missing);
  const sign = /^[+-]/.exec(self)?.[0] ?? "";
  return sign + "0".repeat(missing) + self.slice(sign.length);
}

const nonEmpty = (test: (text: string) => boolean) => (self: string) => self !== "" && test(self);
const range = { start: null, end: null };
const simple = (name: string, run: (self: string) => unknown): [string, Method<string>] =>
  method(name, {}, run);

/** The methods of `str`. Each gets the plain text, positional arguments and keyword arguments. */
export const STRING_METHODS: ReadonlyMap<string, Method<string>> = new Map<string, Method<string>>([
  simple("capitalize", capitalize),
  simple("casefold", (s) => s.toLowerCase().replaceAll("ß", "ss")),
  simple("lower", (s) => s.toLowerCase()),
  simple("upper", (s) => s.toUpperCase()),
  simple("title", unicode.title),
  simple("swapcase", swapCase),
  simple("isalnum", nonEmpty(unicode.isAlphanumeric)),
  simple("isalpha", nonEmpty(unicode.isAlpha)),
  simple("isascii", (s) => /^[\0-\x7f]*$/.test(s)),
  simple("isdecimal", nonEmpty(unicode.isDecimal)),
  simple("isdigit", nonEmpty(unicode.isDigit)),
  simple("isidentifier", unicode.isIdentifier),
  simple("islower", unicode.isLower),
  simple("isnumeric", nonEmpty(unicode.isNumeric)),
  simple("isprintable", unicode.isPrintable),
  simple("isspace", unicode.isSpace),
  simple("istitle", unicode.isTitle),
  simple("isupper", unicode.isUpper),
  method("center", { width: REQUIRED, fillchar: " " }, (s, w, f) => pad(s, w, f, "center")),
  method("ljust", { width: REQUIRED, fillchar: " " }, (s, w, f) => pad(s, w, f, "left")),
  method("rjust", { width: REQUIRED, fillchar: " " }, (s, w, f) => pad(s, w, f, "right")),
  method("zfill", { width: REQUIRED }, zfill),
  method("count", { sub: REQUIRED, ...range }, (s, sub, start, end) => {
    const within = part(s, start, end);
    if (!within) return 0;
    const needle = text(sub);
    return needle === "" ? unicode.textLength(within.text) + 1 : within.text.split(needle).length - 1;
  }),
  method("encode", { encoding: "utf-8", errors: "strict" }, (s) => s),
  method("startswith", { prefix: REQUIRED, ...range }, (s, a, b, c) => affix(s, a, b, c, "startsWith")),
  method("endswith", { suffix: REQUIRED, ...range }, (s, a, b, c) => affix(s, a, b, c, "endsWith")),
  method("expandtabs", { tabsize: 8 }, (s, size) => expandTabs(s, integer(size))),
  method("find", { sub: REQUIRED, ...range }, (s, a, b, c) => search(s, a, b, c, false)),
  method("rfind", { sub: REQUIRED, ...range }, (s, a, b, c) => search(s, a, b, c, true)),
  method("index", { sub: REQUIRED, ...range }, (s, a, b, c) => found(search(s, a, b, c, false))),
  method("rindex", { sub: REQUIRED, ...range }, (s, a, b, c) => found(search(s, a, b, c, true))),
  method("join", { iterable: REQUIRED }, join),
  method("partition", { sep: REQUIRED }, (s, sep) => partition(s, sep, false)),
  method("rpartition", { sep: REQUIRED }, (s, sep) => partition(s, sep, true)),
  method("removeprefix", { prefix: REQUIRED }, (s, p) =>
    s.startsWith(text(p)) ? s.slice(text(p).length) : s,
  ),
  method("removesuffix", { suffix: REQUIRED }, (s, p) =>
    text(p) !== "" && s.endsWith(text(p)) ? s.slice(0, s.length - text(p).length) : s,
  ),
  method("replace", { old: REQUIRED, new: REQUIRED, count: -1 }, replace),
  method("split", { sep: null, maxsplit: -1 }, (s, sep, max) => split(s, sep, max, false)),
  method("rsplit", { sep: null, maxsplit: -1 }, (s, sep, max) => split(s, sep, max, true)),
  method("splitlines", { keepends: false }, (s, keep) => unicode.splitLines(s, keep === true || keep === 1)),
  method("strip", { chars: null }, (s, chars) => strip(s, chars, "both")),
  method("lstrip", { chars: null }, (s, chars) => strip(s, chars, "left")),
  method("rstrip", { chars: null }, (s, chars) => strip(s, chars, "right")),
  method("translate", { table: REQUIRED }, translate),
  ["maketrans", (_self, args) => makeTranslation(args)],
  ["format", (s, args, kwargs) => strFormat(s, { args, named: fromKwargs(kwargs), lookup: plainLookup })],
  method("format_map", { mapping: REQUIRED }, (s, mapping) =>
    strFormat(s, { args: [], named: fromMapping(mapping), lookup: plainLookup }),
  ),
]);

/** A mapping as the source of named fields. */
export function fromMapping(mapping: unknown): (name: string) => unknown {
  return (name) => {
    if (mapping instanceof PyDict && mapping.has(name)) return mapping.get(name);
    if (mapping instanceof PyDict) throw new PythonError("KeyError", `'${name}'`);
    return plainLookup.item(mapping, name);
  };
}
