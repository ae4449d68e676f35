import { type Kwargs, MISSING, PyObject, PyTuple, typeError } from "../../../src/python/values/index.ts";
import type { Environment } from "./environment.ts";
import type { Run } from "./frame.ts";
import { Markup } from "./markup.ts";

/** What is known about a macro when its template is compiled. */
export interface MacroShape {
  readonly name: string | undefined;
  readonly params: readonly string[];
  readonly catchesKwargs: boolean;
  readonly catchesVarargs: boolean;
  /** The body speaks of `caller`. */
  readonly caller: boolean;
  /** `caller` is among the parameters. */
  readonly explicitCaller: boolean;
}

/** A macro as a value. `render` gets one value per parameter (MISSING where none came) and the special ones. */
export class Macro extends PyObject {
  override readonly typeName = "Macro";
  readonly #environment: Environment;
  readonly #run: Run;
  readonly #shape: MacroShape;
  readonly #render: (args: readonly unknown[], special: MacroSpecials) => void;
  readonly #escapes: () => boolean;

  constructor(
    environment: Environment,
    run: Run,
    shape: MacroShape,
    render: (args: readonly unknown[], special: MacroSpecials) => void,
    escapes: () => boolean,
  ) {
    super();
    this.#environment = environment;
    this.#run = run;
    this.#shape = shape;
    this.#render = render;
    this.#escapes = escapes;
  }

  override get qualifiedName(): string {
    return "jinja2.runtime.Macro";
  }

  override repr(): string {
    const { name } = this.#shape;
    return `<Macro ${name === undefined ? "anonymous" : `'${name}'`}>`;
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "name":
        return this.#shape.name ?? null;
      case "arguments":
        return new PyTuple(this.#shape.params);
      case "catch_kwargs":
        return this.#shape.catchesKwargs;
      case "catch_varargs":
        return this.#shape.catchesVarargs;
      case "caller":
        return this.#shape.caller;
    }
    return MISSING;
  }

  override get callable(): boolean {
    return true;
  }

  override call(args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
    return this.invoke(args, kwargs, this.#escapes());
  }

  /** Calls it from a place where output is or is not escaped: the result is safe text only where it is. */
  invoke(args: readonly unknown[], kwargs: Kwargs | undefined, autoescape: boolean): unknown {
    const { params } = this.#shape;
    const rest = kwargs && kwargs.size > 0 ? new Map(kwargs) : undefined;
    const values: unknown[] = args.slice(0, params.length);
    let foundCaller = values.length === params.length && this.#shape.explicitCaller;
    for (let i = values.length; i < params.length; i++) {
      const name = params[i] ?? "";
      const value = rest?.has(name) ? rest.get(name) : MISSING;
      rest?.delete(name);
      if (name === "caller") foundCaller = true;
      values.push(value);
    }
    const special = this.#specials(args, rest, foundCaller);
    const run = this.#run;
    const text = run.deeper(() => run.captured(() => this.#render(values, special)));
    return autoescape ? new Markup(text) : text;
  }

  #specials(
    args: readonly unknown[],
    rest: Map<string, unknown> | undefined,
    foundCaller: boolean,
  ): MacroSpecials {
    const shape = this.#shape;
    let caller: unknown = MISSING;
    if (shape.caller && !foundCaller) {
      caller =
        rest?.get("caller") ?? this.#environment.undefined({ hint: "No caller defined", name: "caller" });
      rest?.delete("caller");
    }
    if (rest && rest.size > 0 && !shape.catchesKwargs) {
      const [unknown = ""] = rest.keys();
      if (rest.has("caller")) {
        throw typeError(
          `macro '${shape.name}' was invoked with two values for the special caller argument. This is most likely a bug.`,
        );
      }
      throw typeError(`macro '${shape.name}' takes no keyword argument '${unknown}'`);
    }
    if (args.length > shape.params.length && !shape.catchesVarargs) {
      throw typeError(`macro '${shape.name}' takes not more than ${shape.params.length} argument(s)`);
    }
    return { caller, kwargs: rest, varargs: args.slice(shape.params.length) };
  }
}

/** The arguments of a call that no parameter takes. */
export interface MacroSpecials {
  readonly caller: unknown;
  readonly kwargs: ReadonlyMap<string, unknown> | undefined;
  readonly varargs: readonly unknown[];
}
