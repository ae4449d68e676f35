import { MISSING, type PyDict, PyObject, repr } from "../../../src/python/values/index.ts";

/** `namespace(...)`: a value whose attributes templates may set, also from inside loops. */
export class Namespace extends PyObject {
  override readonly typeName = "Namespace";
  readonly #values: PyDict;

  constructor(values: PyDict) {
    super();
    this.#values = values;
  }

  override get qualifiedName(): string {
    return "jinja2.utils.Namespace";
  }

  override repr(): string {
    return `<Namespace ${repr(this.#values)}>`;
  }

  override truth(): boolean {
    return true;
  }

  override attribute(name: string): unknown {
    return this.#values.entries.get(name) ?? MISSING;
  }

  override setAttribute(name: string, value: unknown): void {
    this.#values.set(name, value);
  }
}
