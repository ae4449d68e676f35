import { type Category, CharacterSet } from "./character-set.ts";
import { ASCII, IGNORECASE } from "./flags.ts";
import { MAX_CODE_POINT } from "./ranges.ts";
import type { Node, Place } from "./syntax.ts";
import { extraCases, isCased, lower } from "./unicode.ts";

export const EMPTY: Node = { kind: "empty" };
/** `.` with DOTALL. */
export const ANY = CharacterSet.of([0, MAX_CODE_POINT]);
/** `.` without it. */
export const NOT_NEWLINE = CharacterSet.of([10, 10], [], true);

export function place(kind: Place, flags: number): Node {
  return { kind: "place", place: kind, ascii: (flags & ASCII) !== 0 };
}

/** One character, or what IGNORECASE makes of it. */
export function character(code: number, flags: number): Node {
  const ascii = (flags & ASCII) !== 0;
  if (flags & IGNORECASE && (isCased(code, ascii) || (!ascii && extraCases(lower(code, ascii)).length > 0))) {
    const ranges = [code, code];
    return {
      kind: "set",
      set: new CharacterSet({ ranges, categories: [], negated: false, ignoreCase: true, ascii }),
    };
  }
  if (code >= 256) return { kind: "char", code };
  let node = CHARACTERS[code];
  if (node === undefined) {
    node = { kind: "char", code };
    CHARACTERS[code] = node;
  }
  return node;
}

/** What `\d` and the like stand for. */
export function categorySet(category: Category, ascii: boolean): CharacterSet {
  const key = category + ascii;
  let set = CATEGORY_SETS.get(key);
  if (set === undefined) {
    set = new CharacterSet({ ranges: [], categories: [category], negated: false, ignoreCase: false, ascii });
    CATEGORY_SETS.set(key, set);
  }
  return set;
}

/** Sets for `\d` and so on outside of brackets: one object for each, so that they are computed once. */
const CATEGORY_SETS = new Map<string, CharacterSet>();
/** Nodes of single characters, shared. */
const CHARACTERS: Node[] = [];
