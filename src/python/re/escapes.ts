import type { PythonReError } from "./errors.ts";
import type { Tokens } from "./tokens.ts";

const OCTAL = "01234567";
const DIGITS = "0123456789";
const HEX = "0123456789abcdefABCDEF";
const CONTROL: Readonly<Record<string, number>> = {
  "\\a": 7,
  "\\b": 8,
  "\\f": 12,
  "\\n": 10,
  "\\r": 13,
  "\\t": 9,
  "\\v": 11,
  "\\\\": 92,
};
const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** The character that an escape stands for, in and out of `[...]`, as far as both agree; undefined otherwise. */
function commonEscape(tokens: Tokens, token: string): number | undefined {
  const letter = token[1] ?? "";
  const digits = HEX_ESCAPES[letter];
  if (digits !== undefined) {
    const text = tokens.getWhile(digits, HEX);
    if (text.length !== digits) {
      throw tokens.error(`incomplete escape ${token}${text}`, token.length + text.length);
    }
    const code = Number.parseInt(text, 16);
    if (code > 0x10ffff) throw badEscape(tokens, token + text);
    return code;
  }
  if (letter === "N") {
    if (!tokens.match("{")) throw tokens.error("missing {");
    const name = tokens.getUntil("}", "character name");
    throw tokens.error(`undefined character name ${pythonQuote(name)}`, name.length + "\\N{}".length);
  }
  return undefined;
}

/** An escape in `[...]` that is no category: the code point. */
export function classEscape(tokens: Tokens, token: string): number {
  const control = CONTROL[token];
  if (control !== undefined) return control;
  const common = commonEscape(tokens, token);
  if (common !== undefined) return common;
  const letter = token[1] ?? "";
  if (OCTAL.includes(letter)) {
    const text = token + tokens.getWhile(2, OCTAL);
    return octal(tokens, text);
  }
  return identity(tokens, token);
}

/** An escape outside of `[...]` that is neither a category nor a place: a code point, or a reference to a group. */
export function plainEscape(
  tokens: Tokens,
  token: string,
): { code: number } | { group: number; text: string } {
  const control = CONTROL[token];
  if (control !== undefined) return { code: control };
  const common = commonEscape(tokens, token);
  if (common !== undefined) return { code: common };
  const letter = token[1] ?? "";
  if (letter === "0") {
    return { code: Number.parseInt(token.slice(1) + tokens.getWhile(2, OCTAL), 8) };
  }
  if (!DIGITS.includes(letter)) return { code: identity(tokens, token) };
  let text = token;
  if (tokens.next !== undefined && DIGITS.includes(tokens.next)) {
    text += tokens.get();
    const third = tokens.next;
    if (
      OCTAL.includes(letter) &&
      OCTAL.includes(text[2] ?? "x") &&
      third !== undefined &&
      OCTAL.includes(third)
    ) {
      text += tokens.get();
      return { code: octal(tokens, text) };
    }
  }
  return { group: Number(text.slice(1)), text };
}

/** How Python's `repr` writes a string. */
export function pythonQuote(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = "";
  for (const char of text) {
    if (char === "\\" || char === quote) out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\r") out += "\\r";
    else if (char === "\t") out += "\\t";
    else out += char !== " " && UNPRINTABLE.test(char) ? hexEscape(char.codePointAt(0) ?? 0) : char;
  }
  return quote + out + quote;
}

const UNPRINTABLE = /[\p{C}\p{Z}]/u;

function hexEscape(code: number): string {
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function octal(tokens: Tokens, token: string): number {
  const code = Number.parseInt(token.slice(1), 8);
  if (code > 0o377) {
    throw tokens.error(`octal escape value ${token} outside of range 0-0o377`, token.length);
  }
  return code;
}

function identity(tokens: Tokens, token: string): number {
  if (/^\\[0-9A-Za-z]/.test(token)) throw badEscape(tokens, token);
  return token.codePointAt(1) ?? 0;
}

function badEscape(tokens: Tokens, token: string): PythonReError {
  return tokens.error(`bad escape ${token}`, token.length);
}
