import type { CharacterSet } from "./character-set.ts";

/** The largest repeat count, which stands for "no limit". */
export const UNLIMITED = Number.POSITIVE_INFINITY;

export type RepeatMode = "greedy" | "lazy" | "possessive";

/** Where a position must be, without taking a character. `$` is `lastLine`, or `lineEnd` with MULTILINE. */
export type Place = "start" | "lineStart" | "end" | "lastLine" | "lineEnd" | "boundary" | "notBoundary";

/** A parsed pattern. Flags are already applied: no node depends on IGNORECASE, DOTALL and the like. */
export type Node =
  | { readonly kind: "empty" }
  /** Never matches, as `(?!)`. */
  | { readonly kind: "fail" }
  | { readonly kind: "char"; readonly code: number }
  | { readonly kind: "set"; readonly set: CharacterSet }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "branch"; readonly branches: readonly Node[] }
  | { readonly kind: "group"; readonly index: number; readonly body: Node }
  | {
      readonly kind: "repeat";
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
      readonly body: Node;
    }
  | { readonly kind: "place"; readonly place: Place; readonly ascii: boolean }
  | {
      readonly kind: "look";
      readonly ahead: boolean;
      readonly negated: boolean;
      readonly body: Node;
      /** Look-behinds have one width, in code points. */
      readonly width: number;
    }
  | {
      readonly kind: "backreference";
      readonly index: number;
      readonly ignoreCase: boolean;
      readonly ascii: boolean;
    }
  | { readonly kind: "conditional"; readonly index: number; readonly yes: Node; readonly no: Node }
  | { readonly kind: "atomic"; readonly body: Node };

export interface Parsed {
  readonly root: Node;
  /** All flags in force for the whole pattern, inline ones included. */
  readonly flags: number;
  readonly groups: number;
  readonly groupIndex: ReadonlyMap<string, number>;
  /** Group numbers in the order in which their `)` stand: what `lastindex` needs. */
  readonly closeOrder: readonly number[];
}

/**
 * How many code points a node can take: the fewest and the most. `bodyOf` gives what is in a group, for references to it.
 */
export function widthOf(node: Node, bodyOf?: (group: number) => Node | undefined): [number, number] {
  switch (node.kind) {
    case "char":
    case "set":
      return [1, 1];
    case "sequence": {
      let min = 0;
      let max = 0;
      for (const item of node.items) {
        const [low, high] = widthOf(item, bodyOf);
        min += low;
        max += high;
      }
      return [min, max];
    }
    case "branch": {
      let min = UNLIMITED;
      let max = 0;
      for (const branch of node.branches) {
        const [low, high] = widthOf(branch, bodyOf);
        min = Math.min(min, low);
        max = Math.max(max, high);
      }
      return [min, max];
    }
    case "group":
    case "atomic":
      return widthOf(node.body, bodyOf);
    case "repeat": {
      const [low, high] = widthOf(node.body, bodyOf);
      return [low * node.min, high === 0 || node.max === 0 ? 0 : high * node.max];
    }
    case "backreference": {
      const body = bodyOf?.(node.index);
      return body === undefined ? [0, UNLIMITED] : widthOf(body, bodyOf);
    }
    case "conditional": {
      const [yesLow, yesHigh] = widthOf(node.yes, bodyOf);
      const [noLow, noHigh] = widthOf(node.no, bodyOf);
      return [Math.min(yesLow, noLow), Math.max(yesHigh, noHigh)];
    }
    default:
      return [0, 0];
  }
}

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "branch":
      return node.branches;
    case "conditional":
      return [node.yes, node.no];
    case "group":
    case "repeat":
    case "look":
    case "atomic":
      return [node.body];
    default:
      return NO_CHILDREN;
  }
}

const NO_CHILDREN: readonly Node[] = [];
