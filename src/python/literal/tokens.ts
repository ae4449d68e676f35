import { float, type PyNumber } from "../values/numbers.ts";
import { PythonSyntaxError } from "./errors.ts";
import { stringBody } from "./strings.ts";

/** `end` of a statement is a newline outside brackets or a semicolon; `eof` ends the text. */
export type Token =
  | { readonly kind: "name" | "op" | "string"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly value: PyNumber; readonly at: number }
  | { readonly kind: "end" | "eof"; readonly at: number };

const SPACE = /(?:[ \t\f]|\\\r?\n)+/y;
const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const NUMBER =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:(?:\d(?:_?\d)*)?\.\d(?:_?\d)*|\d(?:_?\d)*\.?)(?:[eE][+-]?\d(?:_?\d)*)?)/y;
const STRING = /([rRbBuU]{0,2})('''|"""|'|")/y;
const OPERATOR = /\*\*|\/\/|[-+*/%(){}[\],:=;.]/y;

/** Splits Python source into tokens. Newlines inside brackets do not count, comments are dropped. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < source.length) {
    const start = at;
    if (take(SPACE) !== null) continue;
    const char = source.charAt(at);
    if (char === "#") {
      while (at < source.length && source.charAt(at) !== "\n") at += 1;
      continue;
    }
    if (char === "\n" || char === "\r") {
      at += 1;
      if (depth === 0) tokens.push({ kind: "end", at: start });
      continue;
    }
    const opening = take(STRING);
    if (opening !== null) {
      const { text, next } = stringBody(source, at, opening[1] ?? "", opening[2] ?? "");
      at = next;
      tokens.push({ kind: "string", text, at: start });
      continue;
    }
    const number = /[\d.]/.test(char) ? take(NUMBER) : null;
    if (number !== null) {
      tokens.push({ kind: "number", value: numberValue(number[0], start), at: start });
      continue;
    }
    const name = take(NAME);
    if (name !== null) {
      tokens.push({ kind: "name", text: name[0], at: start });
      continue;
    }
    const operator = take(OPERATOR)?.[0];
    if (operator === undefined) throw new PythonSyntaxError("invalid syntax", start);
    if ("([{".includes(operator)) depth += 1;
    if (")]}".includes(operator)) depth = Math.max(0, depth - 1);
    tokens.push(operator === ";" ? { kind: "end", at: start } : { kind: "op", text: operator, at: start });
  }
  tokens.push({ kind: "eof", at: source.length });
  return tokens;
}

function numberValue(text: string, at: number): PyNumber {
  const digits = text.replaceAll("_", "");
  if (/^0[xXoObB]/.test(digits)) return integer(digits);
  if (/[.eE]/.test(digits)) return float(Number(digits));
  if (/^0\d*[1-9]/.test(digits)) {
    throw new PythonSyntaxError("leading zeros in decimal integer literals are not permitted", at);
  }
  return integer(digits);
}

function integer(digits: string): number | bigint {
  const exact = BigInt(digits);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact;
}
