import {
  Budget,
  BudgetExceeded,
  fromJs,
  PyDict,
  PyObject,
  PythonError,
  withBudget,
} from "../../../src/python/values/index.ts";
import { compileTemplate, type TemplateCode } from "./compile-statements.ts";
import { Context } from "./context.ts";
import type { Environment } from "./environment.ts";
import { placeIn, setPlace, TemplateError, TemplateSyntaxError } from "./errors.ts";
import { type BlockCode, Frame, Run } from "./frame.ts";
import { ModuleValue } from "./module-value.ts";
import { parse } from "./parser.ts";

const NO_LOCALS: ReadonlyMap<string, unknown> = new Map();

/** A compiled template. */
export class Template extends PyObject {
  override readonly typeName = "Template";
  readonly environment: Environment;
  readonly name: string | undefined;
  readonly source: string;
  readonly #code: TemplateCode;

  /** Use {@link Environment.fromString} or {@link Environment.getTemplate}. */
  constructor(environment: Environment, source: string, name: string | undefined) {
    super();
    this.environment = environment;
    this.name = name;
    this.source = environment.lexer.normalize(source);
    try {
      const tree = parse(environment.lexer.tokens(this.source), environment.options.extensions);
      this.#code = compileTemplate(environment, this, tree);
    } catch (error) {
      throw this.#located(readable(error), error instanceof TemplateSyntaxError ? (error.offset ?? 0) : 0);
    }
  }

  get blocks(): ReadonlyMap<string, BlockCode> {
    return this.#code.blocks;
  }

  /**
   * The text that this template makes of a context: a plain object, or a `PyDict` (which saves the conversion).
   *
   * @throws TemplateError, PythonError (a failed operation, under its Python class), BudgetExceeded. `placeOf(error)` says where.
   */
  render(variables: Readonly<Record<string, unknown>> | PyDict = {}): string {
    return this.#rendered(variables).run.text;
  }

  /** What this template sets at its top level for a context. Fails like `render`. */
  exported(variables: Readonly<Record<string, unknown>> | PyDict = {}): ReadonlyMap<string, unknown> {
    return this.#rendered(variables).vars;
  }

  #rendered(variables: Readonly<Record<string, unknown>> | PyDict): Context {
    const { limits } = this.environment.options;
    const run = new Run(limits.output, limits.depth);
    return withBudget(new Budget(limits), () => {
      try {
        const given = variables instanceof PyDict ? variables : (fromJs(variables) as PyDict);
        const context = this.newContext(run, [given.entries, this.environment.globals]);
        this.run(context);
        return context;
      } catch (error) {
        throw this.#located(readable(error), run.at);
      }
    });
  }

  /** A context of this template, with its own blocks in it. */
  newContext(run: Run, layers: readonly ReadonlyMap<unknown, unknown>[]): Context {
    const blocks = new Map(this.#code.blocks.entries().map(([name, code]) => [name, [code]]));
    return new Context(this.environment, run, this.name, layers, this.environment.options.autoescape, blocks);
  }

  /** Renders into the context's run, then the template that it extends. */
  run(context: Context): void {
    const frame = new Frame(this.#code.size(), undefined, context);
    this.guard(frame.run, () => this.#code.root(frame));
    const parent = frame.extended;
    if (parent) context.run.deeper(() => parent.run(context));
  }

  /** Renders it as an included template. */
  include(run: Run, layers: readonly ReadonlyMap<unknown, unknown>[]): void {
    run.deeper(() => this.run(this.newContext(run, layers)));
  }

  /** Renders it as an imported template. */
  module(run: Run, layers: readonly ReadonlyMap<unknown, unknown>[]): ModuleValue {
    const context = this.newContext(run, layers);
    const text = run.deeper(() => run.captured(() => this.run(context)));
    const exports = new Map<string, unknown>();
    for (const name of context.exported) exports.set(name, context.vars.get(name));
    return new ModuleValue(this.name, exports, text);
  }

  /** The module without any context: made once in a run. */
  plainModule(run: Run): ModuleValue {
    const known = run.modules.get(this);
    if (known) return known;
    const module = this.module(run, [NO_LOCALS, this.environment.globals]);
    run.modules.set(this, module);
    return module;
  }

  /** Runs a piece of this template; an error that comes out knows where it happened. */
  guard(run: Run, work: () => unknown): void {
    try {
      work();
    } catch (error) {
      throw this.#located(readable(error), run.at);
    }
  }

  #located(error: Error, at: number): Error {
    setPlace(error, placeIn(this.source, this.name, at));
    return error;
  }
}

/** JavaScript's own exhaustion as the budget that it is. */
function readable(error: unknown): Error {
  if (error instanceof TemplateError || error instanceof PythonError || error instanceof BudgetExceeded)
    return error;
  if (error instanceof RangeError) {
    if (/call stack/i.test(error.message)) return new BudgetExceeded("recursion", 1);
    return new BudgetExceeded("memory", 2 ** 29);
  }
  return error instanceof Error ? error : new Error(String(error));
}
