import { type Kwargs, MISSING, PyObject } from "../../../src/python/values/index.ts";
import type { Environment } from "./environment.ts";
import type { BlockCode, Run } from "./frame.ts";
import { Markup } from "./markup.ts";

/** The variables of one template while it renders: its own at the top, then what it was given, then the globals. */
export class Context {
  readonly environment: Environment;
  readonly run: Run;
  readonly templateName: string | undefined;
  /** What the template sets at its top level. */
  readonly vars: Map<string, unknown> = new Map();
  readonly exported: Set<string> = new Set();
  readonly layers: readonly ReadonlyMap<unknown, unknown>[];
  /** By name all versions of a block, the most derived first. */
  readonly blocks: Map<string, BlockCode[]>;
  /** Whether output is escaped just now. */
  autoescape: boolean;

  constructor(
    environment: Environment,
    run: Run,
    templateName: string | undefined,
    layers: readonly ReadonlyMap<unknown, unknown>[],
    autoescape: boolean,
    blocks: Map<string, BlockCode[]> = new Map(),
  ) {
    this.environment = environment;
    this.run = run;
    this.templateName = templateName;
    this.layers = layers;
    this.autoescape = autoescape;
    this.blocks = blocks;
  }

  /** The value of a name, or MISSING. */
  resolve(name: string): unknown {
    const own = this.vars.get(name);
    if (own !== undefined) return own;
    for (const layer of this.layers) {
      const value = layer.get(name);
      if (value !== undefined) return value;
    }
    return MISSING;
  }

  /** All variables as they are now, with `locals` before them, for an included template. */
  snapshot(locals: ReadonlyMap<string, unknown>): ReadonlyMap<unknown, unknown>[] {
    const layers = [...this.layers];
    if (this.vars.size > 0) layers.unshift(new Map(this.vars));
    if (locals.size > 0) layers.unshift(locals);
    return layers;
  }

  /** A context of the same template with `locals` before everything: what a scoped block sees. */
  derived(locals: ReadonlyMap<string, unknown>): Context {
    const { environment, run, templateName, autoescape, blocks } = this;
    return new Context(environment, run, templateName, this.snapshot(locals), autoescape, blocks);
  }

  /** The block that `super()` in `current` means. */
  superBlock(name: string, current: BlockCode): unknown {
    const versions = this.blocks.get(name) ?? [];
    const depth = versions.indexOf(current) + 1;
    if (depth > 0 && versions[depth]) return new BlockReference(this, name, versions, depth);
    return this.environment.undefined({ hint: `there is no parent block called '${name}'.`, name: "super" });
  }
}

/** A block as a value: `super` and `self.name`. */
export class BlockReference extends PyObject {
  override readonly typeName = "BlockReference";
  readonly #context: Context;
  readonly #name: string;
  readonly #versions: readonly BlockCode[];
  readonly #depth: number;

  constructor(context: Context, name: string, versions: readonly BlockCode[], depth: number) {
    super();
    this.#context = context;
    this.#name = name;
    this.#versions = versions;
    this.#depth = depth;
  }

  override get qualifiedName(): string {
    return "jinja2.runtime.BlockReference";
  }

  override attribute(name: string): unknown {
    if (name !== "super") return MISSING;
    const next = this.#depth + 1;
    if (!this.#versions[next]) {
      const hint = `there is no parent block called '${this.#name}'.`;
      return this.#context.environment.undefined({ hint, name: "super" });
    }
    return new BlockReference(this.#context, this.#name, this.#versions, next);
  }

  override get callable(): boolean {
    return true;
  }

  override call(_args: readonly unknown[], _kwargs: Kwargs | undefined): unknown {
    const context = this.#context;
    const text = context.run.captured(() => this.#versions[this.#depth]?.run(context));
    return context.autoescape ? new Markup(text) : text;
  }
}

/** `self`: the blocks of the template by name. */
export class TemplateReference extends PyObject {
  override readonly typeName = "TemplateReference";
  readonly #context: Context;

  constructor(context: Context) {
    super();
    this.#context = context;
  }

  override repr(): string {
    const name = this.#context.templateName;
    return `<TemplateReference ${name === undefined ? "None" : `'${name}'`}>`;
  }

  override get qualifiedName(): string {
    return "jinja2.runtime.TemplateReference";
  }

  override attribute(name: string): unknown {
    return this.#block(name) ?? MISSING;
  }

  override item(name: unknown): unknown {
    return this.#block(String(name)) ?? this.#context.environment.undefined({ of: this, name });
  }

  #block(name: string): BlockReference | undefined {
    const versions = this.#context.blocks.get(name);
    return versions && new BlockReference(this.#context, name, versions, 0);
  }
}
