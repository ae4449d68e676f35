import { CATEGORIES, readClass } from "./character-class.ts";
import { PythonReError } from "./errors.ts";
import { plainEscape, pythonQuote } from "./escapes.ts";
import {
  ASCII,
  DOTALL,
  FLAG_LETTERS,
  IGNORECASE,
  LOCALE,
  MULTILINE,
  TYPE_FLAGS,
  UNICODE,
  VERBOSE,
} from "./flags.ts";
import { readInlineFlags } from "./inline-flags.ts";
import { checkLookBehinds } from "./look-behind.ts";
import { ANY, categorySet, character, EMPTY, NOT_NEWLINE, place } from "./nodes.ts";
import { type Node, type Parsed, type Place, type RepeatMode, UNLIMITED, widthOf } from "./syntax.ts";
import { Tokens } from "./tokens.ts";

/** Parses a pattern as Python 3.11 does; throws `PythonReError` with Python's message. */
export function parse(pattern: string, flags = 0): Parsed {
  if (flags & LOCALE) throw new TypeError("cannot use LOCALE flag with a str pattern");
  if (flags & ASCII && flags & UNICODE) throw new TypeError("ASCII and UNICODE flags are incompatible");
  const first = new Parser(pattern, flags);
  const parsed = first.parse();
  // `(?x)` changes how everything is read, so reading starts again.
  return parsed ?? new Parser(pattern, flags | VERBOSE).parse() ?? unreachable();
}

const MAX_REPEAT = 4294967295;
/** Python gives up at about the same depth, with a RecursionError. */
const MAX_DEPTH = 400;
const MAX_GROUPS = 1073741823;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;
const DIGITS = "0123456789";

const PLACES: Readonly<Record<string, Place>> = {
  "\\A": "start",
  "\\b": "boundary",
  "\\B": "notBoundary",
  "\\Z": "end",
};

class Parser {
  readonly #tokens: Tokens;
  #flags: number;
  /** What is in each group; undefined while it is open. */
  readonly #bodies: (Node | undefined)[] = [undefined];
  readonly #names = new Map<string, number>();
  readonly #closed: number[] = [];
  /** Group count when the outermost look-behind began. */
  #lookBehindGroups: number | undefined;
  /** Conditions on groups that come later: number to offset in the pattern. */
  readonly #conditions = new Map<number, number>();
  #depth = 0;
  #anyLookBehind = false;
  #restart = false;

  constructor(pattern: string, flags: number) {
    this.#tokens = new Tokens(pattern);
    this.#flags = flags;
  }

  /** Undefined when the pattern turned VERBOSE on and must be read again. */
  parse(): Parsed | undefined {
    const root = this.#branches(this.#flags, true);
    if (this.#restart) return undefined;
    if (this.#tokens.next !== undefined) throw this.#tokens.error("unbalanced parenthesis");
    for (const [group, at] of this.#conditions) {
      if (group >= this.#bodies.length) {
        throw new PythonReError(`invalid group reference ${group}`, this.#tokens.pattern, at);
      }
    }
    const flags = this.#flags & ASCII ? this.#flags : this.#flags | UNICODE;
    if (flags & ASCII && flags & UNICODE) throw new TypeError("ASCII and UNICODE flags are incompatible");
    const parsed = {
      root,
      flags,
      groups: this.#bodies.length - 1,
      groupIndex: this.#names,
      closeOrder: this.#closed,
    };
    if (this.#anyLookBehind) checkLookBehinds(root, (group) => this.#bodies[group]);
    return parsed;
  }

  #branches(flags: number, top: boolean): Node {
    if (++this.#depth > MAX_DEPTH) throw this.#tokens.error("the pattern is nested too deeply");
    const node = this.#alternatives(flags, top);
    this.#depth--;
    return node;
  }

  #alternatives(flags: number, top: boolean): Node {
    const first = this.#sequence(flags, top);
    if (this.#restart || this.#tokens.next !== "|") return first;
    const branches = [first];
    // Inline flags of the first branch hold for the others too.
    const others = top ? this.#flags : flags;
    while (this.#tokens.match("|")) branches.push(this.#sequence(others, false));
    return { kind: "branch", branches };
  }

  #sequence(outerFlags: number, first: boolean): Node {
    const tokens = this.#tokens;
    const items: Node[] = [];
    // Whether the last item is a repeat, a place, or absent decides what a quantifier says about it. A group in
    // parentheses is none of these, whatever is in it.
    let last: "none" | "place" | "repeat" | "item" = "none";
    let flags = outerFlags;
    for (;;) {
      const token = tokens.next;
      if (token === undefined || token === "|" || token === ")") break;
      tokens.get();
      if (flags & VERBOSE) {
        if (/^[ \t\n\r\v\f]$/.test(token)) continue;
        if (token === "#") {
          for (;;) {
            const skipped = tokens.get();
            if (skipped === undefined || skipped === "\n") break;
          }
          continue;
        }
      }
      switch (token) {
        case "[":
          items.push(readClass(tokens, flags));
          last = "item";
          continue;
        case ".":
          items.push({ kind: "set", set: flags & DOTALL ? ANY : NOT_NEWLINE });
          last = "item";
          continue;
        case "^":
          items.push(place(flags & MULTILINE ? "lineStart" : "start", flags));
          last = "place";
          continue;
        case "$":
          items.push(place(flags & MULTILINE ? "lineEnd" : "lastLine", flags));
          last = "place";
          continue;
        case "*":
        case "+":
        case "?":
        case "{": {
          const here = tokens.tell();
          const count = this.#count(token, here);
          if (count === undefined) {
            items.push(character(0x7b, flags));
            last = "item";
            continue;
          }
          if (last === "none" || last === "place") {
            throw new PythonReError("nothing to repeat", tokens.pattern, here - 1);
          }
          if (last === "repeat") throw new PythonReError("multiple repeat", tokens.pattern, here - 1);
          const body = items.pop() ?? EMPTY;
          let mode: RepeatMode = "greedy";
          if (tokens.match("?")) mode = "lazy";
          else if (tokens.match("+")) mode = "possessive";
          items.push({ kind: "repeat", min: count[0], max: count[1], mode, body });
          last = "repeat";
          continue;
        }
        case "(": {
          const item = this.#parenthesis(flags, first && items.length === 0);
          if (this.#restart) return EMPTY;
          if (item === "flags") flags = outerFlags | this.#flags;
          else if (item !== "comment") {
            items.push(item);
            last = "item";
          }
          continue;
        }
        default:
          items.push(
            token.length > 1 && token[0] === "\\"
              ? this.#escape(token, flags)
              : character(token.codePointAt(0) ?? 0, flags),
          );
          last = token in PLACES ? "place" : "item";
      }
    }
    if (items.length === 1) return items[0] ?? EMPTY;
    return items.length === 0 ? EMPTY : { kind: "sequence", items };
  }

  /** The range of a quantifier; undefined where `{` is only a character. `here` is the offset after its first character. */
  #count(token: string, here: number): [number, number] | undefined {
    if (token === "?") return [0, 1];
    if (token === "*") return [0, UNLIMITED];
    if (token === "+") return [1, UNLIMITED];
    const tokens = this.#tokens;
    if (tokens.next === "}") return undefined;
    const low = tokens.getWhile(Number.MAX_SAFE_INTEGER, DIGITS);
    const high = tokens.match(",") ? tokens.getWhile(Number.MAX_SAFE_INTEGER, DIGITS) : low;
    if (!tokens.match("}")) {
      tokens.seek(here);
      return undefined;
    }
    const min = low === "" ? 0 : Number(low);
    const max = high === "" ? UNLIMITED : Number(high);
    if (min >= MAX_REPEAT || (max >= MAX_REPEAT && max !== UNLIMITED)) {
      throw new RangeError("the repetition number is too large");
    }
    if (max < min) throw new PythonReError("min repeat greater than max repeat", tokens.pattern, here);
    return [min, max];
  }

  #escape(token: string, flags: number): Node {
    const place_ = PLACES[token];
    if (place_ !== undefined) return place(place_, flags);
    const category = CATEGORIES[token];
    if (category !== undefined) return { kind: "set", set: categorySet(category, (flags & ASCII) !== 0) };
    const escaped = plainEscape(this.#tokens, token);
    if ("code" in escaped) return character(escaped.code, flags);
    const { group, text } = escaped;
    if (group >= this.#bodies.length) {
      throw this.#tokens.error(`invalid group reference ${group}`, text.length - 1);
    }
    if (this.#bodies[group] === undefined)
      throw this.#tokens.error("cannot refer to an open group", text.length);
    return this.#reference(group, flags);
  }

  #reference(index: number, flags: number): Node {
    this.#checkLookBehindGroup(index);
    return {
      kind: "backreference",
      index,
      ignoreCase: (flags & IGNORECASE) !== 0,
      ascii: (flags & ASCII) !== 0,
    };
  }

  #checkLookBehindGroup(group: number): void {
    if (this.#lookBehindGroups === undefined) return;
    if (this.#bodies[group] === undefined) throw this.#tokens.error("cannot refer to an open group");
    if (group >= this.#lookBehindGroups) {
      throw this.#tokens.error("cannot refer to group defined in the same lookbehind subpattern");
    }
  }

  /** What follows a `(`. */
  #parenthesis(flags: number, first: boolean): Node | "comment" | "flags" {
    const tokens = this.#tokens;
    const start = tokens.tell() - 1;
    if (!tokens.match("?")) return this.#capture(undefined, start, flags);
    const kind = tokens.get();
    switch (kind) {
      case undefined:
        throw tokens.error("unexpected end of pattern");
      case "P":
        return this.#named(start, flags);
      case ":":
        return this.#enclosed(start, flags);
      case "#":
        for (;;) {
          if (tokens.next === undefined) {
            throw new PythonReError("missing ), unterminated comment", tokens.pattern, start);
          }
          if (tokens.get() === ")") return "comment";
        }
      case "=":
      case "!":
        return this.#look(true, kind === "!", start, flags);
      case "<": {
        const sign = tokens.get();
        if (sign === undefined) throw tokens.error("unexpected end of pattern");
        if (sign !== "=" && sign !== "!") {
          throw tokens.error(`unknown extension ?<${sign}`, sign.length + 2);
        }
        return this.#look(false, sign === "!", start, flags);
      }
      case "(":
        return this.#conditional(start, flags);
      case ">":
        return { kind: "atomic", body: this.#enclosed(start, flags) };
      default:
        if (kind !== "-" && !(kind in FLAG_LETTERS)) {
          throw tokens.error(`unknown extension ?${kind}`, kind.length + 1);
        }
        return this.#inlineFlags(kind, start, flags, first);
    }
  }

  #named(start: number, flags: number): Node {
    const tokens = this.#tokens;
    if (tokens.match("<")) {
      const name = tokens.getUntil(">", "group name");
      this.#checkName(name, 1);
      return this.#capture(name, start, flags);
    }
    if (tokens.match("=")) {
      const name = tokens.getUntil(")", "group name");
      this.#checkName(name, 1);
      const group = this.#names.get(name);
      if (group === undefined) {
        throw tokens.error(`unknown group name ${pythonQuote(name)}`, name.length + 1);
      }
      if (this.#bodies[group] === undefined) {
        throw tokens.error("cannot refer to an open group", name.length + 1);
      }
      return this.#reference(group, flags);
    }
    const char = tokens.get();
    if (char === undefined) throw tokens.error("unexpected end of pattern");
    throw tokens.error(`unknown extension ?P${char}`, char.length + 2);
  }

  #checkName(name: string, back: number): void {
    if (!IDENTIFIER.test(name)) {
      throw this.#tokens.error(`bad character in group name ${pythonQuote(name)}`, name.length + back);
    }
  }

  #capture(name: string | undefined, start: number, flags: number): Node {
    const index = this.#bodies.length;
    this.#bodies.push(undefined);
    if (name !== undefined) {
      const other = this.#names.get(name);
      if (other !== undefined) {
        throw this.#tokens.error(
          `redefinition of group name ${pythonQuote(name)} as group ${index}; was group ${other}`,
          name.length + 1,
        );
      }
      this.#names.set(name, index);
    }
    const body = this.#enclosed(start, flags);
    this.#bodies[index] = body;
    this.#closed.push(index);
    return { kind: "group", index, body };
  }

  /** Branches up to the `)`. */
  #enclosed(start: number, flags: number): Node {
    const body = this.#branches(flags, false);
    this.#close(start);
    return body;
  }

  #close(start: number): void {
    if (this.#tokens.match(")")) return;
    throw new PythonReError("missing ), unterminated subpattern", this.#tokens.pattern, start);
  }

  #look(ahead: boolean, negated: boolean, start: number, flags: number): Node {
    if (!ahead) this.#anyLookBehind = true;
    const outermost = !ahead && this.#lookBehindGroups === undefined;
    if (outermost) this.#lookBehindGroups = this.#bodies.length;
    const body = this.#branches(flags, false);
    if (outermost) this.#lookBehindGroups = undefined;
    this.#close(start);
    if (negated && body.kind === "empty") return { kind: "fail" };
    return { kind: "look", ahead, negated, body, width: ahead ? 0 : this.#widthOf(body)[0] };
  }

  #conditional(start: number, flags: number): Node {
    const tokens = this.#tokens;
    const name = tokens.getUntil(")", "group name");
    const back = name.length + 1;
    let index: number | undefined;
    if (IDENTIFIER.test(name)) {
      index = this.#names.get(name);
      if (index === undefined) throw tokens.error(`unknown group name ${pythonQuote(name)}`, back);
    } else {
      if (!/^[ \t\n\r\f\v]*\+?\d+(_\d+)*[ \t\n\r\f\v]*$/.test(name)) {
        throw tokens.error(`bad character in group name ${pythonQuote(name)}`, back);
      }
      index = Number(name.replaceAll("_", ""));
      if (index === 0) throw tokens.error("bad group number", back);
      if (index >= MAX_GROUPS) throw tokens.error(`invalid group reference ${index}`, back);
      if (!this.#conditions.has(index)) this.#conditions.set(index, tokens.tell() - back);
    }
    this.#checkLookBehindGroup(index);
    const yes = this.#sequence(flags, false);
    let no: Node = EMPTY;
    if (tokens.match("|")) {
      no = this.#sequence(flags, false);
      if (tokens.next === "|") throw tokens.error("conditional backref with more than two branches");
    }
    this.#close(start);
    return { kind: "conditional", index, yes, no };
  }

  #inlineFlags(letter: string, start: number, flags: number, first: boolean): Node | "flags" {
    const tokens = this.#tokens;
    const change = readInlineFlags(tokens, letter);
    if (change.scope === "pattern") {
      this.#flags |= change.on;
      if (!first) {
        throw new PythonReError("global flags not at the start of the expression", tokens.pattern, start);
      }
      if (this.#flags & VERBOSE && !(flags & VERBOSE)) this.#restart = true;
      return "flags";
    }
    const { on, off } = change;
    let inner = flags;
    if (on & TYPE_FLAGS) inner &= ~TYPE_FLAGS;
    inner = (inner | on) & ~off;
    return this.#enclosed(start, inner);
  }

  #widthOf(node: Node): [number, number] {
    return widthOf(node, (group) => this.#bodies[group]);
  }
}

function unreachable(): never {
  throw new Error("a verbose pattern asked to be read again");
}
