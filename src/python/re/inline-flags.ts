import type { PythonReError } from "./errors.ts";
import { FLAG_LETTERS, GLOBAL_FLAGS, TYPE_FLAGS } from "./flags.ts";
import type { Tokens } from "./tokens.ts";

/** What an inline group says: flags for the whole pattern (`(?i)`), or for what is in the group (`(?i-s:...)`). */
export type InlineFlags =
  | { readonly scope: "pattern"; readonly on: number }
  | { readonly scope: "group"; readonly on: number; readonly off: number };

/** Reads inline flags from after their first letter (or `-`) to the `)` or `:`. */
export function readInlineFlags(tokens: Tokens, firstLetter: string): InlineFlags {
  let on = 0;
  let off = 0;
  let letter: string | undefined = firstLetter;
  if (letter !== "-") {
    for (;;) {
      const flag: number = FLAG_LETTERS[letter] ?? 0;
      if (letter === "L") throw tokens.error("bad inline flags: cannot use 'L' flag with a str pattern");
      on |= flag;
      if (flag & TYPE_FLAGS && (on & TYPE_FLAGS) !== flag) {
        throw tokens.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
      }
      letter = tokens.get();
      if (letter === undefined) throw tokens.error("missing -, : or )");
      if (letter === ")" || letter === "-" || letter === ":") break;
      if (!(letter in FLAG_LETTERS)) throw unknownFlag(tokens, letter, "missing -, : or )");
    }
  }
  if (letter === ")") return { scope: "pattern", on };
  if (on & GLOBAL_FLAGS) throw tokens.error("bad inline flags: cannot turn on global flag", 1);
  if (letter === "-") {
    letter = tokens.get();
    if (letter === undefined) throw tokens.error("missing flag");
    if (!(letter in FLAG_LETTERS)) throw unknownFlag(tokens, letter, "missing flag");
    for (;;) {
      const flag: number = FLAG_LETTERS[letter] ?? 0;
      if (flag & TYPE_FLAGS) {
        throw tokens.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
      }
      off |= flag;
      letter = tokens.get();
      if (letter === undefined) throw tokens.error("missing :");
      if (letter === ":") break;
      if (!(letter in FLAG_LETTERS)) throw unknownFlag(tokens, letter, "missing :");
    }
  }
  if (off & GLOBAL_FLAGS) throw tokens.error("bad inline flags: cannot turn off global flag", 1);
  if (on & off) throw tokens.error("bad inline flags: flag turned on and off", 1);
  return { scope: "group", on, off };
}

function unknownFlag(tokens: Tokens, letter: string, otherwise: string): PythonReError {
  return tokens.error(/^\p{L}$/u.test(letter) ? "unknown flag" : otherwise, letter.length);
}
