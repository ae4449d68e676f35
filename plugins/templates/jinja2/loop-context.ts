import {
  equal,
  type Kwargs,
  lengthOf,
  MISSING,
  PyFunction,
  PyObject,
  typeError,
} from "../../../src/python/values/index.ts";
import type { Environment } from "./environment.ts";

/** Renders the body of a recursive loop over other items, one level deeper. */
export type Recurse = (items: unknown, depth: number) => unknown;

/** `loop`: where a loop is. Looks ahead only when asked to. */
export class LoopContext extends PyObject {
  override readonly typeName = "LoopContext";
  readonly #environment: Environment;
  readonly #iterable: unknown;
  readonly #iterator: Iterator<unknown>;
  readonly #recurse: Recurse | undefined;
  readonly #depth0: number;
  #ahead: unknown[] = [];
  #index = -1;
  #length: number | undefined;
  #before: unknown = MISSING;
  #current: unknown = MISSING;
  #lastChanged: readonly unknown[] | undefined;

  constructor(
    environment: Environment,
    iterable: unknown,
    items: Iterable<unknown>,
    depth0: number,
    recurse: Recurse | undefined,
  ) {
    super();
    this.#environment = environment;
    this.#iterable = iterable;
    this.#iterator = items[Symbol.iterator]();
    this.#depth0 = depth0;
    this.#recurse = recurse;
  }

  /** Goes to the next item; MISSING after the last. */
  advance(): unknown {
    const next = this.#ahead.length > 0 ? this.#ahead.shift() : this.#pull();
    if (next === MISSING) return MISSING;
    this.#before = this.#current;
    this.#current = next;
    this.#index++;
    return next;
  }

  #pull(): unknown {
    const { done, value } = this.#iterator.next();
    return done ? MISSING : value;
  }

  #peek(): unknown {
    if (this.#ahead.length === 0) {
      const next = this.#pull();
      if (next === MISSING) return MISSING;
      this.#ahead.push(next);
    }
    return this.#ahead[0];
  }

  #count(): number {
    if (this.#length === undefined) {
      // A loop with a filter has no length until all of it is read.
      const known = this.#iterable === MISSING ? undefined : lengthOf(this.#iterable);
      if (known === undefined) {
        for (let next = this.#pull(); next !== MISSING; next = this.#pull()) this.#ahead.push(next);
      }
      this.#length = known ?? this.#index + 1 + this.#ahead.length;
    }
    return this.#length;
  }

  override length(): number {
    return this.#count();
  }

  override truth(): boolean {
    return true;
  }

  override get qualifiedName(): string {
    return "jinja2.runtime.LoopContext";
  }

  override repr(): string {
    return `<LoopContext ${this.#index + 1}/${this.#count()}>`;
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "index":
        return this.#index + 1;
      case "index0":
        return this.#index;
      case "first":
        return this.#index === 0;
      case "last":
        return this.#peek() === MISSING;
      case "length":
        return this.#count();
      case "revindex":
        return this.#count() - this.#index;
      case "revindex0":
        return this.#count() - this.#index - 1;
      case "depth":
        return this.#depth0 + 1;
      case "depth0":
        return this.#depth0;
      case "previtem":
        return this.#before === MISSING
          ? this.#environment.undefined({ hint: "there is no previous item" })
          : this.#before;
      case "nextitem": {
        const next = this.#peek();
        return next === MISSING ? this.#environment.undefined({ hint: "there is no next item" }) : next;
      }
      case "cycle":
        return new PyFunction("cycle", (args) => {
          if (args.length === 0) throw typeError("no items for cycling given");
          return args[this.#index % args.length];
        });
      case "changed":
        return new PyFunction("changed", (args) => this.#changed(args));
    }
    return MISSING;
  }

  #changed(values: readonly unknown[]): boolean {
    const last = this.#lastChanged;
    if (last && last.length === values.length && last.every((v, i) => equal(v, values[i]))) return false;
    this.#lastChanged = values;
    return true;
  }

  override get callable(): boolean {
    return true;
  }

  override call(args: readonly unknown[], _kwargs: Kwargs | undefined): unknown {
    if (!this.#recurse) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    }
    return this.#recurse(args[0], this.#depth0 + 1);
  }
}
