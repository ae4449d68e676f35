import { PyObject } from "./object.ts";

/** A Python iterator (a generator, `reversed(...)`, `map(...)`): gives its items once. */
export class PyIterator extends PyObject {
  override readonly typeName: string;
  readonly #source: Iterator<unknown>;

  constructor(source: Iterable<unknown>, typeName = "generator") {
    super();
    this.#source = source[Symbol.iterator]();
    this.typeName = typeName;
  }

  override truth(): boolean {
    return true;
  }

  override iterate(): Iterable<unknown> {
    return { [Symbol.iterator]: () => this.#source };
  }

  /** The next item, as `{done, value}`. */
  next(): IteratorResult<unknown> {
    return this.#source.next();
  }
}
