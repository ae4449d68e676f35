import { quoteText } from "../../../src/python/values/index.ts";
import { TemplateSyntaxError } from "./errors.ts";
import type { ResolvedOptions } from "./options.ts";
import { OPERATORS, type Token } from "./tokens.ts";

const SPACE = "[\\s\\x1c-\\x1f\\x85]";
const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

const WHITE = new RegExp(`${SPACE}+`, "uy");
const FLOAT = /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iuy;
const INTEGER = /(?:0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*)/iuy;
const NAME = /[\p{L}\p{N}\p{M}\p{XID_Continue}]+/uy;
const TEXT = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/suy;
const OPERATOR = /\*\*|\/\/|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/uy;
const IDENTIFIER = /^[\p{XID_Start}_][\p{XID_Continue}]*$/u;
const CLOSES: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

/** What a set of delimiters needs for cutting templates into tokens. */
export class Lexer {
  readonly #options: ResolvedOptions;
  readonly #opening: RegExp;
  readonly #kinds: readonly string[];
  readonly #comment: RegExp;
  readonly #lineComment = /[^\n]*/uy;
  readonly #raw: RegExp;
  readonly #blockEnd: RegExp;
  readonly #variableEnd: RegExp;
  readonly #lineEnd = new RegExp(`${SPACE}*(?:\\n|$)`, "uy");

  constructor(options: ResolvedOptions) {
    this.#options = options;
    const blockStart = escapePattern(options.block_start_string);
    const blockEnd = escapePattern(options.block_end_string);
    const variableEnd = escapePattern(options.variable_end_string);
    const commentEnd = escapePattern(options.comment_end_string);
    const suffix = options.trim_blocks ? "\\n?" : "";

    // The longest opening wins; where two are equally long, the order of Jinja2's names decides.
    const kinds: [number, string, string][] = [
      [options.comment_start_string.length, "comment_begin", escapePattern(options.comment_start_string)],
      [options.block_start_string.length, "block_begin", blockStart],
      [options.variable_start_string.length, "variable_begin", escapePattern(options.variable_start_string)],
    ];
    if (options.line_statement_prefix !== null) {
      const prefix = options.line_statement_prefix;
      kinds.push([prefix.length, "linestatement_begin", `^[ \\t\\v]*${escapePattern(prefix)}`]);
    }
    if (options.line_comment_prefix !== null) {
      const prefix = options.line_comment_prefix;
      kinds.push([prefix.length, "linecomment_begin", `(?:^|(?<=\\S))[^\\S\\r\\n]*${escapePattern(prefix)}`]);
    }
    kinds.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1));
    this.#kinds = ["raw_begin", ...kinds.map((k) => k[1])];
    const raw = `${blockStart}([-+]|)${SPACE}*raw${SPACE}*(?:-${blockEnd}${SPACE}*|${blockEnd})`;
    this.#opening = new RegExp([`(?:${raw})`, ...kinds.map((k) => `(?:${k[2]}([-+]|))`)].join("|"), "gmu");
    const ending = (end: string) => `(?:\\+${end}|-${end}${SPACE}*|${end}${suffix})`;
    this.#comment = new RegExp(ending(commentEnd), "gu");
    this.#raw = new RegExp(`${blockStart}([-+]|)${SPACE}*endraw${SPACE}*${ending(blockEnd)}`, "gu");
    this.#blockEnd = new RegExp(ending(blockEnd), "uy");
    this.#variableEnd = new RegExp(`-${variableEnd}${SPACE}*|${variableEnd}`, "uy");
  }

  /** The source as the parser sees it: line ends as \n, and without the last one unless it is to be kept. */
  normalize(source: string): string {
    const text = source.replace(/\r\n?/g, "\n");
    return !this.#options.keep_trailing_newline && text.endsWith("\n") ? text.slice(0, -1) : text;
  }

  /** The tokens of a normalized source. What cannot be cut is an `error` token, for the parser to throw when it gets there. */
  tokens(source: string): Token[] {
    return new Scanner(source, this.#options, {
      opening: this.#opening,
      kinds: this.#kinds,
      comment: this.#comment,
      lineComment: this.#lineComment,
      raw: this.#raw,
      ends: { block: this.#blockEnd, variable: this.#variableEnd, line: this.#lineEnd },
    }).scan();
  }
}

interface Patterns {
  readonly opening: RegExp;
  readonly kinds: readonly string[];
  readonly comment: RegExp;
  readonly lineComment: RegExp;
  readonly raw: RegExp;
  readonly ends: { readonly block: RegExp; readonly variable: RegExp; readonly line: RegExp };
}

class Scanner {
  readonly #source: string;
  readonly #options: ResolvedOptions;
  readonly #patterns: Patterns;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  #counted = 0;
  #lineStarting = true;

  constructor(source: string, options: ResolvedOptions, patterns: Patterns) {
    this.#source = source;
    this.#options = options;
    this.#patterns = patterns;
  }

  scan(): Token[] {
    try {
      this.#scanAll();
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      this.#tokens.push({ type: "error", value: "", line: error.lineno ?? 1, at: error.offset ?? 0, error });
    }
    return this.#tokens;
  }

  #scanAll(): void {
    const { opening, kinds } = this.#patterns;
    while (this.#at < this.#source.length) {
      opening.lastIndex = this.#at;
      const match = opening.exec(this.#source);
      if (!match) {
        this.#data(this.#source.slice(this.#at));
        this.#at = this.#source.length;
        break;
      }
      const which = match.slice(1).findIndex((sign) => sign !== undefined);
      const kind = kinds[which] ?? "";
      const before = this.#source.slice(this.#at, match.index);
      this.#data(this.#stripped(before, match[which + 1], kind !== "variable_begin"));
      this.#at = opening.lastIndex;
      this.#lineStarting = match[0].endsWith("\n");
      this.#tag(kind, match.index);
    }
    this.#push("eof", "", this.#source.length);
  }

  #tag(kind: string, from: number): void {
    switch (kind) {
      case "comment_begin":
        this.#skipTo(this.#patterns.comment, "Missing end of comment tag", from);
        return;
      case "linecomment_begin":
        this.#patterns.lineComment.lastIndex = this.#at;
        this.#at += this.#patterns.lineComment.exec(this.#source)?.[0].length ?? 0;
        return;
      case "raw_begin": {
        const start = this.#at;
        const match = this.#skipTo(this.#patterns.raw, "Missing end of raw directive", from);
        this.#data(this.#stripped(this.#source.slice(start, match.index), match[1], true), start);
        return;
      }
      case "variable_begin":
        this.#push(kind, "", from);
        this.#inside("variable_end", this.#patterns.ends.variable);
        return;
      case "block_begin":
        this.#push(kind, "", from);
        this.#inside("block_end", this.#patterns.ends.block);
        return;
      default:
        this.#push("block_begin", "", from);
        this.#inside("block_end", this.#patterns.ends.line);
    }
  }

  #skipTo(end: RegExp, missing: string, from: number): RegExpExecArray {
    end.lastIndex = this.#at;
    const match = end.exec(this.#source);
    if (!match) throw new TemplateSyntaxError(missing, this.#lineAt(from), from);
    this.#at = end.lastIndex;
    this.#lineStarting = match[0].endsWith("\n");
    return match;
  }

  /** The text before a tag, with what its sign or lstrip_blocks takes away. */
  #stripped(text: string, sign: string | undefined, mayLstrip: boolean): string {
    if (sign === "-") return text.replace(/[\s\x1c-\x1f\x85]+$/u, "");
    if (sign === "+" || !this.#options.lstrip_blocks || !mayLstrip) return text;
    const lineStart = text.lastIndexOf("\n") + 1;
    if (lineStart === 0 && !this.#lineStarting) return text;
    return /^\s+$/u.test(text.slice(lineStart)) ? text.slice(0, lineStart) : text;
  }

  #data(text: string, from = this.#at): void {
    if (text === "") return;
    const ends = this.#options.newline_sequence;
    this.#push("data", ends === "\n" ? text : text.replaceAll("\n", ends), from);
  }

  #inside(endType: string, end: RegExp): void {
    const open: string[] = [];
    while (this.#at < this.#source.length || endType === "block_end") {
      if (open.length === 0) {
        const match = this.#take(end);
        if (match !== undefined) {
          this.#push(endType, "", this.#at - match.length);
          this.#lineStarting = match.endsWith("\n");
          return;
        }
      }
      if (this.#at >= this.#source.length) return;
      if (this.#take(WHITE) === undefined) this.#token(open);
    }
  }

  #token(open: string[]): void {
    const at = this.#at;
    let text = this.#take(FLOAT);
    if (text !== undefined) {
      this.#push("float", text.replaceAll("_", ""), at);
      return;
    }
    text = this.#take(INTEGER);
    if (text !== undefined) {
      this.#push("integer", text, at);
      return;
    }
    text = this.#take(NAME);
    if (text !== undefined) {
      if (!IDENTIFIER.test(text)) throw this.#error("Invalid character in identifier", at);
      this.#push("name", text, at);
      return;
    }
    text = this.#take(TEXT);
    if (text !== undefined) {
      this.#push("string", this.#unescaped(text.slice(1, -1), at), at);
      return;
    }
    text = this.#take(OPERATOR);
    if (text === undefined) {
      const char = String.fromCodePoint(this.#source.codePointAt(at) ?? 0);
      const position = Array.from(this.#source.slice(0, at)).length;
      throw this.#error(`unexpected char ${quoteText(char)} at ${position}`, at);
    }
    const closing = CLOSES[text];
    if (closing !== undefined) open.push(closing);
    else if (text === "}" || text === ")" || text === "]") {
      const expected = open.pop();
      if (expected === undefined) throw this.#error(`unexpected '${text}'`, at);
      if (expected !== text) throw this.#error(`unexpected '${text}', expected '${expected}'`, at);
    }
    this.#push(OPERATORS.get(text) ?? text, text, at);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (!match) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  #unescaped(text: string, at: number): string {
    const body =
      this.#options.newline_sequence === "\n" ? text : text.replaceAll("\n", this.#options.newline_sequence);
    if (!body.includes("\\")) return body;
    return body.replace(ESCAPE, (whole: string, ...found: unknown[]) => {
      const [octal, x, u, U, name, simple] = found as (string | undefined)[];
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const hex = x ?? u ?? U;
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        if (code > 0x10ffff) throw this.#error("illegal Unicode character", at);
        return String.fromCodePoint(code);
      }
      if (name !== undefined)
        throw this.#error("\\N{...} names are not supported; write the character itself", at);
      const known = SIMPLE.get(simple ?? "");
      if (known !== undefined) return known;
      const truncated = TRUNCATED.get(simple ?? "");
      if (truncated !== undefined) throw this.#error(truncated, at);
      return whole;
    });
  }

  #push(type: string, value: string, at: number): void {
    this.#tokens.push({ type, value, line: this.#lineAt(at), at });
  }

  // Tokens come in order, so lines are counted once.
  #lineAt(at: number): number {
    for (; this.#counted < at; this.#counted++) if (this.#source[this.#counted] === "\n") this.#line++;
    return this.#line;
  }

  #error(message: string, at: number): TemplateSyntaxError {
    return new TemplateSyntaxError(message, this.#lineAt(at), at);
  }
}

const ESCAPE = /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|N(\{[^}]*\})|(.))/gsu;
const SIMPLE = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["v", "\v"],
  ["\\", "\\"],
  ["'", "'"],
  ['"', '"'],
  ["\n", ""],
]);
const TRUNCATED = new Map([
  ["x", "truncated \\xXX escape"],
  ["u", "truncated \\uXXXX escape"],
  ["U", "truncated \\UXXXXXXXX escape"],
]);
