import { PythonReError } from "./errors.ts";
import { pythonQuote } from "./escapes.ts";
import type { Match, MatchedPattern } from "./match.ts";
import { Tokens } from "./tokens.ts";

type Part = string | number;

const OCTAL = "01234567";
const DIGITS = "0123456789";
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const CONTROL: Readonly<Record<string, string>> = {
  "\\a": "\x07",
  "\\b": "\b",
  "\\f": "\f",
  "\\n": "\n",
  "\\r": "\r",
  "\\t": "\t",
  "\\v": "\v",
  "\\\\": "\\",
};

/** Fills a replacement template (`\1`, `\g<name>`, `\n` ...) from a match; a group that took no part is empty. */
export function expandTemplate(template: string, match: Match): string {
  if (!template.includes("\\")) return template;
  return fill(parseTemplate(template, match.re), match);
}

export function fill(parts: readonly Part[], match: Match): string {
  let text = "";
  for (const part of parts) text += typeof part === "number" ? (match.group(part) ?? "") : part;
  return text;
}

/** A replacement template as literal texts and group numbers; throws `PythonReError` with Python's message. */
export function parseTemplate(template: string, pattern: MatchedPattern): readonly Part[] {
  const tokens = new Tokens(template);
  const parts: Part[] = [];
  let literal = "";
  const addGroup = (index: number, back: number) => {
    if (index > pattern.groups) throw tokens.error(`invalid group reference ${index}`, back);
    if (literal !== "") parts.push(literal);
    literal = "";
    parts.push(index);
  };
  for (let token = tokens.get(); token !== undefined; token = tokens.get()) {
    if (token[0] !== "\\" || token.length === 1) {
      literal += token;
      continue;
    }
    const letter = token[1] ?? "";
    if (letter === "g") {
      if (!tokens.match("<")) throw tokens.error("missing <");
      const name = tokens.getUntil(">", "group name");
      addGroup(groupNumber(name, tokens, pattern), name.length + 1);
    } else if (letter === "0") {
      literal += String.fromCharCode(Number.parseInt(token.slice(1) + tokens.getWhile(2, OCTAL), 8) & 0xff);
    } else if (DIGITS.includes(letter)) {
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
          const code = Number.parseInt(text.slice(1), 8);
          if (code > 0o377) {
            throw tokens.error(`octal escape value ${text} outside of range 0-0o377`, text.length);
          }
          literal += String.fromCharCode(code);
          continue;
        }
      }
      addGroup(Number(text.slice(1)), text.length - 1);
    } else if (CONTROL[token] !== undefined) {
      literal += CONTROL[token];
    } else if (/[A-Za-z]/.test(letter)) {
      throw tokens.error(`bad escape ${token}`, token.length);
    } else literal += token;
  }
  if (literal !== "") parts.push(literal);
  return parts;
}

function groupNumber(name: string, tokens: Tokens, pattern: MatchedPattern): number {
  if (IDENTIFIER.test(name)) {
    const index = pattern.groupindex.get(name);
    if (index === undefined) throw new UnknownGroup(`unknown group name ${pythonQuote(name)}`);
    return index;
  }
  if (!/^[ \t\n\r\f\v]*\+?\d+(_\d+)*[ \t\n\r\f\v]*$/.test(name)) {
    throw tokens.error(`bad character in group name ${pythonQuote(name)}`, name.length + 1);
  }
  return Number(name.replaceAll("_", ""));
}

/** Python raises IndexError, not `re.error`, for a group name that the pattern does not have. */
export class UnknownGroup extends PythonReError {
  constructor(message: string) {
    super(message);
    this.name = "IndexError";
  }
}
