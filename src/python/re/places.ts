import { inRanges } from "./ranges.ts";
import type { Place } from "./syntax.ts";
import { rangesOf } from "./unicode.ts";

/** Whether a position is such a place. */
export function isAt(place: Place, ascii: boolean, text: string, at: number): boolean {
  switch (place) {
    case "start":
      return at === 0;
    case "lineStart":
      return at === 0 || text.charCodeAt(at - 1) === 10;
    case "end":
      return at === text.length;
    case "lastLine":
      return at === text.length || (at === text.length - 1 && text.charCodeAt(at) === 10);
    case "lineEnd":
      return at === text.length || text.charCodeAt(at) === 10;
    case "boundary":
    case "notBoundary": {
      if (text === "") return false;
      const before = at > 0 && isWord(text.codePointAt(at - unitsBefore(text, at)), ascii);
      const after = isWord(text.codePointAt(at), ascii);
      return (before !== after) === (place === "boundary");
    }
  }
}

/** How many UTF-16 units the character before a position has. */
export function unitsBefore(text: string, at: number): number {
  const low = text.charCodeAt(at - 1);
  if (low < 0xdc00 || low > 0xdfff || at < 2) return 1;
  const high = text.charCodeAt(at - 2);
  return high >= 0xd800 && high <= 0xdbff ? 2 : 1;
}

const WORD = rangesOf("w", false);
const ASCII_WORD = rangesOf("w", true);

function isWord(code: number | undefined, ascii: boolean): boolean {
  return code !== undefined && inRanges(ascii ? ASCII_WORD : WORD, code);
}
