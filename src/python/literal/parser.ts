import { PyDict, PySet } from "../values/dict.ts";
import { typeError } from "../values/python-error.ts";
import { PyTuple } from "../values/tuple.ts";
import { binary, negate } from "./arithmetic.ts";
import { PythonNameError, PythonSyntaxError } from "./errors.ts";
import { type Token, tokenize } from "./tokens.ts";

export interface LiteralOptions {
  /** Gives names a value. Without it a name other than True, False and None is a NameError. */
  readonly names?: (name: string) => unknown;
}

/** Nesting beyond this is refused, as Python's own parser refuses it. */
const MAX_DEPTH = 100;

/**
 * One Python literal: strings with prefixes and implicit concatenation, numbers, True, False, None, lists, tuples,
 * sets, dictionaries, and `+ - * / // % **` between them.
 *
 * Throws PythonSyntaxError, PythonNameError or PythonError.
 *
 * @example parseExpression("{'a': [1, 2.0]}")  // PyDict { "a": [1, 2.0] }
 */
export function parseExpression(source: string, options: LiteralOptions = {}): unknown {
  const parser = new Parser(tokenize(source.trimStart()), options);
  const value = parser.tuple();
  parser.skipEnds();
  parser.expectEnd();
  return value;
}

/**
 * The arguments of a call, without the brackets.
 *
 * @example parseArguments("'a', b, c=1", { names: (n) => n })  // { args: ["a", "b"], kwargs: Map { "c" => 1 } }
 */
export function parseArguments(
  source: string,
  options: LiteralOptions = {},
): { args: unknown[]; kwargs: Map<string, unknown> } {
  // Brackets around the source make newlines insignificant, as they are inside a call.
  const parser = new Parser(tokenize(`(${source})`), options);
  return parser.callArguments();
}

/**
 * Statements that assign literals to names; later ones may use earlier names. A text without any assignment is read as
 * one expression, whose value is returned instead.
 *
 * @example parseAssignments("a = 1\nb = [a, 2]")  // PyDict { "a": 1, "b": [1, 2] }
 */
export function parseAssignments(source: string, options: LiteralOptions = {}): unknown {
  const names = new PyDict();
  const lookUp = (name: string): unknown => {
    if (names.has(name)) return names.get(name);
    if (options.names !== undefined) return options.names(name);
    throw new PythonNameError(name);
  };
  const parser = new Parser(tokenize(source), { names: lookUp });
  parser.skipEnds();
  while (!parser.atEnd()) {
    parser.statement(names);
    parser.skipEnds();
  }
  return names.size > 0 ? names : parseExpression(source, options);
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly options: LiteralOptions;
  private index = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], options: LiteralOptions) {
    this.tokens = tokens;
    this.options = options;
  }

  statement(names: PyDict): void {
    const start = this.index;
    const targets: string[][] = [];
    for (;;) {
      const target = this.target();
      if (target === undefined) break;
      targets.push(target);
    }
    if (targets.length === 0) this.index = start;
    const value = this.tuple();
    if (this.current().kind !== "end" && !this.atEnd()) throw this.invalid();
    for (const target of targets) assign(names, target, value);
  }

  /** `a =` or `a, b =`; nothing is consumed when it is something else. */
  private target(): string[] | undefined {
    const start = this.index;
    const found: string[] = [];
    let several = false;
    while (this.current().kind === "name") {
      found.push(this.name());
      if (!this.skip(",")) break;
      several = true;
    }
    if (found.length > 0 && this.skip("=")) return several ? found : found.slice(0, 1);
    this.index = start;
    return undefined;
  }

  tuple(): unknown {
    const first = this.expression();
    if (!this.isOp(",")) return first;
    const items = [first];
    while (this.skip(",")) {
      if (!this.startsExpression()) break;
      items.push(this.expression());
    }
    return new PyTuple(items);
  }

  callArguments(): { args: unknown[]; kwargs: Map<string, unknown> } {
    const args: unknown[] = [];
    const kwargs = new Map<string, unknown>();
    this.expect("(");
    while (!this.skip(")")) {
      const next = this.tokens[this.index + 1];
      const token = this.current();
      if (token.kind === "name" && next?.kind === "op" && next.text === "=") {
        if (kwargs.has(token.text))
          throw new PythonSyntaxError(`keyword argument repeated: ${token.text}`, token.at);
        this.index += 2;
        kwargs.set(token.text, this.expression());
      } else {
        if (kwargs.size > 0)
          throw new PythonSyntaxError("positional argument follows keyword argument", token.at);
        args.push(this.expression());
      }
      if (!this.isOp(")")) this.expect(",");
    }
    this.expectEnd();
    return { args, kwargs };
  }

  private expression(): unknown {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw new PythonSyntaxError("too many nested parentheses", this.current().at);
    let left = this.term();
    for (let op = this.takeOp("+", "-"); op !== undefined; op = this.takeOp("+", "-")) {
      left = binary(op, left, this.term());
    }
    this.depth -= 1;
    return left;
  }

  private term(): unknown {
    let left = this.unary();
    for (let op = this.takeOp("*", "/", "//", "%"); op !== undefined; op = this.takeOp("*", "/", "//", "%")) {
      left = binary(op, left, this.unary());
    }
    return left;
  }

  private unary(): unknown {
    let sign = 1;
    for (let op = this.takeOp("+", "-"); op !== undefined; op = this.takeOp("+", "-"))
      if (op === "-") sign = -sign;
    const value = this.atom();
    const power = this.takeOp("**") === undefined ? value : binary("**", value, this.unary());
    return sign === 1 ? power : negate(power);
  }

  private atom(): unknown {
    const token = this.current();
    switch (token.kind) {
      case "number":
        this.index += 1;
        return token.value;
      case "string":
        return this.strings();
      case "name":
        return this.named(this.name());
      case "op":
        return this.bracketed(token.text);
      default:
        throw this.invalid();
    }
  }

  private strings(): string {
    let text = "";
    for (let token = this.current(); token.kind === "string"; token = this.current()) {
      text += token.text;
      this.index += 1;
    }
    return text;
  }

  private named(name: string): unknown {
    if (name === "True") return true;
    if (name === "False") return false;
    if (name === "None") return null;
    if (this.isOp("(")) throw typeError(`'${name}' cannot be called: only literal values are read`);
    if (this.options.names === undefined) throw new PythonNameError(name);
    return this.options.names(name);
  }

  private bracketed(open: string): unknown {
    if (open === "(") return this.parenthesised();
    if (open === "[") {
      this.index += 1;
      return this.items("]");
    }
    if (open === "{") {
      this.index += 1;
      return this.braces();
    }
    throw this.invalid();
  }

  private parenthesised(): unknown {
    this.expect("(");
    if (this.skip(")")) return new PyTuple([]);
    const value = this.tuple();
    this.expect(")");
    return value;
  }

  private items(close: string): unknown[] {
    const items: unknown[] = [];
    while (!this.skip(close)) {
      items.push(this.expression());
      if (!this.isOp(close)) this.expect(",");
    }
    return items;
  }

  private braces(): unknown {
    const entries = new PyDict();
    if (this.skip("}")) return entries;
    const first = this.expression();
    if (!this.isOp(":")) {
      const rest = this.skip(",") ? this.items("}") : this.items("}");
      return new PySet([first, ...rest]);
    }
    this.expect(":");
    entries.set(first, this.expression());
    while (!this.skip("}")) {
      this.expect(",");
      if (this.skip("}")) break;
      const key = this.expression();
      this.expect(":");
      entries.set(key, this.expression());
    }
    return entries;
  }

  atEnd(): boolean {
    return this.current().kind === "eof";
  }

  skipEnds(): void {
    while (this.current().kind === "end") this.index += 1;
  }

  expectEnd(): void {
    if (!this.atEnd()) throw this.invalid();
  }

  private name(): string {
    const token = this.current();
    if (token.kind !== "name") throw this.invalid();
    this.index += 1;
    return token.text;
  }

  private startsExpression(): boolean {
    const token = this.current();
    if (token.kind === "op") return "([{+-".includes(token.text);
    return token.kind === "name" || token.kind === "string" || token.kind === "number";
  }

  private current(): Token {
    return this.tokens[this.index] ?? { kind: "eof", at: 0 };
  }

  private isOp(text: string): boolean {
    const token = this.current();
    return token.kind === "op" && token.text === text;
  }

  private takeOp(...texts: string[]): string | undefined {
    const token = this.current();
    if (token.kind !== "op" || !texts.includes(token.text)) return undefined;
    this.index += 1;
    return token.text;
  }

  private skip(text: string): boolean {
    return this.takeOp(text) !== undefined;
  }

  private expect(text: string): void {
    if (!this.skip(text)) throw this.invalid();
  }

  private invalid(): PythonSyntaxError {
    return new PythonSyntaxError("invalid syntax", this.current().at);
  }
}

function assign(names: PyDict, target: readonly string[], value: unknown): void {
  const [only] = target;
  if (target.length === 1 && only !== undefined) {
    names.set(only, value);
    return;
  }
  const items = value instanceof PyTuple ? value.items : Array.isArray(value) ? value : [];
  if (items.length !== target.length) throw typeError("cannot unpack the value into these names");
  for (const [index, name] of target.entries()) names.set(name, items[index] ?? null);
}
