import { type BinaryOperator, float, parseInteger, repr } from "../../../src/python/values/index.ts";
import type { Arguments, CallNode, CompareOperator, Expression, FilterNode, NameNode } from "./ast.ts";
import type { TokenStream } from "./token-stream.ts";
import { describeToken } from "./tokens.ts";

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);
const COMPARE: ReadonlyMap<string, CompareOperator> = new Map([
  ["eq", "=="],
  ["ne", "!="],
  ["lt", "<"],
  ["lteq", "<="],
  ["gt", ">"],
  ["gteq", ">="],
]);
const SUM: ReadonlyMap<string, BinaryOperator> = new Map([
  ["add", "+"],
  ["sub", "-"],
]);
const PRODUCT: ReadonlyMap<string, BinaryOperator> = new Map([
  ["mul", "*"],
  ["div", "/"],
  ["floordiv", "//"],
  ["mod", "%"],
]);
const POWER: ReadonlyMap<string, BinaryOperator> = new Map([["pow", "**"]]);
const NO_ARGUMENTS: Arguments = { args: [], kwargs: [], dynArgs: undefined, dynKwargs: undefined };
const TEST_ARGUMENT = ["name", "string", "integer", "float", "lparen", "lbracket", "lbrace"];

interface TupleRules {
  /** Only plain values: what may stand left of `=`. */
  readonly simplified?: boolean;
  readonly conditions?: boolean;
  readonly ends?: readonly string[];
  readonly parenthesized?: boolean;
  readonly namespace?: boolean;
}

/** Parses Jinja2 expressions, loosest binding first. */
export class ExpressionParser {
  protected readonly stream: TokenStream;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  expression(conditions = true): Expression {
    return this.stream.nested(() => (conditions ? this.#condition() : this.#or()));
  }

  /** An expression, or several with commas: a tuple. */
  tuple(rules: TupleRules = {}): Expression {
    const { line, at } = this.stream.current;
    const parse = rules.simplified
      ? () => this.primary(rules.namespace)
      : () => this.expression(rules.conditions ?? true);
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.stream.expect("comma");
      if (this.#tupleEnds(rules.ends)) break;
      items.push(parse());
      if (!this.stream.test("comma")) break;
      isTuple = true;
    }
    if (!isTuple) {
      const [only] = items;
      if (only) return only;
      if (!rules.parenthesized) {
        this.stream.fail(`Expected an expression, got ${repr(describeToken(this.stream.current))}`);
      }
    }
    return { kind: "tuple", items, line, at };
  }

  #tupleEnds(ends: readonly string[] = []): boolean {
    return this.stream.test("variable_end", "block_end", "rparen", ...ends);
  }

  /** What may be assigned to. */
  assignTarget(rules: { ends?: readonly string[]; namespace?: boolean } = {}): Expression {
    const target = this.tuple({ simplified: true, ...rules });
    this.#checkAssignable(target);
    return target;
  }

  #checkAssignable(target: Expression): void {
    if (target.kind === "name" || target.kind === "nsref") return;
    if (target.kind === "tuple" && target.items.every((i) => ["name", "nsref", "tuple"].includes(i.kind))) {
      for (const item of target.items) this.#checkAssignable(item);
      return;
    }
    this.stream.fail(`can't assign to '${target.kind}'`, target);
  }

  /** A single name that is assigned to. */
  assignName(): NameNode {
    const { value, line, at } = this.stream.expect("name");
    if (CONSTANTS.has(value)) this.stream.fail("can't assign to 'name'", { line, at });
    return { kind: "name", name: value, line, at };
  }

  #condition(): Expression {
    const { line, at } = this.stream.current;
    let node = this.#or();
    while (this.stream.skipIf("name:if")) {
      const test = this.#or();
      const otherwise = this.stream.skipIf("name:else")
        ? this.stream.nested(() => this.#condition())
        : undefined;
      node = { kind: "condition", test, yes: node, no: otherwise, line, at };
    }
    return node;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.stream.skipIf("name:or")) left = { ...place(left), kind: "or", left, right: this.#and() };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.stream.skipIf("name:and")) left = { ...place(left), kind: "and", left, right: this.#not() };
    return left;
  }

  #not(): Expression {
    const { line, at } = this.stream.current;
    if (!this.stream.skipIf("name:not")) return this.#compare();
    return { kind: "not", node: this.stream.nested(() => this.#not()), line, at };
  }

  #compare(): Expression {
    const first = this.#sum();
    const rest: { operator: CompareOperator; node: Expression }[] = [];
    for (;;) {
      const operator = this.#compareOperator();
      if (!operator) break;
      rest.push({ operator, node: this.#sum() });
    }
    return rest.length === 0 ? first : { ...place(first), kind: "compare", first, rest };
  }

  #compareOperator(): CompareOperator | undefined {
    const symbol = COMPARE.get(this.stream.current.type);
    if (symbol) {
      this.stream.next();
      return symbol;
    }
    if (this.stream.skipIf("name:in")) return "in";
    const { following } = this.stream;
    if (this.stream.test("name:not") && following.type === "name" && following.value === "in") {
      this.stream.next();
      this.stream.next();
      return "not in";
    }
    return undefined;
  }

  #chain(operators: ReadonlyMap<string, BinaryOperator>, operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.get(this.stream.current.type);
      if (!operator) return left;
      this.stream.next();
      left = { ...place(left), kind: "binary", operator, left, right: operand() };
    }
  }

  #sum(): Expression {
    return this.#chain(SUM, () => this.#concat());
  }

  #concat(): Expression {
    const first = this.#product();
    if (!this.stream.test("tilde")) return first;
    const items = [first];
    while (this.stream.skipIf("tilde")) items.push(this.#product());
    return { ...place(first), kind: "concat", items };
  }

  #product(): Expression {
    return this.#chain(PRODUCT, () => this.#chain(POWER, () => this.#unary(true)));
  }

  #unary(filters: boolean): Expression {
    const { type, line, at } = this.stream.current;
    let node: Expression;
    if (type === "sub" || type === "add") {
      this.stream.next();
      const inner = this.stream.nested(() => this.#unary(false));
      node = { kind: "unary", operator: type === "sub" ? "-" : "+", node: inner, line, at };
    } else node = this.primary();
    node = this.#postfix(node);
    return filters ? this.#filters(node) : node;
  }

  primary(namespace = false): Expression {
    const token = this.stream.current;
    const { line, at } = token;
    switch (token.type) {
      case "name":
        this.stream.next();
        if (CONSTANTS.has(token.value)) return { kind: "const", value: CONSTANTS.get(token.value), line, at };
        if (namespace && this.stream.skipIf("dot")) {
          return { kind: "nsref", name: token.value, attr: this.stream.expect("name").value, line, at };
        }
        return { kind: "name", name: token.value, line, at };
      case "string": {
        let value = "";
        while (this.stream.test("string")) value += this.stream.next().value;
        return { kind: "const", value, line, at };
      }
      case "integer":
        this.stream.next();
        return { kind: "const", value: parseInteger(token.value, 0), line, at };
      case "float":
        this.stream.next();
        return { kind: "const", value: float(Number(token.value)), line, at };
      case "lparen": {
        this.stream.next();
        const node = this.stream.nested(() => this.tuple({ parenthesized: true }));
        this.stream.expect("rparen");
        return node;
      }
      case "lbracket":
        return this.#list();
      case "lbrace":
        return this.#dict();
    }
    return this.stream.fail(`unexpected ${repr(describeToken(token))}`);
  }

  #list(): Expression {
    const { line, at } = this.stream.expect("lbracket");
    const items: Expression[] = [];
    while (!this.stream.test("rbracket")) {
      if (items.length > 0) this.stream.expect("comma");
      if (this.stream.test("rbracket")) break;
      items.push(this.expression());
    }
    this.stream.expect("rbracket");
    return { kind: "list", items, line, at };
  }

  #dict(): Expression {
    const { line, at } = this.stream.expect("lbrace");
    const pairs: [Expression, Expression][] = [];
    while (!this.stream.test("rbrace")) {
      if (pairs.length > 0) this.stream.expect("comma");
      if (this.stream.test("rbrace")) break;
      const key = this.expression();
      this.stream.expect("colon");
      pairs.push([key, this.expression()]);
    }
    this.stream.expect("rbrace");
    return { kind: "dict", pairs, line, at };
  }

  #postfix(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.stream.test("dot") || this.stream.test("lbracket")) node = this.#subscript(node);
      else if (this.stream.test("lparen")) node = this.#call(node);
      else return node;
    }
  }

  #filters(start: Expression): Expression {
    let node = start;
    for (;;) {
      if (this.stream.test("pipe")) node = this.filter(node) ?? node;
      else if (this.stream.test("name:is")) node = this.#test(node);
      else if (this.stream.test("lparen")) node = this.#call(node);
      else return node;
    }
  }

  #subscript(node: Expression): Expression {
    const token = this.stream.next();
    const { line, at } = token;
    if (token.type === "dot") {
      const name = this.stream.next();
      if (name.type === "name") return { kind: "getattr", node, name: name.value, line, at: node.at };
      if (name.type !== "integer") this.stream.fail("expected name or number", name);
      const key: Expression = { kind: "const", value: parseInteger(name.value, 0), line, at: name.at };
      return { kind: "getitem", node, key, line, at: node.at };
    }
    const keys: Expression[] = [];
    while (!this.stream.test("rbracket")) {
      if (keys.length > 0) this.stream.expect("comma");
      keys.push(this.#subscribed());
    }
    this.stream.expect("rbracket");
    const [only] = keys;
    const key: Expression = keys.length === 1 && only ? only : { kind: "tuple", items: keys, line, at };
    return { kind: "getitem", node, key, line, at: node.at };
  }

  #subscribed(): Expression {
    const { line, at } = this.stream.current;
    let start: Expression | undefined;
    if (!this.stream.test("colon")) {
      start = this.expression();
      if (!this.stream.test("colon")) return start;
    }
    this.stream.expect("colon");
    const part = () => (this.stream.test("colon", "rbracket", "comma") ? undefined : this.expression());
    const stop = part();
    const step = this.stream.skipIf("colon") ? part() : undefined;
    return { kind: "slice", start, stop, step, line, at };
  }

  #call(callee: Expression): CallNode {
    const { line } = this.stream.current;
    return { kind: "call", callee, arguments: this.#arguments(), line, at: callee.at };
  }

  #arguments(): Arguments {
    const token = this.stream.expect("lparen");
    const args: Expression[] = [];
    const kwargs: [string, Expression][] = [];
    let dynArgs: Expression | undefined;
    let dynKwargs: Expression | undefined;
    const ensure = (valid: boolean) => {
      if (!valid) this.stream.fail("invalid syntax for function call expression", token);
    };
    let first = true;
    while (!this.stream.test("rparen")) {
      if (!first) {
        this.stream.expect("comma");
        if (this.stream.test("rparen")) break;
      }
      first = false;
      if (this.stream.test("mul")) {
        ensure(dynArgs === undefined && dynKwargs === undefined);
        this.stream.next();
        dynArgs = this.expression();
      } else if (this.stream.test("pow")) {
        ensure(dynKwargs === undefined);
        this.stream.next();
        dynKwargs = this.expression();
      } else if (this.stream.test("name") && this.stream.following.type === "assign") {
        ensure(dynKwargs === undefined);
        const key = this.stream.next().value;
        this.stream.next();
        kwargs.push([key, this.expression()]);
      } else {
        ensure(dynArgs === undefined && dynKwargs === undefined && kwargs.length === 0);
        args.push(this.expression());
      }
    }
    this.stream.expect("rparen");
    return { args, kwargs, dynArgs, dynKwargs };
  }

  #dottedName(): { name: string; line: number; at: number } {
    const token = this.stream.expect("name");
    let name = token.value;
    while (this.stream.skipIf("dot")) name += `.${this.stream.expect("name").value}`;
    return { name, line: token.line, at: token.at };
  }

  /** A chain of filters on a value, or on a block's text; with `inline` the first has no bar before it. */
  filter(start: Expression | undefined, inline = false): FilterNode | undefined {
    let node = start;
    let found: FilterNode | undefined;
    let bare = inline;
    while (bare || this.stream.test("pipe")) {
      if (!bare) this.stream.next();
      bare = false;
      const name = this.#dottedName();
      const args = this.stream.test("lparen") ? this.#arguments() : NO_ARGUMENTS;
      found = { kind: "filter", node, arguments: args, ...name };
      node = found;
    }
    return found;
  }

  #test(subject: Expression): Expression {
    this.stream.next();
    const negated = this.stream.skipIf("name:not");
    const { name, line, at } = this.#dottedName();
    let args: Arguments = NO_ARGUMENTS;
    if (this.stream.test("lparen")) args = this.#arguments();
    else if (this.stream.test(...TEST_ARGUMENT) && !this.stream.test("name:else", "name:or", "name:and")) {
      if (this.stream.test("name:is")) this.stream.fail("You cannot chain multiple tests with is");
      args = { ...NO_ARGUMENTS, args: [this.#postfix(this.primary())] };
    }
    const node: Expression = { kind: "test", node: subject, name, arguments: args, line, at };
    return negated ? { kind: "not", node, line, at } : node;
  }
}

const place = (node: Expression): { line: number; at: number } => ({ line: node.line, at: node.at });
