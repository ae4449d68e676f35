import type { PyDict } from "./dict.ts";
import { PyTuple } from "./tuple.ts";

/** What `d.keys()`, `d.values()` and `d.items()` give: a live view. */
export class DictView {
  readonly dict: PyDict;
  readonly of: "keys" | "values" | "items";

  constructor(dict: PyDict, of: "keys" | "values" | "items") {
    this.dict = dict;
    this.of = of;
  }

  get typeName(): string {
    return `dict_${this.of}`;
  }

  get size(): number {
    return this.dict.size;
  }

  [Symbol.iterator](): Iterator<unknown> {
    if (this.of === "keys") return this.dict.keys();
    if (this.of === "values") return this.dict.values();
    return this.dict.items().map(([key, value]) => PyTuple.of(key, value));
  }
}
