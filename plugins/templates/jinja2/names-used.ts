import type { Arguments, Expression, Statement } from "./ast.ts";
import { targetNames } from "./scope.ts";

/**
 * Which of `names` the statements read without having assigned them before, in text order; looks into everything but blocks.
 * Tells whether a macro wants `caller`, `kwargs` or `varargs`, and a loop its `loop`.
 */
export function namesUsed(statements: readonly Statement[], names: readonly string[]): Set<string> {
  const search = new Search(names);
  search.statements(statements);
  return search.found;
}

class Search {
  readonly found = new Set<string>();
  readonly #wanted: Set<string>;

  constructor(names: readonly string[]) {
    this.#wanted = new Set(names);
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) this.#statement(statement);
  }

  #assign(target: Expression): void {
    for (const name of targetNames(target)) this.#wanted.delete(name);
  }

  #statement(node: Statement): void {
    switch (node.kind) {
      case "output":
      case "do":
        this.#expression(node.node);
        return;
      case "set":
        this.#assign(node.target);
        this.#expression(node.node);
        return;
      case "setblock":
        this.#assign(node.target);
        if (node.filter) this.#expression(node.filter);
        this.statements(node.body);
        return;
      case "for":
        this.#assign(node.target);
        this.#expression(node.iter);
        this.statements(node.body);
        this.statements(node.otherwise);
        if (node.test) this.#expression(node.test);
        return;
      case "if":
        for (const branch of node.branches) {
          this.#expression(branch.test);
          this.statements(branch.body);
        }
        this.statements(node.otherwise);
        return;
      case "macro":
        for (const param of node.signature.params) this.#wanted.delete(param.name);
        for (const value of node.signature.defaults) this.#expression(value);
        this.statements(node.body);
        return;
      case "callblock":
        this.#expression(node.call);
        for (const param of node.signature.params) this.#wanted.delete(param.name);
        for (const value of node.signature.defaults) this.#expression(value);
        this.statements(node.body);
        return;
      case "filterblock":
        this.statements(node.body);
        this.#expression(node.filter);
        return;
      case "with":
        for (const [target, value] of node.pairs) {
          this.#assign(target);
          this.#expression(value);
        }
        this.statements(node.body);
        return;
      case "autoescape":
        this.#expression(node.node);
        this.statements(node.body);
        return;
      case "extends":
      case "include":
      case "import":
      case "fromimport":
        this.#expression(node.template);
        return;
    }
  }

  #arguments({ args, kwargs, dynArgs, dynKwargs }: Arguments): void {
    for (const arg of args) this.#expression(arg);
    for (const [, value] of kwargs) this.#expression(value);
    if (dynArgs) this.#expression(dynArgs);
    if (dynKwargs) this.#expression(dynKwargs);
  }

  #expression(node: Expression): void {
    switch (node.kind) {
      case "name":
        if (this.#wanted.has(node.name)) this.found.add(node.name);
        return;
      case "tuple":
      case "list":
      case "concat":
        for (const item of node.items) this.#expression(item);
        return;
      case "dict":
        for (const [key, value] of node.pairs) {
          this.#expression(key);
          this.#expression(value);
        }
        return;
      case "getattr":
      case "unary":
      case "not":
        this.#expression(node.node);
        return;
      case "getitem":
        this.#expression(node.node);
        this.#expression(node.key);
        return;
      case "slice":
        for (const part of [node.start, node.stop, node.step]) if (part) this.#expression(part);
        return;
      case "call":
        this.#expression(node.callee);
        this.#arguments(node.arguments);
        return;
      case "filter":
      case "test":
        if (node.node) this.#expression(node.node);
        this.#arguments(node.arguments);
        return;
      case "binary":
      case "and":
      case "or":
        this.#expression(node.left);
        this.#expression(node.right);
        return;
      case "compare":
        this.#expression(node.first);
        for (const { node: operand } of node.rest) this.#expression(operand);
        return;
      case "condition":
        this.#expression(node.test);
        this.#expression(node.yes);
        if (node.no) this.#expression(node.no);
    }
  }
}
