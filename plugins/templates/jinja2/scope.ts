import type { Expression, Statement } from "./ast.ts";
import { type FirstUse, firstUse } from "./first-use.ts";

/** A function-like piece of a template: its variables live in the slots of one frame. */
export class Unit {
  readonly parent: Scope | undefined;
  size = 0;

  constructor(parent: Scope | undefined) {
    this.parent = parent;
  }
}

/** A variable found in a scope. `sure` when it always has a value where it can be seen. */
interface Variable {
  readonly slot: number;
  readonly sure: boolean;
}

/** Where a name may be found: frames to go out and the slot there. */
export interface Reference extends Variable {
  readonly hops: number;
}

/** The names of one block of a template. Names that it assigns are its own in all of it, before the assignment too. */
export class Scope {
  readonly unit: Unit;
  readonly outer: Scope | undefined;
  /** Assignments at the top level of a template go to its context. */
  readonly toplevel: boolean;
  readonly #names: Map<string, Variable> = new Map();
  #statements: readonly Statement[] = [];
  readonly #firstUses: Map<string, FirstUse> = new Map();

  constructor(unit: Unit, outer: Scope | undefined, toplevel = false) {
    this.unit = unit;
    this.outer = outer;
    this.toplevel = toplevel;
  }

  /** A scope inside this one in the same unit. */
  inner(): Scope {
    return new Scope(this.unit, this);
  }

  declare(name: string, sure: boolean): number {
    const known = this.#names.get(name);
    if (known) return known.slot;
    const slot = this.unit.size++;
    this.#names.set(name, { slot, sure });
    return slot;
  }

  /** Declares what statements assign; answers the slots, to be emptied when the scope begins anew. */
  declareStores(statements: readonly Statement[]): number[] {
    const slots: number[] = [];
    this.#statements = statements;
    for (const name of storedNames(statements)) {
      if (!this.toplevel && !this.#names.has(name)) slots.push(this.declare(name, false));
    }
    return slots;
  }

  /**
   * The outermost scope around that uses the name itself, if it assigns it before it reads it: before the assignment the name is undefined
   * there, whatever the context holds.
   */
  hiding(name: string): Scope | undefined {
    let outermost: Scope | undefined;
    for (let scope: Scope | undefined = this; scope; scope = scope.outer ?? scope.unit.parent) {
      if (scope.#firstUse(name)) outermost = scope;
    }
    return outermost && outermost.#firstUse(name) === "stored" ? outermost : undefined;
  }

  #firstUse(name: string): FirstUse {
    if (!this.#firstUses.has(name)) this.#firstUses.set(name, firstUse(this.#statements, name));
    return this.#firstUses.get(name);
  }

  own(name: string): number | undefined {
    return this.#names.get(name)?.slot;
  }

  /** Where `name` may be, innermost first; ends with the first sure place. */
  find(name: string): Reference[] {
    const found: Reference[] = [];
    let hops = 0;
    for (let scope: Scope | undefined = this; scope; ) {
      const variable = scope.#names.get(name);
      if (variable) {
        found.push({ ...variable, hops });
        if (variable.sure) break;
      }
      const outer: Scope | undefined = scope.outer ?? scope.unit.parent;
      if (outer && outer.unit !== scope.unit) hops++;
      scope = outer;
    }
    return found;
  }

  /** All local names that can be seen from here. */
  visible(): string[] {
    const names = new Set<string>();
    for (let scope: Scope | undefined = this; scope; scope = scope.outer ?? scope.unit.parent) {
      for (const name of scope.#names.keys()) names.add(name);
    }
    return [...names];
  }
}

function storedNames(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  const visit = (body: readonly Statement[]) => {
    for (const statement of body) {
      switch (statement.kind) {
        case "set":
        case "setblock":
          for (const name of targetNames(statement.target)) names.add(name);
          break;
        case "macro":
          names.add(statement.name);
          break;
        case "import":
          names.add(statement.target);
          break;
        case "fromimport":
          for (const [, alias] of statement.names) names.add(alias);
          break;
        case "if":
          for (const branch of statement.branches) visit(branch.body);
          visit(statement.otherwise);
      }
    }
  };
  visit(statements);
  return names;
}

/** The names that a target assigns. */
export function targetNames(target: Expression): string[] {
  if (target.kind === "name") return [target.name];
  return target.kind === "tuple" ? target.items.flatMap(targetNames) : [];
}
