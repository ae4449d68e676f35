import { repr } from "../../../src/python/values/index.ts";
import { TemplateAssertionError, TemplateSyntaxError } from "./errors.ts";
import { describeExpected, describeToken, matches, type Token } from "./tokens.ts";

// Expressions and blocks inside one another; keeps the parser and what it makes off the end of JavaScript's stack.
const MAX_NESTING = 150;

/** The tokens of a template with a place in them, for the parsers. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    const token = this.#tokens[this.#at] ?? this.#end;
    if (token.error) throw token.error;
    return token;
  }

  /** The token after the current one. */
  get following(): Token {
    return this.#tokens[this.#at + 1] ?? this.#end;
  }

  get #end(): Token {
    return this.#tokens[this.#tokens.length - 1] ?? { type: "eof", value: "", line: 1, at: 0 };
  }

  /** Takes the current token. */
  next(): Token {
    const token = this.current;
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  test(...expected: readonly string[]): boolean {
    return expected.some((e) => matches(this.current, e));
  }

  /** Takes the current token if it is the expected one. */
  skipIf(expected: string): boolean {
    const found = this.test(expected);
    if (found) this.next();
    return found;
  }

  /** Takes the expected token or fails. */
  expect(expected: string): Token {
    if (this.test(expected)) return this.next();
    const wanted = repr(describeExpected(expected));
    if (this.current.type === "eof") return this.fail(`unexpected end of template, expected ${wanted}.`);
    return this.fail(`expected token ${wanted}, got ${repr(describeToken(this.current))}`);
  }

  /** Throws a TemplateSyntaxError at a place; without one, at the current token. */
  fail(message: string, where: { line: number; at: number } = this.current): never {
    throw new TemplateSyntaxError(message, where.line, where.at);
  }

  failAssertion(message: string, where: { line: number; at: number } = this.current): never {
    throw new TemplateAssertionError(message, where.line, where.at);
  }

  /** Runs a parser one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > MAX_NESTING)
      this.fail(`more than ${MAX_NESTING} expressions or blocks inside one another`);
    const result = parse();
    this.#nesting--;
    return result;
  }
}
