import { CharacterSet, escapeCode } from "./character-set.ts";
import { childrenOf, type Node, type Place, UNLIMITED, widthOf } from "./syntax.ts";

/**
 * Which subjects a RegExp is for. `plain`: ASCII without \x1c to \x1f, where `\s`, `\d`, `\w` and `\b` mean in V8 what they
 * mean in Python; made without the `u` flag, which is faster. `any`: all text, with the `u` flag and explicit classes.
 */
export type Form = "plain" | "any";

/** Whether a text is one for the `plain` form. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The form for a text. The last long text is remembered: whoever finds many matches in one asks again and again. */
export function formOf(text: string): Form {
  if (text.length < LONG) return isPlain(text) ? "plain" : "any";
  if (text !== lastLong) {
    lastForm = isPlain(text) ? "plain" : "any";
    lastLong = text;
  }
  return lastForm;
}

const LONG = 256;
let lastLong = "";
let lastForm: Form = "plain";

const PLAIN = /^[\0-\x1b\x20-\x7f]*$/;
const WORD = CharacterSet.of([], ["w"]);
const ASCII_WORD = CharacterSet.of([0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]);

/**
 * The source of a RegExp that matches as Python would. Only for nodes that `fitsV8` accepts. Groups are numbered, not
 * named: V8 builds an object of names for every match. With `captures` only those groups are captured at all.
 */
export function v8Source(node: Node, form: Form, captures?: ReadonlySet<number>): string {
  return new Writer(form, captures).write(node, false);
}

/**
 * Whether V8 matches this as Python does, and what it captures is what Python captures. `observed`: the groups that anybody
 * will look at (all when absent).
 */
export function fitsV8(node: Node, observed?: ReadonlySet<number>): boolean {
  switch (node.kind) {
    case "backreference":
    case "conditional":
    case "atomic":
      // To a group that took no part, Python's reference fails and V8's matches nothing; the others V8 lacks.
      return false;
    case "sequence":
      return node.items.every((item) => fitsV8(item, observed));
    case "branch":
      return node.branches.every((branch) => fitsV8(branch, observed));
    case "group":
      return fitsV8(node.body, observed);
    case "look":
      // After a negated look V8 forgets its groups; and it reads look-behinds backwards, so repeats end on the other side.
      if ((node.negated || !node.ahead) && hasGroup(node.body, observed)) return false;
      return fitsV8(node.body, observed);
    case "repeat": {
      if (node.mode === "possessive") return false;
      if (isOnlyLook(node.body)) return fitsV8(node.body, observed);
      if (node.max > 1) {
        // An iteration that takes nothing ends a repeat in Python and is undone in V8.
        if (widthOf(node.body)[0] === 0) return false;
        // V8 forgets at each iteration what the last one captured; Python keeps it.
        if (hasSkippableGroup(node.body, observed)) return false;
      }
      return fitsV8(node.body, observed);
    }
    default:
      return true;
  }
}

/** Whether there is a group in a node that anybody looks at. */
function hasGroup(node: Node, observed: ReadonlySet<number> | undefined): boolean {
  if (node.kind === "group" && (observed === undefined || observed.has(node.index))) return true;
  return childrenOf(node).some((child) => hasGroup(child, observed));
}

/** Whether one pass over a node may leave out a group that anybody looks at. */
function hasSkippableGroup(node: Node, observed: ReadonlySet<number> | undefined): boolean {
  if (node.kind === "branch" || (node.kind === "repeat" && node.min === 0)) return hasGroup(node, observed);
  return childrenOf(node).some((child) => hasSkippableGroup(child, observed));
}

class Writer {
  readonly #form: Form;
  readonly #captures: ReadonlySet<number> | undefined;

  constructor(form: Form, captures: ReadonlySet<number> | undefined) {
    this.#form = form;
    this.#captures = captures;
  }

  /** `atom`: the text must be one that a quantifier can follow. */
  write(node: Node, atom: boolean): string {
    switch (node.kind) {
      case "empty":
        return atom ? "(?:)" : "";
      case "fail":
        return "[]";
      case "char":
        if (this.#form === "plain") return node.code > 0x7f ? "[]" : escapeCode(node.code, false);
        return escapeCode(node.code, true);
      case "set":
        return this.#set(node.set);
      case "sequence": {
        let source = "";
        for (const item of node.items) source += this.write(item, item.kind === "branch");
        return atom ? `(?:${source})` : source;
      }
      case "branch": {
        const source = node.branches.map((branch) => this.write(branch, false)).join("|");
        return atom ? `(?:${source})` : source;
      }
      case "group": {
        const kept = this.#captures === undefined || this.#captures.has(node.index);
        return `${kept ? "(" : "(?:"}${this.write(node.body, false)})`;
      }
      case "repeat":
        return this.#repeat(node, atom);
      case "place": {
        const source = this.#place(node.place, node.ascii);
        return atom ? `(?:${source})` : source;
      }
      case "look": {
        const sign = `${node.ahead ? "" : "<"}${node.negated ? "!" : "="}`;
        const source = `(?${sign}${this.write(node.body, false)})`;
        return atom ? `(?:${source})` : source;
      }
      default:
        throw new Error(`V8 has no ${node.kind} as Python has it`);
    }
  }

  #repeat(node: Node & { kind: "repeat" }, atom: boolean): string {
    const { min, max, mode, body } = node;
    if (max === 0) return atom ? "(?:)" : "";
    const lazy = mode === "lazy";
    // Looking twice sees the same: a repeated look-around is one, or none at all.
    if (isOnlyLook(body)) return min === 0 ? (atom ? "(?:)" : "") : this.write(body, atom);
    let source: string;
    if (min === 0 && max === 1 && widthOf(body)[0] === 0) {
      // V8 does not let an optional part match nothing; Python does, and keeps its groups. A branch says the same.
      const inner = this.write(body, body.kind === "branch");
      return lazy ? `(?:|${inner})` : `(?:${inner}|)`;
    }
    source = this.write(body, true) + quantifier(min, max) + (lazy ? "?" : "");
    // A quantifier cannot follow a quantifier.
    if (atom) source = `(?:${source})`;
    return source;
  }

  #set(set: CharacterSet): string {
    return this.#form === "plain" ? set.plainSource : set.unicodeSource;
  }

  #place(place: Place, ascii: boolean): string {
    switch (place) {
      case "start":
        return "^";
      case "lineStart":
        return "(?<![^\\n])";
      case "end":
        return "$";
      case "lastLine":
        return "(?=\\n?$)";
      case "lineEnd":
        return "(?![^\\n])";
      case "boundary":
      case "notBoundary": {
        // Python sees no boundary and no non-boundary in an empty subject.
        if (this.#form === "plain") return place === "boundary" ? "\\b" : "(?!^$)\\B";
        const word = (ascii ? ASCII_WORD : WORD).unicodeSource;
        return place === "boundary"
          ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
          : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))(?!^$)`;
      }
    }
  }
}

/** A look-around or a place, without groups: something that takes no characters and leaves nothing behind. */
function isOnlyLook(node: Node): boolean {
  return node.kind === "place" || (node.kind === "look" && !hasGroup(node, undefined));
}

function quantifier(min: number, max: number): string {
  if (max === UNLIMITED) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
