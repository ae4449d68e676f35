import { PythonSyntaxError } from "./errors.ts";

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * Reads a string's body up to its closing quotes. `from` is the offset behind the opening quotes, `next` the one behind
 * the closing ones. Bytes are read as the text of their Latin-1 characters.
 */
export function stringBody(
  source: string,
  from: number,
  prefix: string,
  quotes: string,
): { readonly text: string; readonly next: number } {
  const raw = /r/i.test(prefix);
  const bytes = /b/i.test(prefix);
  let text = "";
  let at = from;
  for (;;) {
    if (at >= source.length) throw unterminated(quotes, from);
    if (source.startsWith(quotes, at)) return { text, next: at + quotes.length };
    const char = source.charAt(at);
    if (char === "\n" && quotes.length === 1) throw unterminated(quotes, from);
    if (char !== "\\") {
      text += char;
      at += 1;
    } else if (raw) {
      text += source.slice(at, at + 2);
      at += 2;
    } else {
      const escaped = readEscape(source, at + 1, bytes);
      text += escaped.text;
      at = escaped.next;
    }
  }
}

function readEscape(source: string, at: number, bytes: boolean): { text: string; next: number } {
  const char = source.charAt(at);
  const simple = Object.hasOwn(SIMPLE_ESCAPES, char) ? SIMPLE_ESCAPES[char] : undefined;
  if (simple !== undefined) return { text: simple, next: at + 1 };
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))?.[0];
  if (octal !== undefined)
    return { text: String.fromCodePoint(Number.parseInt(octal, 8)), next: at + octal.length };
  const width = hexWidth(char, bytes);
  if (width === 0) return { text: `\\${char}`, next: at + 1 };
  const digits = source.slice(at + 1, at + 1 + width);
  const code = Number.parseInt(digits, 16);
  if (digits.length < width || !/^[0-9a-fA-F]+$/.test(digits) || code > 0x10ffff) {
    throw new PythonSyntaxError(
      `(unicode error) 'unicodeescape' codec can't decode \\${char} escape`,
      at - 1,
    );
  }
  return { text: String.fromCodePoint(code), next: at + 1 + width };
}

function hexWidth(char: string, bytes: boolean): number {
  if (char === "x") return 2;
  if (bytes) return 0;
  return char === "u" ? 4 : char === "U" ? 8 : 0;
}

function unterminated(quotes: string, at: number): PythonSyntaxError {
  const what =
    quotes.length === 1 ? "unterminated string literal" : "unterminated triple-quoted string literal";
  return new PythonSyntaxError(what, at - quotes.length);
}
