import { canRunAway, endlessRepeats, relaxed } from "./ambiguity.ts";
import { Match, type MatchedPattern } from "./match.ts";
import { type Found, Matcher, type Search } from "./matcher.ts";
import { parse } from "./parser.ts";
import { firstCharacters } from "./program.ts";
import type { Node, Parsed } from "./syntax.ts";
import { fill, parseTemplate } from "./template.ts";
import { type Form, fitsV8, formOf, v8Source } from "./v8.ts";

export interface CompileOptions {
  /** Capture only named groups. The others then cost nothing and read as null. */
  readonly namedGroupsOnly?: boolean;
  /** Steps that the own matcher may take for one call, besides 200 for each UTF-16 unit of the text. Default 1,000,000. */
  readonly stepBudget?: number;
}

/** The texts of all groups (whole match first, undefined where a group took no part), or null: the fastest way to match. */
export type TextMatcher = (text: string) => readonly (string | undefined)[] | null;

/** How a V8 RegExp is made to look. */
type Way = "search" | "match" | "fullmatch" | "spans";
const V8_FLAGS: Readonly<Record<Way, string>> = { search: "g", match: "y", fullmatch: "y", spans: "dy" };

/**
 * A compiled pattern. Offsets (`pos`, spans) are UTF-16 units. Every method may throw `StepBudgetExceeded` on a text that
 * makes the pattern run away; where Python has None there is null.
 */
export class Pattern implements MatchedPattern {
  readonly pattern: string;
  readonly flags: number;
  /** How many groups there are. */
  readonly groups: number;
  /** Names of groups to their numbers. */
  readonly groupindex: ReadonlyMap<string, number>;
  readonly closeOrder: readonly number[];

  readonly #parsed: Parsed;
  readonly #observed: ReadonlySet<number> | undefined;
  readonly #stepBudget: number | undefined;
  #usesV8: boolean | undefined;
  #matcher: Matcher | undefined;
  #beginnings: readonly Matcher[] | undefined;
  readonly #regexps = new Map<string, RegExp>();

  constructor(pattern: string, flags: number, options: CompileOptions) {
    const parsed = parse(pattern, flags);
    this.#parsed = parsed;
    this.pattern = pattern;
    this.flags = parsed.flags;
    this.groups = parsed.groups;
    this.groupindex = parsed.groupIndex;
    this.closeOrder = parsed.closeOrder;
    this.#observed = options.namedGroupsOnly ? new Set(parsed.groupIndex.values()) : undefined;
    this.#stepBudget = options.stepBudget;
  }

  /** A match at `pos`, not further on. `^` still means the start of the text. */
  match(text: string, pos = 0): Match | null {
    return this.#find(text, start(pos, text), "match");
  }

  /** The first match at `pos` or later. */
  search(text: string, pos = 0): Match | null {
    return this.#find(text, start(pos, text), "search");
  }

  /** A match of all the text from `pos` on. */
  fullmatch(text: string, pos = 0): Match | null {
    return this.#find(text, start(pos, text), "fullmatch");
  }

  /** All matches, one after another, without overlaps; empty ones too. */
  *finditer(text: string, pos = 0): IterableIterator<Match> {
    let at = start(pos, text);
    let emptyAt = -1;
    while (at <= text.length) {
      // After an empty match Python wants a longer one at the same place, then looks further on.
      const match = emptyAt === at ? this.#findLonger(text, at) : this.#find(text, at, "search");
      if (match === null) return;
      yield match;
      at = match.end();
      emptyAt = match.start() === at ? at : -1;
    }
  }

  /** The texts of all matches: of the whole match, of the one group, or lists of all groups where there are several. */
  findall(text: string, pos = 0): (string | string[])[] {
    const found: (string | string[])[] = [];
    for (const match of this.finditer(text, pos)) {
      if (this.groups === 0) found.push(match.group() ?? "");
      else if (this.groups === 1) found.push(match.group(1) ?? "");
      else found.push(match.groups("").map((group) => group ?? ""));
    }
    return found;
  }

  /** The text between matches, with the groups of each match in between; at most `maxsplit` splits where that is not 0. */
  split(text: string, maxsplit = 0): (string | null)[] {
    const parts: (string | null)[] = [];
    let last = 0;
    let splits = 0;
    for (const match of this.finditer(text)) {
      if (maxsplit !== 0 && splits >= maxsplit) break;
      parts.push(text.slice(last, match.start()), ...match.groups());
      last = match.end();
      splits++;
    }
    parts.push(text.slice(last));
    return parts;
  }

  /** The text with matches replaced: by a template (`\1`, `\g<name>`) or by what a function returns; at most `count` where that is not 0. */
  sub(replacement: string | ((match: Match) => string), text: string, count = 0): string {
    return this.subn(replacement, text, count)[0];
  }

  /** As `sub`, with the number of replacements. */
  subn(replacement: string | ((match: Match) => string), text: string, count = 0): [string, number] {
    const make = typeof replacement === "string" ? this.#template(replacement) : replacement;
    let result = "";
    let last = 0;
    let made = 0;
    for (const match of this.finditer(text)) {
      if (count !== 0 && made >= count) break;
      result += text.slice(last, match.start()) + make(match);
      last = match.end();
      made++;
    }
    return [result + text.slice(last), made];
  }

  /**
   * A function that matches at the start of a text and returns only the groups' texts. `plain` promises that every text is
   * plain (see `isPlain`): whoever matches many lines checks all of them at once.
   */
  textMatcher(plain: boolean): TextMatcher {
    const own = this.#ownTextMatcher(plain);
    if (!this.usesV8) return own;
    const regexp = this.#regexp("match", plain ? "plain" : "any");
    const longest = this.#longestForV8();
    return (text) => {
      if (text.length > longest) return own(text);
      regexp.lastIndex = 0;
      return regexp.exec(text);
    };
  }

  /** Where a group's text is in what a `textMatcher` returns; -1 where it is not captured. */
  captureIndex(group: number): number {
    if (this.#observed === undefined || group === 0 || !this.usesV8) return group;
    let index = 0;
    for (let other = 1; other <= group; other++) if (this.#observed.has(other)) index++;
    return this.#observed.has(group) ? index : -1;
  }

  /**
   * How far into a text the beginning of the pattern matches at the text's start, as a UTF-16 offset: where a pattern that does
   * not match went wrong. Meant for messages, not for speed.
   */
  furthest(text: string): number {
    this.#beginnings ??= beginningsOf(this.#parsed).map(
      (beginning) => new Matcher(this.pattern, beginning, this.#stepBudget),
    );
    for (const beginning of this.#beginnings) {
      const found = beginning.find(text, { from: 0, anchored: true, whole: false, notEmpty: false });
      if (found !== undefined) return found.spans[1] ?? 0;
    }
    return 0;
  }

  /** The parsed pattern, for those who look into patterns. */
  get root(): Node {
    return this.#parsed.root;
  }

  /** ASCII characters (by code) with which a match can begin; undefined where it can begin with any or take nothing. */
  firstCharacters(): Uint8Array | undefined {
    return firstCharacters(this.#parsed.root)?.ascii;
  }

  /** Whether some repeat in it can take the same text in exponentially many ways; such patterns use the own matcher. */
  canRunAway(): boolean {
    return canRunAway(this.#parsed.root);
  }

  /** Whether V8 runs this pattern; otherwise the own matcher does. */
  get usesV8(): boolean {
    this.#usesV8 ??=
      this.pattern.length <= MAX_V8_PATTERN &&
      fitsV8(this.#parsed.root, this.#observed) &&
      !canRunAway(this.#parsed.root);
    return this.#usesV8;
  }

  toString(): string {
    return this.pattern;
  }

  #find(text: string, from: number, way: "search" | "match" | "fullmatch"): Match | null {
    if (from > text.length) return null;
    if (!this.usesV8) {
      return this.#findOwn(text, {
        from,
        anchored: way !== "search",
        whole: way === "fullmatch",
        notEmpty: false,
      });
    }
    const form = formOf(text);
    const regexp = this.#regexp(way, form);
    regexp.lastIndex = from;
    let found = regexp.exec(text);
    // V8 also looks between the halves of a surrogate pair; Python has no such place.
    while (found !== null && form === "any" && isWithinPair(text, found.index)) {
      regexp.lastIndex = found.index + 1;
      found = regexp.exec(text);
    }
    if (found === null) return null;
    const at = found.index;
    const texts: readonly (string | undefined)[] = this.#observed === undefined ? found : this.#spread(found);
    return new Match(this, text, at, texts, () => this.#spans(text, at, way, form));
  }

  #findLonger(text: string, from: number): Match | null {
    const longer = this.#findOwn(text, { from, anchored: true, whole: false, notEmpty: true });
    if (longer !== null) return longer;
    const next = from + ((text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1);
    return this.#find(text, next, "search");
  }

  #findOwn(text: string, search: Search): Match | null {
    const found: Found | undefined = this.#own().find(text, search);
    if (found === undefined) return null;
    const { spans, lastIndex } = found;
    return new Match(this, text, spans[0] ?? 0, textsOf(text, spans), () => spans, lastIndex);
  }

  #ownTextMatcher(plain: boolean): TextMatcher {
    let screen: RegExp | undefined | null = null;
    return (text) => {
      if (screen === null) screen = this.usesV8 ? undefined : this.#screen(plain ? "plain" : "any");
      if (screen !== undefined && !screen.test(text)) return null;
      const found = this.#own().find(text, { from: 0, anchored: true, whole: false, notEmpty: false });
      if (found === undefined) return null;
      const texts = textsOf(text, found.spans);
      return this.usesV8 ? texts.filter((_, group) => this.captureIndex(group) >= 0) : texts;
    };
  }

  /** The longest text on which V8 surely ends soon; the own matcher remembers what failed and takes longer ones. */
  #longestForV8(): number {
    const power = Math.min(endlessRepeats(this.#parsed.root), MAX_POWER);
    return power < 2 ? Number.POSITIVE_INFINITY : MAX_V8_STEPS ** (1 / power);
  }

  /** A quick test that every text passes which matches at its start; the own matcher then has the say. */
  #screen(form: Form): RegExp | undefined {
    const easier = relaxed(this.#parsed.root);
    if (!fitsV8(easier, NO_GROUPS) || canRunAway(easier)) return undefined;
    // Not sticky, so that one RegExp object has no state; it tries the start only.
    return new RegExp(`^(?:${v8Source(easier, form, NO_GROUPS)})`, form === "any" ? "u" : "");
  }

  #own(): Matcher {
    this.#matcher ??= new Matcher(this.pattern, this.#parsed, this.#stepBudget);
    return this.#matcher;
  }

  #regexp(way: Way, form: Form, whole = false): RegExp {
    const key = `${way} ${form} ${whole}`;
    let regexp = this.#regexps.get(key);
    if (regexp === undefined) {
      let source = v8Source(this.#parsed.root, form, this.#observed);
      if (whole || way === "fullmatch") source = `(?:${source})$`;
      regexp = new RegExp(source, V8_FLAGS[way] + (form === "any" ? "u" : ""));
      this.#regexps.set(key, regexp);
    }
    return regexp;
  }

  /** Runs the match again, now with spans. */
  #spans(text: string, at: number, way: Way, form: Form): readonly number[] {
    const regexp = this.#regexp("spans", form, way === "fullmatch");
    regexp.lastIndex = at;
    const indices = regexp.exec(text)?.indices ?? [];
    const spans: number[] = [];
    const all = this.#observed === undefined ? indices : this.#spread(indices);
    for (const span of all) spans.push(span?.[0] ?? -1, span?.[1] ?? -1);
    return spans;
  }

  /** Puts what was captured of the observed groups where all groups are counted. */
  #spread<T>(captured: ArrayLike<T>): (T | undefined)[] {
    const all = new Array<T | undefined>(this.groups + 1).fill(undefined);
    all[0] = captured[0];
    let next = 1;
    for (let group = 1; group <= this.groups; group++) {
      if (this.#observed?.has(group)) all[group] = captured[next++];
    }
    return all;
  }

  #template(template: string): (match: Match) => string {
    if (!template.includes("\\")) return () => template;
    const parts = parseTemplate(template, this);
    return (match) => fill(parts, match);
  }
}

/** A tenth of a second, about. */
const MAX_V8_STEPS = 1e8;
/** More than three repeats hardly ever multiply each other in full. */
const MAX_POWER = 3;
/** V8 refuses very long expressions, and only when it runs them. */
const MAX_V8_PATTERN = 5000;

const NO_GROUPS: ReadonlySet<number> = new Set();

function isWithinPair(text: string, at: number): boolean {
  const low = text.charCodeAt(at);
  if (!(low >= 0xdc00 && low <= 0xdfff)) return false;
  const high = text.charCodeAt(at - 1);
  return high >= 0xd800 && high <= 0xdbff;
}

/** The first parts of a pattern, longest first. */
function beginningsOf(parsed: Parsed): Parsed[] {
  const items = parsed.root.kind === "sequence" ? parsed.root.items : [parsed.root];
  return items.map((_, dropped) => ({
    ...parsed,
    root: { kind: "sequence", items: items.slice(0, items.length - dropped) },
  }));
}

function start(pos: number, text: string): number {
  return Math.max(0, Math.min(pos, text.length));
}

function textsOf(text: string, spans: readonly number[]): (string | undefined)[] {
  const texts: (string | undefined)[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const from = spans[i] ?? -1;
    texts.push(from < 0 ? undefined : text.slice(from, spans[i + 1]));
  }
  return texts;
}
