import {
  binary,
  contains,
  equal,
  itemsOf,
  iterate,
  type Kwargs,
  methodOf,
  order,
  PyDict,
  PyTuple,
  str,
  textOf,
  truth,
  typeError,
  typeName,
  unary,
} from "../../../src/python/values/index.ts";
import type { Arguments, CallNode, CompareOperator, Expression, FilterNode } from "./ast.ts";
import { TemplateReference } from "./context.ts";
import type { Environment } from "./environment.ts";
import { TemplateAssertionError, TemplateRuntimeError } from "./errors.ts";
import type { FilterFunction, TestFunction } from "./filter.ts";
import type { BlockCode, Evaluate, Frame } from "./frame.ts";
import { Macro } from "./macro.ts";
import { escaped, Markup } from "./markup.ts";
import type { Reference, Scope } from "./scope.ts";
import { Undefined } from "./undefined.ts";

/** What is known where an expression stands. */
export interface Place {
  readonly scope: Scope;
  /** Whether output is escaped; undefined when that shows only while rendering. */
  readonly autoescape: boolean | undefined;
  /** Inside a condition: an unknown filter fails only when it is used. */
  readonly soft: boolean;
  /** The block around, for `super`. */
  readonly block: { readonly name: string; readonly code: BlockCode } | undefined;
}

type ArgumentsOf = (frame: Frame) => unknown[];
type KwargsOf = (frame: Frame) => Kwargs | undefined;

/** Makes closures of expressions. */
export class ExpressionCompiler {
  protected readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  expression(node: Expression, place: Place): Evaluate {
    const { environment } = this;
    switch (node.kind) {
      case "const": {
        const { value } = node;
        return () => value;
      }
      case "name":
        return this.name(node.name, place);
      case "nsref":
        throw new TemplateAssertionError("a namespace reference can only be assigned to", node.line, node.at);
      case "tuple": {
        const items = this.#all(node.items, place);
        return (f) => new PyTuple(items(f));
      }
      case "list":
        return this.#all(node.items, place);
      case "dict": {
        const pairs = node.pairs.map(
          ([k, v]) => [this.expression(k, place), this.expression(v, place)] as const,
        );
        return (f) => new PyDict(pairs.map(([key, value]) => [key(f), value(f)] as const));
      }
      case "getattr": {
        const value = this.expression(node.node, place);
        const { name } = node;
        return (f) => environment.getattr(value(f), name);
      }
      case "getitem":
        return this.#getitem(node.node, node.key, place);
      case "slice":
        throw new TemplateAssertionError("a slice can only stand alone between brackets", node.line, node.at);
      case "call":
        return this.call(node, place);
      case "filter":
        return this.filter(node, place, undefined);
      case "test": {
        const value = this.expression(node.node, place);
        const run = this.#test(node.name, place, node);
        const [args, kwargs] = this.arguments(node.arguments, place);
        return (f) => run(f.context, value(f), args(f), kwargs(f));
      }
      case "binary": {
        const { operator } = node;
        const left = this.expression(node.left, place);
        const right = this.expression(node.right, place);
        return (f) => binary(operator, left(f), right(f));
      }
      case "unary": {
        const { operator } = node;
        const value = this.expression(node.node, place);
        return (f) => unary(operator, value(f));
      }
      case "not": {
        const value = this.expression(node.node, place);
        return (f) => !truth(value(f));
      }
      case "and": {
        const left = this.expression(node.left, place);
        const right = this.expression(node.right, place);
        return (f) => {
          const value = left(f);
          return truth(value) ? right(f) : value;
        };
      }
      case "or": {
        const left = this.expression(node.left, place);
        const right = this.expression(node.right, place);
        return (f) => {
          const value = left(f);
          return truth(value) ? value : right(f);
        };
      }
      case "concat":
        return this.#concat(node.items, place);
      case "compare":
        return this.#compare(node, place);
      case "condition": {
        const soft = { ...place, soft: true };
        const test = this.expression(node.test, soft);
        const yes = this.expression(node.yes, soft);
        const no = node.no ? this.expression(node.no, soft) : noElse(node.line);
        return (f) => (truth(test(f)) ? yes(f) : no(f));
      }
    }
  }

  #all(nodes: readonly Expression[], place: Place): (frame: Frame) => unknown[] {
    const items = nodes.map((n) => this.expression(n, place));
    const [first, second] = items;
    if (!first) return () => [];
    if (!second) return (f) => [first(f)];
    if (items.length === 2) return (f) => [first(f), second(f)];
    return (f) => items.map((item) => item(f));
  }

  name(name: string, place: Place): Evaluate {
    const { environment } = this;
    const references = place.scope.find(name);
    const [first] = references;
    if (first?.sure) return sureSlot(first);
    const fallback = this.#fromContext(name, place);
    if (!first) return fallback;
    return (f) => {
      for (const reference of references) {
        const value = slotOf(f, reference);
        if (value !== undefined) return value;
      }
      return references.at(-1)?.sure ? environment.undefined({ name }) : fallback(f);
    };
  }

  #fromContext(name: string, place: Place): Evaluate {
    const { environment } = this;
    if (name === "self") return (f) => new TemplateReference(f.context);
    const { block } = place;
    if (name === "super" && block) return (f) => f.context.superBlock(block.name, block.code);
    const hiding = place.scope.hiding(name);
    if (hiding) {
      const { toplevel } = hiding;
      return (f) => (toplevel ? f.context.vars.get(name) : undefined) ?? environment.undefined({ name });
    }
    return (f) => {
      const value = f.context.resolve(name);
      return typeof value === "symbol" ? environment.undefined({ name }) : value;
    };
  }

  #getitem(node: Expression, key: Expression, place: Place): Evaluate {
    const { environment } = this;
    const value = this.expression(node, place);
    if (key.kind === "slice") {
      const nothing = () => null;
      const part = (n: Expression | undefined) => (n ? this.expression(n, place) : nothing);
      const [start, stop, step] = [part(key.start), part(key.stop), part(key.step)];
      return (f) => environment.getslice(value(f), { start: start(f), stop: stop(f), step: step(f) });
    }
    const index = this.expression(key, place);
    return (f) => environment.getitem(value(f), index(f));
  }

  /** `extra` are keyword arguments that the template did not write: `caller`. */
  call(node: CallNode, place: Place, extra?: (frame: Frame) => Kwargs): Evaluate {
    const { environment } = this;
    const [args, own] = this.arguments(node.arguments, place);
    const kwargs: KwargsOf = extra ? (f) => new Map([...(own(f) ?? []), ...extra(f)]) : own;
    if (node.callee.kind === "getattr") {
      const owner = this.expression(node.callee.node, place);
      const { name } = node.callee;
      const plain = environment.options.sandbox === "plain";
      return (f) => {
        const value = owner(f);
        const method = plain ? methodOf(value, name) : undefined;
        if (method) return method(value as never, args(f), kwargs(f));
        const callee = environment.getattr(value, name);
        if (callee instanceof Macro) return callee.invoke(args(f), kwargs(f), f.context.autoescape);
        return environment.call(callee, args(f), kwargs(f));
      };
    }
    const callee = this.expression(node.callee, place);
    return (f) => {
      const value = callee(f);
      if (value instanceof Macro) return value.invoke(args(f), kwargs(f), f.context.autoescape);
      return environment.call(value, args(f), kwargs(f));
    };
  }

  arguments(node: Arguments, place: Place): [ArgumentsOf, KwargsOf] {
    const fixed = this.#all(node.args, place);
    const { dynArgs, dynKwargs } = node;
    let args = fixed;
    if (dynArgs) {
      const more = this.expression(dynArgs, place);
      args = (f) => [...fixed(f), ...itemsOf(more(f))];
    }
    if (node.kwargs.length === 0 && !dynKwargs) return [args, () => undefined];
    const named = node.kwargs.map(([key, value]) => [key, this.expression(value, place)] as const);
    const more = dynKwargs ? this.expression(dynKwargs, place) : undefined;
    return [
      args,
      (f) => {
        const kwargs = new Map<string, unknown>();
        for (const [key, value] of named) kwargs.set(key, value(f));
        if (more) addKwargs(kwargs, more(f));
        return kwargs;
      },
    ];
  }

  /** A filter on a value, or on the text of a block. */
  filter(node: FilterNode, place: Place, text: Evaluate | undefined): Evaluate {
    const run = this.#filter(node.name, place, node);
    const [args, kwargs] = this.arguments(node.arguments, place);
    const inner = node.node;
    // The innermost filter of a block's chain has no value of its own: it gets the block's text.
    const value = !inner
      ? text
      : inner.kind === "filter"
        ? this.filter(inner, place, text)
        : this.expression(inner, place);
    if (!value) throw new TemplateAssertionError("a filter without a value", node.line, node.at);
    return (f) => run(f.context, value(f), args(f), kwargs(f));
  }

  #filter(name: string, place: Place, at: { line: number; at: number }): FilterFunction {
    const found = this.environment.filters.get(name);
    if (found) return found;
    if (!place.soft) throw new TemplateAssertionError(`No filter named '${name}'.`, at.line, at.at);
    return () => {
      throw new TemplateRuntimeError(`No filter named '${name}' found.`);
    };
  }

  #test(name: string, place: Place, at: { line: number; at: number }): TestFunction {
    const found = this.environment.tests.get(name);
    if (found) return found;
    if (!place.soft) throw new TemplateAssertionError(`No test named '${name}'.`, at.line, at.at);
    return () => {
      throw new TemplateRuntimeError(`No test named '${name}' found.`);
    };
  }

  #concat(nodes: readonly Expression[], place: Place): Evaluate {
    const items = this.#all(nodes, place);
    const { autoescape } = place;
    return (f) => joined(items(f), autoescape ?? f.context.autoescape);
  }

  #compare(node: Extract<Expression, { kind: "compare" }>, place: Place): Evaluate {
    const first = this.expression(node.first, place);
    const rest = node.rest.map((r) => ({ test: COMPARE[r.operator], value: this.expression(r.node, place) }));
    const [only] = rest;
    if (only && rest.length === 1) {
      const { test, value } = only;
      return (f) => test(first(f), value(f));
    }
    return (f) => {
      let left = first(f);
      for (const { test, value } of rest) {
        const right = value(f);
        if (!test(left, right)) return false;
        left = right;
      }
      return true;
    };
  }
}

const COMPARE: Readonly<Record<CompareOperator, (a: unknown, b: unknown) => boolean>> = {
  "==": equal,
  "!=": (a, b) => !equal(a, b),
  "<": (a, b) => order("<", a, b),
  "<=": (a, b) => order("<=", a, b),
  ">": (a, b) => order(">", a, b),
  ">=": (a, b) => order(">=", a, b),
  in: (a, b) => contains(b, a),
  "not in": (a, b) => !contains(b, a),
};

function sureSlot({ hops, slot }: Reference): Evaluate {
  if (hops === 0) return (f) => f.slots[slot];
  if (hops === 1) return (f) => f.parent?.slots[slot];
  return (f) => slotOf(f, { hops, slot });
}

/** What stands in a slot, some frames out. */
export function slotOf(frame: Frame, { hops, slot }: { hops: number; slot: number }): unknown {
  let at: Frame | undefined = frame;
  for (let i = 0; i < hops; i++) at = at?.parent;
  return at?.slots[slot];
}

// Jinja2 gives the plain kind here, whatever the environment's is: a condition without `else` prints nothing.
function noElse(line: number): Evaluate {
  const hint = `the inline if-expression on line ${line} evaluated to false and no else section was defined.`;
  return () => new Undefined("Undefined", { hint });
}

function joined(values: readonly unknown[], autoescape: boolean): unknown {
  if (autoescape && values.some((v) => v instanceof Markup))
    return new Markup(values.map((v) => escaped(v).text).join(""));
  let out = "";
  for (const value of values) out = binary("+", out, str(value)) as string;
  return out;
}

function addKwargs(kwargs: Map<string, unknown>, more: unknown): void {
  if (!(more instanceof PyDict)) {
    if (more instanceof Undefined) for (const _ of iterate(more)) break;
    throw typeError(`argument after ** must be a mapping, not ${typeName(more)}`);
  }
  for (const [key, value] of more.items()) {
    const name = textOf(key);
    if (name === undefined) throw typeError("keywords must be strings");
    if (kwargs.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
    kwargs.set(name, value);
  }
}
