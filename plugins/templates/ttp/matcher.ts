import { PyDict } from "../../../src/python/values/dict.ts";
import { checkMatches } from "./check.ts";
import type { Group, GroupLine } from "./group.ts";
import { type Region, regionOf } from "./regex.ts";
import type { Match } from "./results.ts";
import type { Runtime } from "./runtime.ts";

/** Matches by their place in the input. */
export type Places = Map<number, Match[]>;

/** Where the results of groups stand that match nothing but have defaults: behind everything that an input can have. */
const DEFAULTS_FROM = 10_000_000;

/** The whole input, which regions are cut from. */
interface Input {
  readonly text: string;
  readonly plain: boolean;
}

/** All matches of a group and the groups within it, at their places in the input. */
export function matchGroup(group: Group, text: string, runtime: Runtime): Places {
  const places: Places = new Map();
  // The last line end belongs to no region, as in TTP.
  runGroup(group, { text, plain: regionOf(text).plain }, places, 0, text.length - 1, runtime);
  return places;
}

/** The matches of all places in the order of the input. */
export function inOrder(places: Places): Match[][] {
  return [...places.keys()].toSorted((a, b) => a - b).map((key) => places.get(key) ?? []);
}

function runGroup(group: Group, input: Input, places: Places, from: number, to: number, runtime: Runtime): void {
  const starts = matchStarts(group, region(input, from, to), places, from, runtime);
  if (starts === undefined) {
    addDefaults(group, places);
    for (const child of group.children) {
      if (group.startLines.length === 0 || child.startsByDefault) runGroup(child, input, places, from, to, runtime);
    }
    return;
  }
  const start = from + starts.first;
  const end = matchEnds(group, region(input, start, to), places, start, starts.last, runtime);
  const stop = end === undefined ? to : start + end;
  if (end !== undefined) dropBeyond(group, places, stop);
  const rest = region(input, start, stop);
  for (const line of group.lines) matchLine(line, rest, places, start, runtime);
  for (const child of group.children) runGroup(child, input, places, start, stop, runtime);
}

/** Where the group's first start is, from the region's start, and where its last one ends; undefined without any start. */
function matchStarts(
  group: Group,
  rest: Region,
  places: Places,
  offset: number,
  runtime: Runtime,
): { first: number; last: number } | undefined {
  let first: number | undefined;
  let last = 0;
  for (const line of group.startLines) {
    const spans = matchLine(line, rest, places, offset, runtime);
    if (spans === undefined) continue;
    if (first === undefined || first > spans.first) first = spans.first;
    // Where a _line_ starts a group, the ends count more than its many starts.
    if (last < spans.lastStart && !line.isLine) last = spans.lastEnd + offset;
  }
  return first === undefined ? undefined : { first, last };
}

/** Where the last end behind the last start is, from the region's start. */
function matchEnds(
  group: Group,
  rest: Region,
  places: Places,
  offset: number,
  lastStart: number,
  runtime: Runtime,
): number | undefined {
  let end = -1;
  for (const line of group.endLines) {
    const spans = matchLine(line, rest, places, offset, runtime);
    if (spans !== undefined && end < spans.lastEnd && spans.lastEnd > lastStart) end = spans.lastEnd;
  }
  return end === -1 ? undefined : end;
}

interface Spans {
  readonly first: number;
  readonly lastStart: number;
  readonly lastEnd: number;
}

function matchLine(
  line: GroupLine,
  rest: Region,
  places: Places,
  offset: number,
  runtime: Runtime,
): Spans | undefined {
  const found = line.regex?.findAll(rest) ?? [];
  const [first] = found;
  const last = found.at(-1);
  if (first === undefined || last === undefined) return undefined;
  runtime.spendMatches(found.length);
  checkMatches(line, found, places, offset, runtime);
  return { first: first.start, lastStart: last.start, lastEnd: last.end };
}

/** Gives a group without a match a place for its defaults, where one of its start lines has some. */
function addDefaults(group: Group, places: Places): void {
  if (!group.startsByDefault) return;
  const line = group.startLines[0] ?? group.defaultLine;
  let key = DEFAULTS_FROM;
  while (places.has(key)) key += 1;
  places.set(key, [{ line, result: new PyDict() }]);
}

/** Takes back what the group matched behind its last end. Where it matched twice at one place, TTP overlooks the second. */
function dropBeyond(group: Group, places: Places, end: number): void {
  for (const [place, matches] of places) {
    if (place <= end) continue;
    for (let index = 0; index < matches.length; index += 1) {
      if (matches[index]?.line.group === group) matches.splice(index, 1);
    }
    if (matches.length === 0) places.delete(place);
  }
}

function region({ text, plain }: Input, from: number, to: number): Region {
  return { text: text.slice(from, Math.max(from, to)), plain };
}
