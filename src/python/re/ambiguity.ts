import { CharacterSet } from "./character-set.ts";
import { MAX_CODE_POINT, meet, type Ranges } from "./ranges.ts";
import { childrenOf, type Node, UNLIMITED, widthOf } from "./syntax.ts";

/**
 * Whether a backtracking matcher may need exponential time: some repeat can take the same text in two ways, and again and
 * again. `(\S+\s*)+` can (where does one word end?), `(\S+\s)+` cannot.
 *
 * The repeat's body becomes a position automaton (one state for each character of the pattern, with the places that can follow
 * it). It runs away exactly when two different walks over the same text lead from a state back to itself.
 */
export function canRunAway(node: Node): boolean {
  return runsAway(node) || childrenOf(node).some(canRunAway);
}

/**
 * A pattern without runaway repeats that matches wherever `node` does, and more: such a repeat becomes one of the characters
 * in it. What this one does not find, `node` does not find either.
 */
export function relaxed(node: Node): Node {
  switch (node.kind) {
    case "sequence":
      return { ...node, items: node.items.map(relaxed) };
    case "branch":
      return { ...node, branches: node.branches.map(relaxed) };
    case "group":
      return relaxed(node.body);
    case "repeat": {
      if (!runsAway(node)) return { ...node, body: relaxed(node.body) };
      const set = CharacterSet.of(charactersIn(node.body));
      const min = node.min > 0 && widthOf(node.body)[0] > 0 ? 1 : 0;
      return { kind: "repeat", min, max: UNLIMITED, mode: "greedy", body: { kind: "set", set } };
    }
    case "look":
      // What is looked at may be relaxed only where it is wanted.
      return node.negated ? { kind: "empty" } : { ...node, body: relaxed(node.body) };
    default:
      return node;
  }
}

/**
 * The most endless repeats that one match can pass. Each may multiply the time of a failing match by the length of the text:
 * a text of n characters takes up to n to the power of this.
 */
export function endlessRepeats(node: Node): number {
  const inside = childrenOf(node).map(endlessRepeats);
  switch (node.kind) {
    case "sequence":
      return inside.reduce((sum, count) => sum + count, 0);
    case "repeat":
      return (inside[0] ?? 0) + (node.max >= ENDLESS ? 1 : 0);
    default:
      return inside.reduce((most, count) => Math.max(most, count), 0);
  }
}

/** From this count on a counted repeat is as good as an endless one. */
const ENDLESS = 64;

function runsAway(node: Node): boolean {
  if (node.kind !== "repeat" || !isLong(node) || !hasChoice(node.body)) return false;
  const automaton = automatonOf(node);
  return automaton === undefined || isExponential(automaton);
}

function charactersIn(node: Node): number[] {
  switch (node.kind) {
    case "char":
      return [node.code, node.code];
    case "set":
      return [...node.set.ranges];
    case "backreference":
      return [0, MAX_CODE_POINT];
    case "look":
      return [];
    default:
      return childrenOf(node).flatMap(charactersIn);
  }
}

/** From this count on a counted repeat is taken for an endless one: `(.*,){12}` is slow enough. */
const LONG = 4;
/** More positions than this are not looked at: the pattern then counts as one that can run away. */
const MAX_POSITIONS = 120;

function isLong(node: Node & { kind: "repeat" }): boolean {
  return node.max >= LONG && node.mode !== "possessive";
}

/** A body without alternatives and without optional parts takes each text in one way only. */
function hasChoice(node: Node): boolean {
  if (node.kind === "branch" || node.kind === "conditional") return true;
  if (node.kind === "repeat" && node.min !== node.max) return true;
  return childrenOf(node).some(hasChoice);
}

interface Automaton {
  readonly sets: readonly Characters[];
  /** For each position the ones that can follow, as often as there are ways to get there. */
  readonly follow: readonly (readonly number[])[];
}

/** 128 bits for ASCII, and the ranges beyond, which are long for `\w` and seldom needed. */
interface Characters {
  readonly bits: readonly [number, number, number, number];
  readonly beyond: Ranges;
}

interface Ends {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const NOTHING: Ends = { first: [], last: [], nullable: true };

function automatonOf(root: Node): Automaton | undefined {
  const sets: Characters[] = [];
  const follow: number[][] = [];

  const link = (from: readonly number[], to: readonly number[]) => {
    for (const position of from) follow[position]?.push(...to);
  };
  const position = (characters: Characters): Ends => {
    const index = sets.push(characters) - 1;
    follow.push([]);
    return { first: [index], last: [index], nullable: false };
  };
  const inSequence = (parts: readonly Ends[]): Ends => {
    let first: number[] = [];
    let last: number[] = [];
    let nullable = true;
    for (const part of parts) {
      link(last, part.first);
      if (nullable) first = [...first, ...part.first];
      last = part.nullable ? [...last, ...part.last] : [...part.last];
      nullable &&= part.nullable;
    }
    return { first, last, nullable };
  };

  const visit = (node: Node): Ends => {
    if (sets.length > MAX_POSITIONS) return NOTHING;
    switch (node.kind) {
      case "char":
        return position(charactersOf([node.code, node.code]));
      case "set":
        return position(charactersOfSet(node.set));
      case "sequence":
        return inSequence(node.items.map(visit));
      case "branch":
      case "conditional": {
        const parts = childrenOf(node).map(visit);
        return {
          first: parts.flatMap((part) => part.first),
          last: parts.flatMap((part) => part.last),
          nullable: parts.some((part) => part.nullable),
        };
      }
      case "group":
      case "atomic":
        return visit(node.body);
      case "backreference":
        return position(ANYTHING);
      case "repeat": {
        if (node.max === 0) return NOTHING;
        if (node.max < LONG) {
          // A few copies in a row, the later ones optional.
          const copies: Ends[] = [];
          for (let i = 0; i < node.max; i++) {
            const copy = visit(node.body);
            copies.push(i < node.min ? copy : { ...copy, nullable: true });
          }
          return inSequence(copies);
        }
        const body = visit(node.body);
        link(body.last, body.first);
        return { ...body, nullable: body.nullable || node.min === 0 };
      }
      default:
        return NOTHING;
    }
  };

  visit(root);
  return sets.length > MAX_POSITIONS ? undefined : { sets, follow };
}

function isExponential(automaton: Automaton): boolean {
  const { sets, follow } = automaton;
  const count = sets.length;
  // Two ways to the same next position, on a cycle.
  const reach = reachability(follow);
  for (let from = 0; from < count; from++) {
    const seen = new Set<number>();
    for (const to of follow[from] ?? []) {
      if (seen.has(to) && reach[to]?.has(from)) return true;
      seen.add(to);
    }
  }
  // Two walks in step over the same text: pairs of positions. Walks part from a pair (q, q) and meet there again.
  const known = new Map<number, boolean>();
  const overlap = (a: number, b: number) => {
    const pair = a < b ? a * count + b : b * count + a;
    let meets = known.get(pair);
    if (meets === undefined) {
      meets = overlaps(sets[a] ?? ANYTHING, sets[b] ?? ANYTHING);
      known.set(pair, meets);
    }
    return meets;
  };
  const successors = (pair: number): number[] => {
    const next: number[] = [];
    for (const a of follow[Math.floor(pair / count)] ?? []) {
      for (const b of follow[pair % count] ?? []) if (overlap(a, b)) next.push(a * count + b);
    }
    return next;
  };
  for (let q = 0; q < count; q++) {
    const home = q * count + q;
    const ahead = new Map<number, number[]>();
    const queue = [home];
    while (queue.length > 0) {
      const pair = queue.pop() ?? home;
      if (ahead.has(pair)) continue;
      const next = successors(pair);
      ahead.set(pair, next);
      queue.push(...next);
    }
    if (returnsFromApart(ahead, home, count)) return true;
  }
  return false;
}

/** Whether a pair of different positions, reachable from `home`, leads back to it. */
function returnsFromApart(
  ahead: ReadonlyMap<number, readonly number[]>,
  home: number,
  count: number,
): boolean {
  const back = new Map<number, number[]>();
  for (const [from, tos] of ahead) {
    for (const to of tos) {
      const list = back.get(to);
      if (list === undefined) back.set(to, [from]);
      else list.push(from);
    }
  }
  const seen = new Set<number>();
  const queue = [home];
  while (queue.length > 0) {
    const pair = queue.pop() ?? home;
    for (const from of back.get(pair) ?? []) {
      if (seen.has(from)) continue;
      if (Math.floor(from / count) !== from % count) return true;
      seen.add(from);
      queue.push(from);
    }
  }
  return false;
}

function reachability(follow: readonly (readonly number[])[]): ReadonlySet<number>[] {
  return follow.map((next) => {
    const seen = new Set<number>();
    const queue = [...next];
    while (queue.length > 0) {
      const position = queue.pop() ?? 0;
      if (seen.has(position)) continue;
      seen.add(position);
      queue.push(...(follow[position] ?? []));
    }
    return seen;
  });
}

const ANYTHING: Characters = { bits: [-1, -1, -1, -1], beyond: [128, MAX_CODE_POINT] };
const charactersOfSets = new WeakMap<CharacterSet, Characters>();

function charactersOfSet(set: CharacterSet): Characters {
  let characters = charactersOfSets.get(set);
  if (characters === undefined) {
    characters = charactersOf(set.ranges);
    charactersOfSets.set(set, characters);
  }
  return characters;
}

function charactersOf(ranges: Ranges): Characters {
  const bits: [number, number, number, number] = [0, 0, 0, 0];
  const beyond: number[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    const to = ranges[i + 1] ?? 0;
    if (to > 127) beyond.push(Math.max(ranges[i] ?? 0, 128), to);
    for (let code = ranges[i] ?? 0; code <= Math.min(to, 127); code++) {
      const word = code >> 5;
      bits[word] = (bits[word] ?? 0) | (1 << (code & 31));
    }
  }
  return { bits, beyond };
}

function overlaps(a: Characters, b: Characters): boolean {
  return a.bits.some((word, i) => (word & (b.bits[i] ?? 0)) !== 0) || meet(a.beyond, b.beyond);
}
