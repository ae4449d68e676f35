import {
  attribute,
  DICT_METHODS,
  DICT_MUTATORS,
  fromKwargs,
  fromMapping,
  item,
  itemIfAny,
  type Kwargs,
  LIST_MUTATORS,
  MISSING,
  PyDict,
  PyFunction,
  PyObject,
  PySet,
  PyTuple,
  PythonError,
  type Slice,
  sliced,
  strFormat,
  textOf,
  typeError,
  typeName,
} from "../../../src/python/values/index.ts";
import { ANSIBLE_FILTERS, ANSIBLE_TESTS } from "./ansible/index.ts";
import { TemplateNotFound, TemplatesNotFound } from "./errors.ts";
import type { FilterFunction, TestFunction } from "./filter.ts";
import { FILTERS } from "./filters/index.ts";
import { GroupTuple } from "./filters/sequence.ts";
import { standardGlobals } from "./globals.ts";
import { Lexer } from "./lexer.ts";
import { formatEscaped, Markup } from "./markup.ts";
import { type EnvironmentOptions, environmentOptionsSchema, type ResolvedOptions } from "./options.ts";
import { Template } from "./template.ts";
import { TESTS } from "./test-functions.ts";
import { Undefined, type UndefinedOrigin } from "./undefined.ts";

/** Finds the source of a template by name; undefined when there is none. */
export interface Loader {
  load(name: string): string | undefined;
}

// Compiled templates kept per environment, as many as Jinja2 keeps.
const CACHE_SIZE = 400;

/**
 * Options, filters, tests and globals that templates share, and the templates themselves.
 *
 * @example
 * const environment = new Environment({ undefined: "StrictUndefined", trim_blocks: true });
 * environment.filters.set("shout", filter({ mark: "!" }, (_context, value, mark) => `${str(value).toUpperCase()}${str(mark)}`));
 * environment.fromString("{{ name | shout }}").render({ name: "r1" }); // "R1!"
 */
export class Environment {
  readonly options: ResolvedOptions;
  readonly lexer: Lexer;
  /** By name; names may have dots. */
  readonly filters: Map<string, FilterFunction>;
  readonly tests: Map<string, TestFunction>;
  readonly globals: Map<string, unknown>;
  readonly #loader: Loader | undefined;
  readonly #cache: Map<string, Template> = new Map();

  /** Throws a ZodError for options that are unknown or have a wrong value. */
  constructor(options: EnvironmentOptions = {}, loader?: Loader) {
    this.options = environmentOptionsSchema.parse(options);
    this.lexer = new Lexer(this.options);
    this.filters = new Map(FILTERS);
    this.tests = new Map(TESTS);
    if (this.options.filters.includes("ansible")) {
      for (const [name, run] of ANSIBLE_FILTERS) this.filters.set(name, run);
      for (const [name, run] of ANSIBLE_TESTS) this.tests.set(name, run);
    }
    this.globals = standardGlobals();
    this.#loader = loader;
  }

  /** Compiles a template. Throws TemplateSyntaxError with name, line and place. */
  fromString(source: string, name?: string): Template {
    return new Template(this, source, name);
  }

  /** Like {@link fromString}, but the same text under the same name is compiled once. */
  cached(source: string, name?: string): Template {
    const key = `${name ?? ""}\0${source}`;
    const known = this.#cache.get(key);
    return known ?? this.#keep(key, this.fromString(source, name));
  }

  #keep(key: string, template: Template): Template {
    if (this.#cache.size >= CACHE_SIZE) {
      const [oldest] = this.#cache.keys();
      if (oldest !== undefined) this.#cache.delete(oldest);
    }
    this.#cache.set(key, template);
    return template;
  }

  /**
   * Compiles a single expression to a function from a context to its value; undefined is None.
   *
   * @example
   * environment.compileExpression("mtu > 1500")({ mtu: 9000 }); // true
   */
  compileExpression(source: string): (variables?: Readonly<Record<string, unknown>> | PyDict) => unknown {
    const template = new Template(this, `{% set result = ${source} %}`, undefined);
    return (variables = {}) => {
      const value = template.exported(variables).get("result");
      return value instanceof Undefined ? null : value;
    };
  }

  /** The template of a name, compiled once. Throws TemplateNotFound, or TemplateSyntaxError. */
  getTemplate(name: string): Template {
    const known = this.#cache.get(name);
    if (known) return known;
    const source = this.#loader?.load(name);
    if (source === undefined) throw new TemplateNotFound(name);
    return this.#keep(name, new Template(this, source, name));
  }

  /** The first of several names that is a template. */
  selectTemplate(names: readonly unknown[]): Template {
    if (names.length === 0) {
      throw new TemplatesNotFound([], "Tried to select from an empty list of templates.");
    }
    for (const name of names) {
      try {
        return this.templateOf(name);
      } catch (error) {
        if (!(error instanceof TemplateNotFound)) throw error;
      }
    }
    throw new TemplatesNotFound(names.map(String));
  }

  /** The template that a value in a tag means: a name, a template, or a list of them. */
  templateOf(value: unknown, list = false): Template {
    if (value instanceof Template) return value;
    const name = textOf(value);
    if (name !== undefined) return this.getTemplate(name);
    if (value instanceof Undefined) value.fail();
    if (list && Array.isArray(value)) return this.selectTemplate(value);
    throw typeError(`a template name must be a text, not ${typeName(value)}`);
  }

  undefined(origin: UndefinedOrigin): Undefined {
    return new Undefined(this.options.undefined, origin);
  }

  /** `value.name`: the attribute, else the item of that name, else an undefined value. */
  getattr(value: unknown, name: string): unknown {
    if (value instanceof PyDict && !DICT_METHODS.has(name)) {
      const found = value.entries.get(name);
      if (found !== undefined) return found;
    }
    const found = this.#attribute(value, name);
    if (found !== MISSING) return found;
    return this.#item(value, name) ?? this.undefined({ of: value, name });
  }

  /** `value[key]`: the item, else for a text the attribute of that name, else an undefined value. */
  getitem(value: unknown, key: unknown): unknown {
    if (typeof key === "string" && value instanceof PyDict) {
      const found = value.entries.get(key);
      if (found !== undefined) return found;
    } else {
      const found = this.#item(value, key);
      if (found !== undefined) return found;
    }
    const name = textOf(key);
    if (name !== undefined) {
      const found = this.#attribute(value, name);
      if (found !== MISSING) return found;
    }
    return this.undefined({ of: value, name: key });
  }

  #item(value: unknown, key: unknown): unknown {
    try {
      return key instanceof PyTuple ? item(value, key) : itemIfAny(value, key);
    } catch (error) {
      if (error instanceof PythonError) return undefined;
      throw error;
    }
  }

  getslice(value: unknown, slice: Slice): unknown {
    if (value instanceof Undefined) return value.item(slice);
    const found = sliced(value, slice);
    return value instanceof Markup && typeof found === "string" ? new Markup(found) : found;
  }

  /** The attribute as the sandbox allows it, or MISSING. */
  #attribute(value: unknown, name: string): unknown {
    const { sandbox } = this.options;
    if (value instanceof GroupTuple) {
      const part = value.part(name);
      if (part !== undefined) return part;
    }
    if (sandbox === "plain") return attribute(value, name);
    const found = attribute(value, name);
    const dunder = name.startsWith("__") && name.endsWith("__");
    const hidden =
      dunder && !hasKey(value, name) && (!(value instanceof Undefined) || OBJECT_NAMES.has(name));
    const unsafe = found === MISSING ? hidden : name.startsWith("_") || this.#mutates(value, name);
    if (unsafe) {
      const hint = `access to attribute '${name}' of '${typeName(value)}' object is unsafe.`;
      return new Undefined("Undefined", { hint, forbidden: true });
    }
    const text = textOf(value);
    if (text !== undefined && (name === "format" || name === "format_map"))
      return this.#formatter(value, text, name);
    return found;
  }

  #mutates(value: unknown, name: string): boolean {
    if (this.options.sandbox !== "immutable") return false;
    if (Array.isArray(value)) return LIST_MUTATORS.has(name);
    if (value instanceof PySet) return name === "add" || name === "discard";
    return value instanceof PyDict && DICT_MUTATORS.has(name);
  }

  /** `str.format` whose fields reach no further than the template itself. */
  #formatter(value: unknown, text: string, name: string): PyFunction {
    const safe = value instanceof Markup;
    const lookup = {
      attribute: (of: unknown, key: string) => this.getattr(of, key),
      item: (of: unknown, key: string | number) => this.getitem(of, key),
      ...(safe && { format: formatEscaped }),
    };
    return new PyFunction(name, (args, kwargs) => {
      const call =
        name === "format"
          ? { args, named: fromKwargs(kwargs), lookup }
          : { args: [], named: fromMapping(args[0]), lookup };
      if (name === "format_map" && args[0] instanceof Undefined) args[0].fail();
      const out = strFormat(text, call);
      return safe ? new Markup(out) : out;
    });
  }

  /** Calls a value. TypeError when it cannot be called. */
  call(callee: unknown, args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
    if (callee instanceof PyObject) return callee.call(args, kwargs);
    throw typeError(`'${typeName(callee)}' object is not callable`);
  }
}

const hasKey = (value: unknown, name: string): boolean => value instanceof PyDict && value.has(name);

// The names with double underscores that an undefined value has in Python; others are items of it there, and fail.
const OBJECT_NAMES = new Set(
  (
    "__class__ __dict__ __doc__ __module__ __init__ __new__ __call__ __getattr__ __getattribute__ __setattr__ __getitem__ " +
    "__iter__ __len__ __str__ __repr__ __hash__ __eq__ __ne__ __bool__ __slots__ __reduce__ __subclasshook__"
  ).split(" "),
);
