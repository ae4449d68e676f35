const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;
const TRAILING_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;
const LEADING_SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Lines as Python's `str.splitlines` cuts them: at more characters than \n, and without an empty line after the last end. */
export function splitLines(text: string): string[] {
  if (text === "") return [];
  const lines = text.split(ONLY_NEWLINES.test(text) ? "\n" : LINE_END);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** As Python's `str.rstrip()`. */
export function stripEnd(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last > 0x20 && last < 0x7f ? text : text.replace(TRAILING_SPACE, "");
}

/** As Python's `str.strip()`. */
export function strip(text: string): string {
  return stripEnd(text).replace(LEADING_SPACE, "");
}

const ONLY_NEWLINES = /^[^\r\v\f\x1c-\x1e\x85\u2028\u2029]*$/;
