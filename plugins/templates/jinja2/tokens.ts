/** A piece of a template. `at` is its place in the source in characters, `line` counts from 1. */
export interface Token {
  readonly type: string;
  readonly value: string;
  readonly line: number;
  readonly at: number;
  /** Why the source ends here, in a token of type `error`. */
  readonly error?: Error;
}

/** Operators by text, with the names that Jinja2 gives their tokens. */
export const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["+", "add"],
  ["-", "sub"],
  ["/", "div"],
  ["//", "floordiv"],
  ["*", "mul"],
  ["%", "mod"],
  ["**", "pow"],
  ["~", "tilde"],
  ["[", "lbracket"],
  ["]", "rbracket"],
  ["(", "lparen"],
  [")", "rparen"],
  ["{", "lbrace"],
  ["}", "rbrace"],
  ["==", "eq"],
  ["!=", "ne"],
  [">", "gt"],
  [">=", "gteq"],
  ["<", "lt"],
  ["<=", "lteq"],
  ["=", "assign"],
  [".", "dot"],
  [":", "colon"],
  ["|", "pipe"],
  [",", "comma"],
  [";", "semicolon"],
]);

const SYMBOLS = new Map(OPERATORS.entries().map(([text, type]) => [type, text]));

const DESCRIPTIONS = new Map([
  ["block_begin", "begin of statement block"],
  ["block_end", "end of statement block"],
  ["variable_begin", "begin of print statement"],
  ["variable_end", "end of print statement"],
  ["data", "template data / text"],
  ["eof", "end of template"],
]);

function describeType(type: string): string {
  return SYMBOLS.get(type) ?? DESCRIPTIONS.get(type) ?? type;
}

/** A token as error messages show it. */
export function describeToken(token: Token): string {
  return token.type === "name" ? token.value : describeType(token.type);
}

/** An expected token (`comma`, `name:endfor`) as error messages show it. */
export function describeExpected(expected: string): string {
  const [type = "", value] = expected.split(":");
  return type === "name" && value !== undefined ? value : describeType(type);
}

/** True when a token is what is expected: a type, or a type and a value. */
export function matches(token: Token, expected: string): boolean {
  const colon = expected.indexOf(":");
  if (colon < 0) return token.type === expected;
  return token.type === expected.slice(0, colon) && token.value === expected.slice(colon + 1);
}
