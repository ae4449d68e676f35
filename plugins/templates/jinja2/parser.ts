import { repr } from "../../../src/python/values/index.ts";
import type { CallBlockNode, Expression, IfNode, Signature, Statement } from "./ast.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { TokenStream } from "./token-stream.ts";
import { describeExpected, type Token } from "./tokens.ts";

type TagParser = (parser: Parser, token: Token) => Statement;

/** Parses the tokens of a template. `extensions` switches on `do` and `loopcontrols`. Throws TemplateSyntaxError. */
export function parse(tokens: readonly Token[], extensions: readonly string[]): Statement[] {
  return new Parser(tokens, extensions).template();
}

class Parser extends ExpressionParser {
  readonly #extensions: readonly string[];
  readonly #tags: string[] = [];
  readonly #ends: (readonly string[])[] = [];

  constructor(tokens: readonly Token[], extensions: readonly string[]) {
    super(new TokenStream(tokens));
    this.#extensions = extensions;
  }

  get tokens(): TokenStream {
    return this.stream;
  }

  template(): Statement[] {
    return this.#body(undefined);
  }

  /** The statements up to one of the end tags, which stays unless it is to be dropped. */
  block(ends: readonly string[], drop = false): Statement[] {
    this.stream.skipIf("colon");
    this.stream.expect("block_end");
    const body = this.stream.nested(() => this.#body(ends));
    if (this.stream.current.type === "eof") this.#failAtTag(undefined, [...this.#ends, ends]);
    if (drop) this.stream.next();
    return body;
  }

  #body(ends: readonly string[] | undefined): Statement[] {
    const body: Statement[] = [];
    if (ends) this.#ends.push(ends);
    while (this.stream.current.type !== "eof") {
      const token = this.stream.next();
      const { line, at } = token;
      if (token.type === "data") body.push({ kind: "data", text: token.value, line, at });
      else if (token.type === "variable_begin") {
        const node = this.tuple();
        body.push({ kind: "output", node, line: node.line, at: node.at });
        this.stream.expect("variable_end");
      } else if (token.type === "block_begin") {
        if (ends && this.stream.test(...ends)) break;
        body.push(this.#statement());
        this.stream.expect("block_end");
      } else this.stream.fail(`unexpected ${repr(token.type)}`, token);
    }
    if (ends) this.#ends.pop();
    return body;
  }

  #statement(): Statement {
    const token = this.stream.current;
    if (token.type !== "name") this.stream.fail("tag name expected");
    const extension = EXTENSION_OF[token.value];
    const parseTag =
      extension === undefined || this.#extensions.includes(extension) ? TAGS.get(token.value) : undefined;
    if (!parseTag) this.#failAtTag(token, this.#ends);
    this.#tags.push(token.value);
    this.stream.next();
    const statement = parseTag(this, token);
    this.#tags.pop();
    return statement;
  }

  #failAtTag(tag: Token | undefined, stack: readonly (readonly string[])[]): never {
    const expected = new Set(stack.flat().map(describeExpected));
    const looking = stack
      .at(-1)
      ?.map((e) => repr(describeExpected(e)))
      .join(" or ");
    const message = [tag ? `Encountered unknown tag ${repr(tag.value)}.` : "Unexpected end of template."];
    if (looking) {
      message.push(
        tag && expected.has(tag.value)
          ? `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${looking}.`
          : `Jinja was looking for the following tags: ${looking}.`,
      );
    }
    const innermost = this.#tags.at(-1);
    if (innermost !== undefined)
      message.push(`The innermost block that needs to be closed is ${repr(innermost)}.`);
    return this.stream.fail(message.join(" "), tag ?? this.stream.current);
  }

  signature(): Signature {
    const params: Signature["params"][number][] = [];
    const defaults: Expression[] = [];
    this.stream.expect("lparen");
    while (!this.stream.test("rparen")) {
      if (params.length > 0) this.stream.expect("comma");
      const param = this.assignName();
      if (this.stream.skipIf("assign")) defaults.push(this.expression());
      else if (defaults.length > 0) this.stream.fail("non-default argument follows default argument");
      params.push(param);
    }
    this.stream.expect("rparen");
    return { params, defaults };
  }

  /** `with context` or `without context`, where it stands. */
  importContext(): boolean | undefined {
    const { current, following } = this.stream;
    if (current.value !== "with" && current.value !== "without") return undefined;
    if (following.type !== "name" || following.value !== "context") return undefined;
    this.stream.next();
    this.stream.next();
    return current.value === "with";
  }
}

/** Tags that exist only with an extension. */
const EXTENSION_OF: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  do: "do",
  break: "loopcontrols",
  continue: "loopcontrols",
});

const TAGS: ReadonlyMap<string, TagParser> = new Map<string, TagParser>([
  [
    "for",
    (p, { line, at }) => {
      const target = p.assignTarget({ ends: ["name:in"] });
      p.tokens.expect("name:in");
      const iter = p.tuple({ conditions: false, ends: ["name:recursive"] });
      const test = p.tokens.skipIf("name:if") ? p.expression() : undefined;
      const recursive = p.tokens.skipIf("name:recursive");
      const body = p.block(["name:endfor", "name:else"]);
      const otherwise = p.tokens.next().value === "endfor" ? [] : p.block(["name:endfor"], true);
      return { kind: "for", target, iter, test, recursive, body, otherwise, line, at };
    },
  ],
  ["if", parseIf],
  [
    "with",
    (p, { line, at }) => {
      const pairs: [Expression, Expression][] = [];
      while (!p.tokens.test("block_end")) {
        if (pairs.length > 0) p.tokens.expect("comma");
        const target = p.assignTarget({});
        p.tokens.expect("assign");
        pairs.push([target, p.expression()]);
      }
      return { kind: "with", pairs, body: p.block(["name:endwith"], true), line, at };
    },
  ],
  [
    "autoescape",
    (p, { line, at }) => {
      const node = p.expression();
      return { kind: "autoescape", node, body: p.block(["name:endautoescape"], true), line, at };
    },
  ],
  ["block", parseBlock],
  ["extends", (p, { line, at }) => ({ kind: "extends", template: p.expression(), line, at })],
  [
    "include",
    (p, { line, at }) => {
      const template = p.expression();
      const { following } = p.tokens;
      const ignoreMissing =
        p.tokens.test("name:ignore") && following.type === "name" && following.value === "missing";
      if (ignoreMissing) {
        p.tokens.next();
        p.tokens.next();
      }
      return { kind: "include", template, ignoreMissing, withContext: p.importContext() ?? true, line, at };
    },
  ],
  [
    "import",
    (p, { line, at }) => {
      const template = p.expression();
      p.tokens.expect("name:as");
      const target = p.assignName().name;
      return { kind: "import", template, target, withContext: p.importContext() ?? false, line, at };
    },
  ],
  ["from", parseFrom],
  [
    "macro",
    (p, { line, at }) => {
      const { name } = p.assignName();
      const signature = p.signature();
      return { kind: "macro", name, signature, body: p.block(["name:endmacro"], true), line, at };
    },
  ],
  ["call", parseCall],
  [
    "filter",
    (p, { line, at }) => {
      const filter = p.filter(undefined, true);
      if (!filter) return p.tokens.fail("a filter name is expected");
      return { kind: "filterblock", filter, body: p.block(["name:endfilter"], true), line, at };
    },
  ],
  [
    "set",
    (p, { line, at }) => {
      const target = p.assignTarget({ namespace: true });
      if (p.tokens.skipIf("assign")) return { kind: "set", target, node: p.tuple(), line, at };
      const filter = p.filter(undefined);
      return { kind: "setblock", target, filter, body: p.block(["name:endset"], true), line, at };
    },
  ],
  ["print", parsePrint],
  ["do", (p, { line, at }) => ({ kind: "do", node: p.tuple(), line, at })],
  ["break", (_p, { line, at }) => ({ kind: "break", line, at })],
  ["continue", (_p, { line, at }) => ({ kind: "continue", line, at })],
]);

function parseIf(p: Parser, { line, at }: Token): IfNode {
  const branches: IfNode["branches"][number][] = [];
  for (;;) {
    const test = p.tuple({ conditions: false });
    branches.push({ test, body: p.block(["name:elif", "name:else", "name:endif"]) });
    const tag = p.tokens.next();
    if (tag.value === "elif") continue;
    const otherwise = tag.value === "else" ? p.block(["name:endif"], true) : [];
    return { kind: "if", branches, otherwise, line, at };
  }
}

function parseBlock(p: Parser, { line, at }: Token): Statement {
  const name = p.tokens.expect("name").value;
  const scoped = p.tokens.skipIf("name:scoped");
  const required = p.tokens.skipIf("name:required");
  if (p.tokens.test("sub")) {
    p.tokens.fail(
      "Block names in Jinja have to be valid Python identifiers and may not contain hyphens, use an underscore instead.",
    );
  }
  const body = p.block(["name:endblock"], true);
  if (required && !body.every((s) => s.kind === "data" && s.text.trim() === "")) {
    p.tokens.fail("Required blocks can only contain comments or whitespace");
  }
  p.tokens.skipIf(`name:${name}`);
  return { kind: "block", name, body, scoped, required, line, at };
}

function parseFrom(p: Parser, { line, at }: Token): Statement {
  const template = p.expression();
  p.tokens.expect("name:import");
  const names: [string, string][] = [];
  let withContext: boolean | undefined;
  for (;;) {
    if (names.length > 0) p.tokens.expect("comma");
    if (!p.tokens.test("name")) {
      p.tokens.expect("name");
    }
    withContext = p.importContext();
    if (withContext !== undefined) break;
    const target = p.assignName();
    if (target.name.startsWith("_")) {
      p.tokens.failAssertion("names starting with an underline can not be imported", target);
    }
    names.push([target.name, p.tokens.skipIf("name:as") ? p.assignName().name : target.name]);
    withContext = p.importContext();
    if (withContext !== undefined || !p.tokens.test("comma")) break;
  }
  return { kind: "fromimport", template, names, withContext: withContext ?? false, line, at };
}

function parseCall(p: Parser, { line, at }: Token): CallBlockNode {
  const signature = p.tokens.test("lparen") ? p.signature() : { params: [], defaults: [] };
  const call = p.expression();
  if (call.kind !== "call") return p.tokens.fail("expected call", call);
  return { kind: "callblock", signature, call, body: p.block(["name:endcall"], true), line, at };
}

function parsePrint(p: Parser, { line, at }: Token): Statement {
  const items: Expression[] = [];
  while (!p.tokens.test("block_end")) {
    if (items.length > 0) p.tokens.expect("comma");
    items.push(p.expression());
  }
  return { kind: "output", node: { kind: "concat", items, line, at }, line, at };
}
