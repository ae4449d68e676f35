import { CharacterSet } from "./character-set.ts";
import { type Node, type Parsed, type Place, type RepeatMode, widthOf } from "./syntax.ts";

/** One loop whose turns are counted while matching. */
interface Loop {
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
  /** A turn can take nothing: then where the turn began decides whether another follows. */
  readonly nullable: boolean;
}

/** One step of the matcher; `next` and the like are indexes into the program. */
export type Instruction =
  | { readonly op: "char"; readonly code: number; readonly next: number }
  | { readonly op: "set"; readonly ascii: Uint8Array; readonly set: CharacterSet; readonly next: number }
  /** A repeat of single characters, without any state of its own. */
  | {
      readonly op: "run";
      /** 1 for each accepted character below 128. */
      readonly ascii: Uint8Array;
      readonly set: CharacterSet;
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
      readonly next: number;
    }
  | { readonly op: "fork"; readonly branches: readonly number[] }
  | { readonly op: "mark"; readonly slot: number; readonly next: number }
  | { readonly op: "enter"; readonly loop: number; readonly head: number }
  | { readonly op: "head"; readonly loop: number; readonly body: number; readonly next: number }
  | { readonly op: "place"; readonly place: Place; readonly ascii: boolean; readonly next: number }
  | {
      readonly op: "look";
      readonly body: number;
      readonly ahead: boolean;
      readonly negated: boolean;
      readonly width: number;
      readonly next: number;
    }
  | { readonly op: "atomic"; readonly body: number; readonly next: number }
  | {
      readonly op: "backreference";
      readonly index: number;
      readonly ignoreCase: boolean;
      readonly ascii: boolean;
      readonly next: number;
    }
  | { readonly op: "conditional"; readonly index: number; readonly yes: number; readonly no: number }
  | { readonly op: "fail" }
  | { readonly op: "accept" };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  readonly loops: readonly Loop[];
  /** For each instruction the loops around it, outermost first. */
  readonly around: readonly (readonly number[])[];
  readonly groups: number;
  /** Groups of which the text matters to something in the pattern. */
  readonly referred: readonly number[];
  /** Groups of which only matters whether they took part. */
  readonly asked: readonly number[];
}

/** Makes the own matcher's program; written from the end backwards, so that each step knows its next one. */
export function programOf(parsed: Parsed): Program {
  return new Assembler(parsed.groups).assemble(parsed.root);
}

class Assembler {
  readonly #instructions: Instruction[] = [];
  readonly #around: (readonly number[])[] = [];
  readonly #loops: Loop[] = [];
  readonly #groups: number;
  #open: readonly number[] = [];
  readonly #referred = new Set<number>();
  readonly #asked = new Set<number>();

  constructor(groups: number) {
    this.#groups = groups;
  }

  assemble(root: Node): Program {
    const accept = this.#add({ op: "accept" });
    const start = this.#write(root, accept);
    return {
      instructions: this.#instructions,
      start,
      loops: this.#loops,
      around: this.#around,
      groups: this.#groups,
      referred: [...this.#referred],
      asked: [...this.#asked],
    };
  }

  #add(instruction: Instruction): number {
    this.#around.push(this.#open);
    return this.#instructions.push(instruction) - 1;
  }

  /** Where matching of `node` begins when `next` is to follow. */
  #write(node: Node, next: number): number {
    switch (node.kind) {
      case "empty":
        return next;
      case "fail":
        return this.#add({ op: "fail" });
      case "char":
        return this.#add({ op: "char", code: node.code, next });
      case "set":
        return this.#add({ op: "set", ascii: node.set.ascii, set: node.set, next });
      case "sequence":
        return node.items.reduceRight((after, item) => this.#write(item, after), next);
      case "branch":
        return this.#add({ op: "fork", branches: node.branches.map((branch) => this.#write(branch, next)) });
      case "group": {
        const end = this.#add({ op: "mark", slot: 2 * node.index + 1, next });
        const body = this.#write(node.body, end);
        return this.#add({ op: "mark", slot: 2 * node.index, next: body });
      }
      case "repeat":
        return this.#repeat(node, next);
      case "place":
        return this.#add({ op: "place", place: node.place, ascii: node.ascii, next });
      case "look": {
        const body = this.#write(node.body, this.#add({ op: "accept" }));
        return this.#add({
          op: "look",
          body,
          ahead: node.ahead,
          negated: node.negated,
          width: node.width,
          next,
        });
      }
      case "atomic":
        return this.#add({ op: "atomic", body: this.#write(node.body, this.#add({ op: "accept" })), next });
      case "backreference":
        this.#referred.add(node.index);
        return this.#add({
          op: "backreference",
          index: node.index,
          ignoreCase: node.ignoreCase,
          ascii: node.ascii,
          next,
        });
      case "conditional":
        this.#asked.add(node.index);
        return this.#add({
          op: "conditional",
          index: node.index,
          yes: this.#write(node.yes, next),
          no: this.#write(node.no, next),
        });
    }
  }

  #repeat(node: Node & { kind: "repeat" }, next: number): number {
    const { min, max, mode, body } = node;
    if (max === 0) return next;
    if (body.kind === "char" || body.kind === "set") {
      const set = body.kind === "set" ? body.set : CharacterSet.of([body.code, body.code]);
      return this.#add({ op: "run", ascii: set.ascii, set, min, max, mode, next });
    }
    if (mode === "possessive") {
      // Python 3.11 gives up no turn of it, not even the ones that the minimum asks for.
      const greedy: Node = { ...node, mode: "greedy", body: { kind: "atomic", body } };
      return this.#add({ op: "atomic", body: this.#write(greedy, this.#add({ op: "accept" })), next });
    }
    const nullable = widthOf(body)[0] === 0;
    const loop = this.#loops.push({ min, max, lazy: mode === "lazy", nullable }) - 1;
    const outer = this.#open;
    this.#open = [...outer, loop];
    // The body ends at the head, which does not exist yet: its place is kept.
    const head = this.#add({ op: "fail" });
    const start = this.#write(body, head);
    this.#instructions[head] = { op: "head", loop, body: start, next };
    this.#open = outer;
    return this.#add({ op: "enter", loop, head });
  }
}

/** Characters with which a match can begin; undefined when it can begin with any, or be empty. */
export function firstCharacters(node: Node): { readonly ascii: Uint8Array } | undefined {
  const ascii = new Uint8Array(128);
  return collectFirst(node, ascii) ? { ascii } : undefined;
}

/** Adds the characters that can come first; false when what follows the node could come first too, or it is unknown. */
function collectFirst(node: Node, ascii: Uint8Array): boolean {
  switch (node.kind) {
    case "char":
      if (node.code < 128) ascii[node.code] = 1;
      return true;
    case "set":
      for (const [code, accepted] of node.set.ascii.entries()) if (accepted === 1) ascii[code] = 1;
      return true;
    case "sequence":
      return node.items.some((item) => collectFirst(item, ascii));
    case "branch":
      return node.branches.map((branch) => collectFirst(branch, ascii)).every(Boolean);
    case "group":
    case "atomic":
      return collectFirst(node.body, ascii);
    case "repeat":
      return node.max > 0 && collectFirst(node.body, ascii) && node.min > 0;
    case "fail":
      return true;
    case "place":
    case "look":
    case "empty":
      return false;
    default:
      ascii.fill(1);
      return false;
  }
}
