import { MISSING, PyObject } from "../../../src/python/values/index.ts";

/** An imported template: its exported names as attributes, its output as its text. */
export class ModuleValue extends PyObject {
  override readonly typeName = "TemplateModule";
  readonly #name: string | undefined;
  readonly #exports: ReadonlyMap<string, unknown>;
  readonly #text: string;

  constructor(name: string | undefined, exports: ReadonlyMap<string, unknown>, text: string) {
    super();
    this.#name = name;
    this.#exports = exports;
    this.#text = text;
  }

  override get qualifiedName(): string {
    return "jinja2.environment.TemplateModule";
  }

  override str(): string {
    return this.#text;
  }

  override repr(): string {
    return `<TemplateModule ${this.#name === undefined ? "memory:" : `'${this.#name}'`}>`;
  }

  override attribute(name: string): unknown {
    return this.#exports.get(name) ?? (name === "__name__" ? (this.#name ?? "<template>") : MISSING);
  }
}
