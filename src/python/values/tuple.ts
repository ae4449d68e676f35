/** A Python tuple: a fixed row of values. A Python list is a JavaScript array. */
export class PyTuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }

  static of(...items: unknown[]): PyTuple {
    return new PyTuple(items);
  }
}
