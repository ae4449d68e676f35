import { type Category, CharacterSet } from "./character-set.ts";
import { PythonReError } from "./errors.ts";
import { classEscape } from "./escapes.ts";
import { ASCII, IGNORECASE } from "./flags.ts";
import { categorySet, character } from "./nodes.ts";
import type { Node } from "./syntax.ts";
import type { Tokens } from "./tokens.ts";

export const CATEGORIES: Readonly<Record<string, Category>> = {
  "\\d": "d",
  "\\D": "D",
  "\\s": "s",
  "\\S": "S",
  "\\w": "w",
  "\\W": "W",
};

/** Reads a class from after its `[` to its `]`. */
export function readClass(tokens: Tokens, flags: number): Node {
  const here = tokens.tell() - 1;
  const unterminated = () => new PythonReError("unterminated character set", tokens.pattern, here);
  const negated = tokens.match("^");
  const ranges: number[] = [];
  const categories: Category[] = [];
  for (let first = true; ; first = false) {
    const from = tokens.get();
    if (from === undefined) throw unterminated();
    if (from === "]" && !first) break;
    const low = readItem(tokens, from);
    if (!tokens.match("-")) {
      if (typeof low === "number") ranges.push(low, low);
      else categories.push(low);
      continue;
    }
    const to = tokens.get();
    if (to === undefined) throw unterminated();
    if (to === "]") {
      if (typeof low === "number") ranges.push(low, low);
      else categories.push(low);
      ranges.push(0x2d, 0x2d);
      break;
    }
    const high = readItem(tokens, to);
    if (typeof low !== "number" || typeof high !== "number" || high < low) {
      throw tokens.error(`bad character range ${from}-${to}`, from.length + 1 + to.length);
    }
    ranges.push(low, high);
  }
  const [code] = ranges;
  if (
    !negated &&
    categories.length === 0 &&
    ranges.length === 2 &&
    code !== undefined &&
    code === ranges[1]
  ) {
    return character(code, flags);
  }
  const ascii = (flags & ASCII) !== 0;
  if (!negated && ranges.length === 0 && categories.length === 1) {
    return { kind: "set", set: categorySet(categories[0] ?? "d", ascii) };
  }
  const ignoreCase = (flags & IGNORECASE) !== 0;
  return { kind: "set", set: new CharacterSet({ ranges, categories, negated, ignoreCase, ascii }) };
}

function readItem(tokens: Tokens, token: string): number | Category {
  if (token.length === 1 || token[0] !== "\\") return token.codePointAt(0) ?? 0;
  return CATEGORIES[token] ?? classEscape(tokens, token);
}
