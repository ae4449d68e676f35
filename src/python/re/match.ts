import { expandTemplate } from "./template.ts";

/** What a match needs to know of its pattern. */
export interface MatchedPattern {
  readonly groups: number;
  readonly groupindex: ReadonlyMap<string, number>;
  readonly closeOrder: readonly number[];
}

/**
 * One match. Spans are UTF-16 offsets into the text (JavaScript's `slice` takes them), not code points.
 *
 * @example
 * const match = compile("(?P<name>\\w+) (\\d+)").match("eth0 12");
 * match?.group("name"); // "eth0"
 * match?.span(2);       // [5, 7]
 */
export class Match {
  readonly string: string;
  readonly re: MatchedPattern;
  readonly #start: number;
  /** Texts of the groups, the whole match first. */
  readonly #texts: readonly (string | undefined)[];
  /** Spans cost V8 more than texts, so they are worked out when asked for. */
  readonly #findSpans: () => readonly number[];
  #spans: readonly number[] | undefined;
  #lastIndex: number | undefined;

  constructor(
    re: MatchedPattern,
    string: string,
    start: number,
    texts: readonly (string | undefined)[],
    findSpans: () => readonly number[],
    lastIndex?: number,
  ) {
    this.re = re;
    this.string = string;
    this.#start = start;
    this.#texts = texts;
    this.#findSpans = findSpans;
    this.#lastIndex = lastIndex;
  }

  /** The text of a group, by number or name (0 or nothing: the whole match); null when it took no part. Throws `RangeError` for a group that does not exist. */
  group(group: number | string = 0): string | null {
    return this.#texts[this.#number(group)] ?? null;
  }

  /** The texts of all groups from 1 on. */
  groups<D = null>(missing: D | null = null): (string | D | null)[] {
    const texts: (string | D | null)[] = [];
    for (let i = 1; i <= this.re.groups; i++) texts.push(this.#texts[i] ?? missing);
    return texts;
  }

  /** The texts of the named groups. */
  groupdict<D = null>(missing: D | null = null): Record<string, string | D | null> {
    const texts: Record<string, string | D | null> = Object.create(null);
    for (const [name, index] of this.re.groupindex) texts[name] = this.#texts[index] ?? missing;
    return texts;
  }

  /** Where a group starts; -1 when it took no part. */
  start(group: number | string = 0): number {
    return group === 0 ? this.#start : this.#span(group)[0];
  }

  /** Where a group ends (exclusive); -1 when it took no part. */
  end(group: number | string = 0): number {
    return group === 0 ? this.#start + (this.#texts[0]?.length ?? 0) : this.#span(group)[1];
  }

  span(group: number | string = 0): [number, number] {
    return group === 0 ? [this.start(), this.end()] : this.#span(group);
  }

  /** The number of the group that was closed last; null when none took part. */
  get lastindex(): number | null {
    this.#lastIndex ??= this.re.closeOrder.findLast((group) => this.#texts[group] !== undefined) ?? 0;
    return this.#lastIndex === 0 ? null : this.#lastIndex;
  }

  /** The name of the group that was closed last; null when none took part or it has no name. */
  get lastgroup(): string | null {
    const last = this.lastindex;
    for (const [name, index] of this.re.groupindex) if (index === last) return name;
    return null;
  }

  /** A replacement template with the groups of this match filled in, as `sub` does it. */
  expand(template: string): string {
    return expandTemplate(template, this);
  }

  #number(group: number | string): number {
    const index = typeof group === "number" ? group : this.re.groupindex.get(group);
    if (index === undefined || index < 0 || index > this.re.groups) throw new RangeError("no such group");
    return index;
  }

  #span(group: number | string): [number, number] {
    const index = this.#number(group);
    this.#spans ??= this.#findSpans();
    return [this.#spans[2 * index] ?? -1, this.#spans[2 * index + 1] ?? -1];
  }
}
