import { checkerOf } from "./check.ts";
import type { Group, GroupLine } from "./group.ts";
import { prepareMacros } from "./macro-batch.ts";
import { type Region, regionOf } from "./regex.ts";
import type { Match } from "./results.ts";
import type { Runtime } from "./runtime.ts";

/** A match at its place in the input. */
export interface PlacedMatch extends Match {
  readonly place: number;
}

/** Where the results of groups stand that match nothing but have defaults: behind everything that an input can have. */
const DEFAULTS_FROM = 10_000_000;

/** All matches of a group and the groups within it, in the order of the input; at one place in the order in which lines ran. */
export function matchGroup(group: Group, text: string, runtime: Runtime): PlacedMatch[] {
  const places: Places = { found: [] };
  // The last line end belongs to no region, as in TTP.
  runGroup(group, regionOf(text), places, 0, text.length - 1, runtime);
  return places.found.sort((a, b) => a.place - b.place);
}

/** What was matched so far, in the order in which lines ran. */
interface Places {
  found: PlacedMatch[];
}

function runGroup(
  group: Group,
  input: Region,
  places: Places,
  from: number,
  to: number,
  runtime: Runtime,
): void {
  const starts = matchStarts(group, region(input, from, to), places, from, runtime);
  if (starts === undefined) {
    addDefaults(group, places);
    for (const child of group.children) {
      if (group.startLines.length === 0 || child.startsByDefault)
        runGroup(child, input, places, from, to, runtime);
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
  prepareMacros(line, rest, runtime);
  const isStart = line.action.startsWith("start");
  const check = checkerOf(line, runtime);
  const { found } = places;
  let first = -1;
  let lastStart = -1;
  let lastEnd = -1;
  line.regex?.each(rest, (match) => {
    runtime.spendMatch();
    const { index } = match;
    if (first === -1) first = index;
    lastStart = index;
    lastEnd = index + match[0].length;
    const result = check(match);
    // A start whose functions refused it still counts: it ends its group.
    if (result !== false || isStart) found.push({ place: offset + index, line, result });
  });
  return first === -1 ? undefined : { first, lastStart, lastEnd };
}

/** Gives a group without a match a place for its defaults, where one of its start lines has some. */
function addDefaults(group: Group, places: Places): void {
  if (!group.startsByDefault) return;
  const line = group.startLines[0] ?? group.defaultLine;
  const taken = new Set(
    places.found.filter((match) => match.place >= DEFAULTS_FROM).map((match) => match.place),
  );
  let place = DEFAULTS_FROM;
  while (taken.has(place)) place += 1;
  places.found.push({ place, line, result: [] });
}

/** Takes back what the group matched behind its last end. Where it matched twice at one place, TTP overlooks the second. */
function dropBeyond(group: Group, places: Places, end: number): void {
  const overlooks = new Set<number>();
  places.found = places.found.filter((match) => {
    if (match.place <= end || overlooks.delete(match.place) || match.line.group !== group) return true;
    overlooks.add(match.place);
    return false;
  });
}

function region({ text, plain }: Region, from: number, to: number): Region {
  return { text: text.slice(from, Math.max(from, to)), plain };
}
