import { iterate, MISSING, spend, str, truth } from "../../../src/python/values/index.ts";
import type { BlockNode, Expression, ForNode, IfNode, Statement, WithNode } from "./ast.ts";
import { empty, type StatementPlace } from "./compile-assignments.ts";
import type { Place } from "./compile-expressions.ts";
import { MacroCompiler } from "./compile-macros.ts";
import type { Environment } from "./environment.ts";
import { TemplateAssertionError, TemplateRuntimeError } from "./errors.ts";
import { type BlockCode, BREAK, CONTINUE, type Evaluate, type Execute, Frame, NORMAL } from "./frame.ts";
import { LoopContext } from "./loop-context.ts";
import { escapeText, Markup } from "./markup.ts";
import { namesUsed } from "./names-used.ts";
import { Scope, targetNames, Unit } from "./scope.ts";
import type { Template } from "./template.ts";
import { blocksIn, hasExtends } from "./template-tree.ts";

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

class StatementCompiler extends MacroCompiler {
  readonly #tree: readonly Statement[];
  readonly #blocks: Map<string, BlockCode> = new Map();
  #extendsSeen = 0;
  #extendsKnown = false;
  #extendsAnywhere = false;

  constructor(environment: Environment, template: Template, tree: readonly Statement[]) {
    super(environment, template);
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
    const rootScope = new Scope(unit, undefined, true);
    rootScope.declareStores(this.#tree);
    const root = this.body(this.#tree, {
      ...place,
      scope: rootScope,
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
    const template = this.template;
    let body: Execute = () => NORMAL;
    const code: BlockCode = {
      run(context) {
        const frame = new Frame(unit.size, undefined, context);
        context.run.deeper(() => template.guard(context.run, () => body(frame)));
      },
    };
    const { autoescape } = this.environment.options;
    const block = { name: node.name, code };
    body = this.body(node.body, {
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

  protected override body(statements: readonly Statement[], place: StatementPlace): Execute {
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
        const make = this.macro(node.name, node.signature, node.body, place, node);
        const assign = this.assignName(node.name, place);
        return (f) => {
          assign(f, make(f));
          return NORMAL;
        };
      }
      case "callblock":
        return this.callBlock(node, place);
      case "filterblock": {
        const inner = this.#inner(place, node.body);
        const body = this.body(node.body, inner.place);
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
        return this.include(node, place);
      case "import":
        return this.importTemplate(node, place);
      case "fromimport":
        return this.fromImport(node, place);
      case "set": {
        const value = this.expression(node.node, place);
        const assign = this.assign(node.target, place);
        return (f) => {
          f.run.at = node.at;
          assign(f, value(f));
          return NORMAL;
        };
      }
      case "setblock": {
        const inner = this.#inner(place, node.body);
        const body = this.body(node.body, { ...inner.place, checksOutput: false });
        const text = this.#captured(body, inner.reset, place);
        const value = node.filter ? this.filter(node.filter, place, text) : text;
        const assign = this.assign(node.target, place);
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
      body: this.body(b.body, soft),
    }));
    const otherwise = this.body(node.otherwise, soft);
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
    const assign = this.assign(node.target, inner);
    const filter = this.#loopFilter(node, { ...inner, scope: newScope() });
    const body = this.body(node.body, inner);
    const last = this.#inner(place, node.otherwise);
    const otherwise = this.body(node.otherwise, last.place);
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
    const assign = this.assign(node.target, place);
    const test = this.expression(node.test, place);
    return function* (f, value) {
      for (const item of iterate(value)) {
        spend();
        assign(f, item);
        if (truth(test(f))) yield item;
      }
    };
  }

  #with(node: WithNode, place: StatementPlace): Execute {
    const values = node.pairs.map(([, value]) => this.expression(value, place));
    const scope = place.scope.inner();
    for (const [target] of node.pairs) for (const name of targetNames(target)) scope.declare(name, true);
    const reset = scope.declareStores(node.body);
    const inner = { ...place, scope, toplevel: false, rootlevel: false, soft: false };
    const assigns = node.pairs.map(([target]) => this.assign(target, inner));
    const body = this.body(node.body, inner);
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
    const body = this.body(node.body, { ...inner.place, autoescape: fixed });
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
    const locals = node.scoped ? this.locals(place.scope) : undefined;
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
}

function writeData(text: string): Execute {
  return (f) => {
    f.run.write(text);
    return NORMAL;
  };
}

function isExtended(frame: Frame): boolean {
  for (let f: Frame | undefined = frame; f; f = f.parent) if (f.extended) return true;
  return false;
}
