import {
  iterate,
  type Kwargs,
  MISSING,
  PyDict,
  PyTuple,
  spend,
  str,
  truth,
  unpack,
} from "../../../src/python/values/index.ts";
import type {
  BlockNode,
  CallBlockNode,
  Expression,
  ForNode,
  FromImportNode,
  IfNode,
  ImportNode,
  IncludeNode,
  Signature,
  Statement,
  WithNode,
} from "./ast.ts";
import { ExpressionCompiler, type Place, slotOf } from "./compile-expressions.ts";
import type { Environment } from "./environment.ts";
import { TemplateAssertionError, TemplateNotFound, TemplateRuntimeError } from "./errors.ts";
import { type BlockCode, BREAK, CONTINUE, type Evaluate, type Execute, Frame, NORMAL } from "./frame.ts";
import { LoopContext } from "./loop-context.ts";
import { Macro, type MacroShape, type MacroSpecials } from "./macro.ts";
import { escapeText, Markup } from "./markup.ts";
import { namesUsed } from "./names-used.ts";
import { Namespace } from "./namespace.ts";
import { Scope, targetNames, Unit } from "./scope.ts";
import type { Template } from "./template.ts";

/** A template as closures. */
export interface TemplateCode {
  readonly root: Execute;
  /** Slots of the root's frame. */
  size(): number;
  readonly blocks: ReadonlyMap<string, BlockCode>;
}

/** Compiles a template's tree. Throws TemplateSyntaxError for what can be seen to be wrong. */
export function compileTemplate(
  environment: Environment,
  template: Template,
  tree: readonly Statement[],
): TemplateCode {
  return new StatementCompiler(environment, template, tree).compile();
}

interface StatementPlace extends Place {
  /** Directly in the template's root, or in an `if` there. */
  readonly toplevel: boolean;
  /** Directly in the template's root. */
  readonly rootlevel: boolean;
  /** Output here vanishes once the template extends another. */
  readonly checksOutput: boolean;
}

type Assign = (frame: Frame, value: unknown) => void;

class StatementCompiler extends ExpressionCompiler {
  readonly #template: Template;
  readonly #tree: readonly Statement[];
  readonly #blocks: Map<string, BlockCode> = new Map();
  #extendsSeen = 0;
  #extendsKnown = false;
  #extendsAnywhere = false;

  constructor(environment: Environment, template: Template, tree: readonly Statement[]) {
    super(environment);
    this.#template = template;
    this.#tree = tree;
  }

  compile(): TemplateCode {
    const nodes = blocksIn(this.#tree);
    const names = new Set<string>();
    for (const node of nodes) {
      if (names.has(node.name)) {
        throw new TemplateAssertionError(`block '${node.name}' defined twice`, node.line, node.at);
      }
      names.add(node.name);
    }
    this.#extendsAnywhere = hasExtends(this.#tree);
    const unit = new Unit(undefined);
    const { autoescape } = this.environment.options;
    const place = { autoescape, soft: false, block: undefined };
    const root = this.#body(this.#tree, {
      ...place,
      scope: new Scope(unit, undefined, true),
      toplevel: true,
      rootlevel: true,
      checksOutput: this.#extendsAnywhere,
    });
    for (const node of nodes) this.#blocks.set(node.name, this.#blockCode(node));
    return { root, size: () => unit.size, blocks: this.#blocks };
  }

  #blockCode(node: BlockNode): BlockCode {
    const unit = new Unit(undefined);
    const scope = new Scope(unit, undefined);
    scope.declareStores(node.body);
    const template = this.#template;
    let body: Execute = () => NORMAL;
    const code: BlockCode = {
      run(context) {
        const frame = new Frame(unit.size, undefined, context);
        context.run.deeper(() => template.guard(context.run, () => body(frame)));
      },
    };
    const { autoescape } = this.environment.options;
    const block = { name: node.name, code };
    body = this.#body(node.body, {
      scope,
      autoescape,
      soft: false,
      block,
      toplevel: false,
      rootlevel: false,
      checksOutput: false,
    });
    return code;
  }

  #body(statements: readonly Statement[], place: StatementPlace): Execute {
    const steps: Execute[] = [];
    for (const statement of statements) {
      const step = this.#statement(statement, place);
      if (step) steps.push(step);
    }
    const [first, second, third] = steps;
    if (!first) return () => NORMAL;
    if (!second) return first;
    if (!third) return (f) => first(f) || second(f);
    if (steps.length === 3) return (f) => first(f) || second(f) || third(f);
    return (f) => {
      for (const step of steps) {
        const signal = step(f);
        if (signal !== NORMAL) return signal;
      }
      return NORMAL;
    };
  }

  #statement(node: Statement, place: StatementPlace): Execute | undefined {
    switch (node.kind) {
      case "data":
      case "output":
        return this.#output(node, place);
      case "for":
        return this.#for(node, place);
      case "if":
        return this.#if(node, place);
      case "macro": {
        const make = this.#macro(node.name, node.signature, node.body, place, node);
        const assign = this.#assignName(node.name, place);
        return (f) => {
          assign(f, make(f));
          return NORMAL;
        };
      }
      case "callblock":
        return this.#callBlock(node, place);
      case "filterblock": {
        const inner = this.#inner(place, node.body);
        const body = this.#body(node.body, inner.place);
        const text = this.#captured(body, inner.reset, place);
        const value = this.filter(node.filter, place, text);
        return (f) => {
          f.run.at = node.at;
          f.run.write(str(value(f)));
          return NORMAL;
        };
      }
      case "with":
        return this.#with(node, place);
      case "block":
        return this.#blockCall(node, place);
      case "extends":
        return this.#extends(node, place);
      case "include":
        return this.#include(node, place);
      case "import":
        return this.#import(node, place);
      case "fromimport":
        return this.#fromImport(node, place);
      case "set": {
        const value = this.expression(node.node, place);
        const assign = this.#assign(node.target, place);
        return (f) => {
          f.run.at = node.at;
          assign(f, value(f));
          return NORMAL;
        };
      }
      case "setblock": {
        const inner = this.#inner(place, node.body);
        const body = this.#body(node.body, { ...inner.place, checksOutput: false });
        const text = this.#captured(body, inner.reset, place);
        const value = node.filter ? this.filter(node.filter, place, text) : text;
        const assign = this.#assign(node.target, place);
        const { autoescape } = place;
        return (f) => {
          f.run.at = node.at;
          const result = value(f);
          const safe = (autoescape ?? f.context.autoescape) && !(result instanceof Markup);
          assign(f, safe ? new Markup(str(result)) : result);
          return NORMAL;
        };
      }
      case "autoescape":
        return this.#autoescape(node, place);
      case "do": {
        const value = this.expression(node.node, place);
        return (f) => {
          f.run.at = node.at;
          value(f);
          return NORMAL;
        };
      }
      case "break":
        return () => BREAK;
      case "continue":
        return () => CONTINUE;
    }
  }

  #output(node: Extract<Statement, { kind: "data" | "output" }>, place: StatementPlace): Execute | undefined {
    if (place.checksOutput && this.#extendsKnown) return undefined;
    const write = node.kind === "data" ? writeData(node.text) : this.#print(node.node, node.at, place);
    if (!place.checksOutput) return write;
    return (f) => (isExtended(f) ? NORMAL : write(f));
  }

  #print(node: Expression, at: number, place: StatementPlace): Execute {
    const value = this.expression(node, place);
    const { autoescape } = place;
    if (autoescape === false) {
      return (f) => {
        f.run.at = at;
        const result = value(f);
        f.run.write(typeof result === "string" ? result : str(result));
        return NORMAL;
      };
    }
    return (f) => {
      f.run.at = at;
      const result = value(f);
      const escapes = (autoescape ?? f.context.autoescape) && !(result instanceof Markup);
      f.run.write(escapes ? escapeText(str(result)) : str(result));
      return NORMAL;
    };
  }

  /** A scope inside this one for a body, and what empties it before each use. */
  #inner(
    place: StatementPlace,
    body: readonly Statement[],
  ): { place: StatementPlace; reset: readonly number[] } {
    const scope = place.scope.inner();
    const reset = scope.declareStores(body);
    return { place: { ...place, scope, toplevel: false, rootlevel: false, soft: false }, reset };
  }

  #captured(body: Execute, reset: readonly number[], place: Place): Evaluate {
    const { autoescape } = place;
    return (f) => {
      empty(f, reset);
      const text = f.run.captured(() => body(f));
      return (autoescape ?? f.context.autoescape) ? new Markup(text) : text;
    };
  }

  #if(node: IfNode, place: StatementPlace): Execute {
    const soft = { ...place, soft: true, rootlevel: false };
    const branches = node.branches.map((b) => ({
      at: b.test.at,
      test: this.expression(b.test, soft),
      body: this.#body(b.body, soft),
    }));
    const otherwise = this.#body(node.otherwise, soft);
    return (f) => {
      for (const { at, test, body } of branches) {
        f.run.at = at;
        if (truth(test(f))) return body(f);
      }
      return otherwise(f);
    };
  }

  #for(node: ForNode, place: StatementPlace): Execute {
    if (targetNames(node.target).includes("loop")) {
      throw new TemplateAssertionError(
        "Can't assign to special loop variable in for-loop target",
        node.target.line,
        node.target.at,
      );
    }
    const items = this.expression(node.iter, place);
    const unit = node.recursive ? new Unit(place.scope) : place.scope.unit;
    const newScope = () => (node.recursive ? new Scope(unit, undefined) : place.scope.inner());
    const inner: StatementPlace = {
      ...place,
      toplevel: false,
      rootlevel: false,
      soft: false,
      scope: newScope(),
    };
    const { scope } = inner;
    for (const name of targetNames(node.target)) scope.declare(name, true);
    const extended =
      node.recursive ||
      namesUsed(node.body, ["loop"]).has("loop") ||
      blocksIn(node.body).some((b) => b.scoped);
    const loopSlot = extended ? scope.declare("loop", true) : undefined;
    const reset = scope.declareStores(node.body);
    const assign = this.#assign(node.target, inner);
    const filter = this.#loopFilter(node, { ...inner, scope: newScope() });
    const body = this.#body(node.body, inner);
    const last = this.#inner(place, node.otherwise);
    const otherwise = this.#body(node.otherwise, last.place);
    const { environment } = this;

    const round = (f: Frame, item: unknown) => {
      spend();
      assign(f, item);
      empty(f, reset);
      return body(f);
    };

    const plain = (f: Frame, value: unknown): boolean => {
      let finished = false;
      for (const item of filter ? filter(f, value) : iterate(value)) {
        const signal = round(f, item);
        if (signal === BREAK) break;
        if (signal === NORMAL) finished = true;
      }
      return finished;
    };

    const extendedLoop = (outer: Frame, value: unknown, depth: number): boolean => {
      const f = node.recursive ? new Frame(unit.size, outer, outer.context) : outer;
      const source = filter ? filter(f, value) : iterate(value);
      const recurse = node.recursive
        ? (more: unknown, deeper: number) => this.#recursed(outer, () => run(outer, more, deeper), place)
        : undefined;
      const loop = new LoopContext(environment, filter ? MISSING : value, source, depth, recurse);
      let finished = false;
      for (let item = loop.advance(); item !== MISSING; item = loop.advance()) {
        if (loopSlot !== undefined) f.slots[loopSlot] = loop;
        const signal = round(f, item);
        if (signal === BREAK) break;
        if (signal === NORMAL) finished = true;
      }
      return finished;
    };

    const run = (f: Frame, value: unknown, depth: number) => {
      const finished = extended ? extendedLoop(f, value, depth) : plain(f, value);
      if (finished || node.otherwise.length === 0) return NORMAL;
      empty(f, last.reset);
      return otherwise(f);
    };
    return (f) => {
      f.run.at = node.iter.at;
      return run(f, items(f), 0);
    };
  }

  #recursed(f: Frame, loop: () => unknown, place: Place): unknown {
    const text = f.run.deeper(() => f.run.captured(() => loop()));
    return (place.autoescape ?? f.context.autoescape) ? new Markup(text) : text;
  }

  /** The items that pass the loop's own condition. Its variables are its own: the loop may look ahead. */
  #loopFilter(
    node: ForNode,
    place: StatementPlace,
  ): ((f: Frame, value: unknown) => Iterable<unknown>) | undefined {
    if (!node.test) return undefined;
    for (const name of targetNames(node.target)) place.scope.declare(name, true);
    const assign = this.#assign(node.target, place);
    const test = this.expression(node.test, place);
    return function* (f, value) {
      for (const item of iterate(value)) {
        spend();
        assign(f, item);
        if (truth(test(f))) yield item;
      }
    };
  }

  #assign(target: Expression, place: StatementPlace): Assign {
    if (target.kind === "name") return this.#assignName(target.name, place);
    if (target.kind === "nsref") {
      const owner = this.name(target.name, place);
      const { attr } = target;
      return (f, value) => {
        const namespace = owner(f);
        if (!(namespace instanceof Namespace)) {
          throw new TemplateRuntimeError("cannot assign attribute on non-namespace object");
        }
        namespace.setAttribute(attr, value);
      };
    }
    if (target.kind !== "tuple") {
      throw new TemplateAssertionError(`can't assign to '${target.kind}'`, target.line, target.at);
    }
    const parts = target.items.map((item) => this.#assign(item, place));
    return (f, value) => {
      const values = unpack(value, parts.length);
      parts.forEach((assign, i) => {
        assign(f, values[i]);
      });
    };
  }

  #assignName(name: string, place: StatementPlace): Assign {
    const slot = place.scope.own(name);
    if (slot !== undefined) {
      return (f, value) => {
        f.slots[slot] = value;
      };
    }
    const exported = !name.startsWith("_");
    return (f, value) => {
      f.context.vars.set(name, value);
      if (exported) f.context.exported.add(name);
    };
  }

  #macro(
    name: string | undefined,
    signature: Signature,
    statements: readonly Statement[],
    place: StatementPlace,
    at: { line: number; at: number },
  ): (f: Frame) => Macro {
    const unit = new Unit(place.scope);
    const scope = new Scope(unit, undefined);
    const params = signature.params.map((p) => p.name);
    const slots = params.map((p) => scope.declare(p, true));
    const used = namesUsed(statements, ["caller", "kwargs", "varargs"]);
    const explicitCaller = params.indexOf("caller");
    if (
      used.has("caller") &&
      explicitCaller >= 0 &&
      explicitCaller < params.length - signature.defaults.length
    ) {
      throw new TemplateAssertionError(
        'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
        at.line,
        at.at,
      );
    }
    const special = (wanted: string) =>
      used.has(wanted) && !params.includes(wanted) ? scope.declare(wanted, true) : undefined;
    const [callerSlot, kwargsSlot, varargsSlot] = [special("caller"), special("kwargs"), special("varargs")];
    scope.declareStores(statements);
    const inner: StatementPlace = {
      ...place,
      scope,
      toplevel: false,
      rootlevel: false,
      soft: false,
      checksOutput: false,
    };
    const defaults = signature.defaults.map((d) => this.expression(d, inner));
    const firstDefault = params.length - defaults.length;
    const body = this.#body(statements, inner);
    const shape: MacroShape = {
      name,
      params,
      catchesKwargs: kwargsSlot !== undefined,
      catchesVarargs: varargsSlot !== undefined,
      caller: used.has("caller"),
      explicitCaller: explicitCaller >= 0,
    };
    const { environment } = this;
    const template = this.#template;

    const enter = (outer: Frame, args: readonly unknown[], specials: MacroSpecials) => {
      const f = new Frame(unit.size, outer, outer.context);
      if (callerSlot !== undefined) f.slots[callerSlot] = specials.caller;
      if (kwargsSlot !== undefined) f.slots[kwargsSlot] = new PyDict(specials.kwargs);
      if (varargsSlot !== undefined) f.slots[varargsSlot] = new PyTuple(specials.varargs);
      template.guard(f.run, () => {
        slots.forEach((slot, i) => {
          const given = args[i];
          const fallback = defaults[i - firstDefault];
          const param = params[i] ?? "";
          f.slots[slot] =
            given !== MISSING
              ? given
              : fallback
                ? fallback(f)
                : environment.undefined({ hint: `parameter '${param}' was not provided`, name: param });
        });
        return body(f);
      });
    };
    const escapes = environment.options.autoescape;
    return (outer) =>
      new Macro(
        environment,
        outer.run,
        shape,
        (args, specials) => enter(outer, args, specials),
        () => escapes,
      );
  }

  #callBlock(node: CallBlockNode, place: StatementPlace): Execute {
    const caller = this.#macro("caller", node.signature, node.body, place, node);
    const extra = (f: Frame): Kwargs => new Map([["caller", caller(f)]]);
    const value = this.call(node.call, place, extra);
    return (f) => {
      f.run.at = node.at;
      f.run.write(str(value(f)));
      return NORMAL;
    };
  }

  #with(node: WithNode, place: StatementPlace): Execute {
    const values = node.pairs.map(([, value]) => this.expression(value, place));
    const scope = place.scope.inner();
    for (const [target] of node.pairs) for (const name of targetNames(target)) scope.declare(name, true);
    const reset = scope.declareStores(node.body);
    const inner = { ...place, scope, toplevel: false, rootlevel: false, soft: false };
    const assigns = node.pairs.map(([target]) => this.#assign(target, inner));
    const body = this.#body(node.body, inner);
    return (f) => {
      f.run.at = node.at;
      const results = values.map((value) => value(f));
      empty(f, reset);
      assigns.forEach((assign, i) => {
        assign(f, results[i]);
      });
      return body(f);
    };
  }

  #autoescape(node: Extract<Statement, { kind: "autoescape" }>, place: StatementPlace): Execute {
    const value = this.expression(node.node, place);
    const fixed = node.node.kind === "const" ? truth(node.node.value) : undefined;
    const inner = this.#inner(place, node.body);
    const body = this.#body(node.body, { ...inner.place, autoescape: fixed });
    return (f) => {
      f.run.at = node.at;
      const outer = f.context.autoescape;
      f.context.autoescape = truth(value(f));
      empty(f, inner.reset);
      const signal = body(f);
      f.context.autoescape = outer;
      return signal;
    };
  }

  #blockCall(node: BlockNode, place: StatementPlace): Execute | undefined {
    if (place.toplevel && this.#extendsKnown) return undefined;
    const checks = place.toplevel && this.#extendsSeen > 0;
    const locals = node.scoped ? this.#locals(place.scope) : undefined;
    const { name, required } = node;
    return (f) => {
      if (checks && isExtended(f)) return NORMAL;
      f.run.at = node.at;
      const versions = f.context.blocks.get(name) ?? [];
      if (required && versions.length <= 1)
        throw new TemplateRuntimeError(`Required block '${name}' not found`);
      versions[0]?.run(locals ? f.context.derived(locals(f)) : f.context);
      return NORMAL;
    };
  }

  #extends(node: Extract<Statement, { kind: "extends" }>, place: StatementPlace): Execute {
    if (!place.toplevel) {
      throw new TemplateAssertionError("cannot use extend from a non top-level scope", node.line, node.at);
    }
    this.#extendsSeen++;
    if (place.rootlevel) this.#extendsKnown = true;
    const value = this.expression(node.template, place);
    const { environment } = this;
    return (f) => {
      f.run.at = node.at;
      if (f.extended) throw new TemplateRuntimeError("extended multiple times");
      const parent = environment.templateOf(value(f));
      for (const [name, code] of parent.blocks) {
        const versions = f.context.blocks.get(name);
        if (versions) versions.push(code);
        else f.context.blocks.set(name, [code]);
      }
      f.extended = parent;
      return NORMAL;
    };
  }

  #locals(scope: Scope): (f: Frame) => ReadonlyMap<string, unknown> {
    const names = scope.visible().map((name) => [name, scope.find(name)] as const);
    return (f) => {
      const locals = new Map<string, unknown>();
      for (const [name, references] of names) {
        for (const reference of references) {
          const value = slotOf(f, reference);
          if (value === undefined) continue;
          locals.set(name, value);
          break;
        }
      }
      return locals;
    };
  }

  #include(node: IncludeNode, place: StatementPlace): Execute {
    const value = this.expression(node.template, place);
    const locals = this.#locals(place.scope);
    const { environment } = this;
    return (f) => {
      f.run.at = node.at;
      let template: Template;
      try {
        const wanted = value(f);
        const list = wanted instanceof PyTuple ? [...wanted.items] : wanted;
        template = environment.templateOf(list, true);
      } catch (error) {
        if (node.ignoreMissing && error instanceof TemplateNotFound) return NORMAL;
        throw error;
      }
      const layers = node.withContext ? f.context.snapshot(locals(f)) : [environment.globals];
      template.include(f.run, layers);
      return NORMAL;
    };
  }

  #import(node: ImportNode, place: StatementPlace): Execute {
    const load = this.#module(node, place);
    const assign = this.#assignName(node.target, place);
    return (f) => {
      f.run.at = node.at;
      assign(f, load(f));
      // What a template imports, it does not hand on.
      if (place.toplevel) f.context.exported.delete(node.target);
      return NORMAL;
    };
  }

  #module(node: ImportNode | FromImportNode, place: StatementPlace) {
    const value = this.expression(node.template, place);
    const locals = this.#locals(place.scope);
    const { environment } = this;
    return (f: Frame) => {
      const template = environment.templateOf(value(f));
      return node.withContext
        ? template.module(f.run, f.context.snapshot(locals(f)))
        : template.plainModule(f.run);
    };
  }

  #fromImport(node: FromImportNode, place: StatementPlace): Execute {
    const load = this.#module(node, place);
    const assigns = node.names.map(([name, alias]) => ({
      name,
      alias,
      assign: this.#assignName(alias, place),
    }));
    const { environment } = this;
    const own = this.#template.name;
    const position = `line ${node.line}${own === undefined ? "" : ` in '${own}'`}`;
    return (f) => {
      f.run.at = node.at;
      const module = load(f);
      for (const { name, alias, assign } of assigns) {
        const found = module.attribute(name);
        const missing = () => {
          const source = str(module.attribute("__name__"));
          const hint = `the template '${source}' (imported on ${position}) does not export the requested name '${name}'`;
          return environment.undefined({ hint, name });
        };
        assign(f, found === MISSING ? missing() : found);
        if (place.toplevel) f.context.exported.delete(alias);
      }
      return NORMAL;
    };
  }
}

function writeData(text: string): Execute {
  return (f) => {
    f.run.write(text);
    return NORMAL;
  };
}

function empty(f: Frame, slots: readonly number[]): void {
  for (const slot of slots) f.slots[slot] = undefined;
}

function isExtended(frame: Frame): boolean {
  for (let f: Frame | undefined = frame; f; f = f.parent) if (f.extended) return true;
  return false;
}

/** All blocks in some statements, however deep. */
function blocksIn(statements: readonly Statement[]): BlockNode[] {
  return statements.flatMap((statement) => {
    const inner = bodiesOf(statement).flatMap(blocksIn);
    return statement.kind === "block" ? [statement, ...inner] : inner;
  });
}

function hasExtends(statements: readonly Statement[]): boolean {
  return statements.some((s) => s.kind === "extends" || bodiesOf(s).some(hasExtends));
}

function bodiesOf(statement: Statement): (readonly Statement[])[] {
  if (statement.kind === "if") return [...statement.branches.map((b) => b.body), statement.otherwise];
  if (statement.kind === "for") return [statement.body, statement.otherwise];
  return "body" in statement ? [statement.body] : [];
}
