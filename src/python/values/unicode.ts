/**
 * What Python's string tests call a space: for `str.split()`, `strip()` and `isspace()`. JavaScript's `\s` lacks \x1c-\x1f and \x85 and
 * has U+FEFF.
 */
export const SPACE =
  "\\t\\n\\v\\f\\r\\x1c-\\x1f \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

export const isSpace = (text: string): boolean => new RegExp(`^[${SPACE}]+$`).test(text);

export const isAlpha = (text: string): boolean => /^\p{L}+$/u.test(text);
export const isDecimal = (text: string): boolean => /^\p{Nd}+$/u.test(text);
export const isDigit = (text: string): boolean =>
  /^[\p{Nd}\xb2\xb3\xb9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468]+$/u.test(text);
export const isNumeric = (text: string): boolean => /^[\p{Nd}\p{Nl}\p{No}]+$/u.test(text);
export const isAlphanumeric = (text: string): boolean => /^[\p{L}\p{Nd}\p{Nl}\p{No}]+$/u.test(text);
export const isIdentifier = (text: string): boolean => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(text);
export const isLower = (text: string): boolean =>
  /\p{Ll}|[\xaa\xba]/u.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text);
export const isUpper = (text: string): boolean => /\p{Lu}/u.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text);

/** True when Python's repr shows every character as it is. */
export const isPrintable = (text: string): boolean => /^(?: |[^\p{C}\p{Z}])*$/u.test(text);

export function isTitle(text: string): boolean {
  let cased = false;
  let previousCased = false;
  for (const char of text) {
    if (/[\p{Lu}\p{Lt}]/u.test(char)) {
      if (previousCased) return false;
      cased = previousCased = true;
    } else if (/\p{Ll}/u.test(char)) {
      if (!previousCased) return false;
      cased = previousCased = true;
    } else previousCased = false;
  }
  return cased;
}

/** Python's `str.title()`: upper case after every character that has no case. */
export function title(text: string): string {
  let previousCased = false;
  let out = "";
  for (const char of text) {
    const cased = /\p{L}/u.test(char) && char.toLowerCase() !== char.toUpperCase();
    out += !cased ? char : previousCased ? char.toLowerCase() : char.toUpperCase();
    previousCased = cased;
  }
  return out;
}

// Surrogates: only then do code units and Python's characters differ.
const WIDE = /[\ud800-\udfff]/;

/** The number of characters as Python counts them. */
export function textLength(text: string): number {
  if (!WIDE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The characters as Python counts them. */
export function characters(text: string): string[] {
  return WIDE.test(text) ? Array.from(text) : text.split("");
}

/** `text[start:stop]` in Python's characters; both bounds already in range. */
export function substring(text: string, start: number, stop: number): string {
  return WIDE.test(text) ? Array.from(text).slice(start, stop).join("") : text.slice(start, stop);
}

/** Orders two strings by code points, as Python does; JavaScript orders by code units. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!WIDE.test(a) || !WIDE.test(b)) {
    if (!WIDE.test(a) && !WIDE.test(b)) return a < b ? -1 : 1;
  }
  const left = Array.from(a);
  const right = Array.from(b);
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

// str.splitlines() breaks at all of these.
const LINE_BREAK = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Python's `str.splitlines(keepends)`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE_BREAK)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keepEnds ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}
