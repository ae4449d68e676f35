/** An answer that a program may ask for. */
export interface ReplyRule {
  /** Whether a text asks for it: the last line that was printed, or everything since the answer before. */
  readonly asks: (text: string) => boolean;
  readonly looksAt: "lastLine" | "all";
  /** Sent with a line end. */
  readonly reply: string;
  /** The reply is shown to nobody. */
  readonly secret?: boolean;
}

// Questions are short; a program that prints without end must not make each piece of it slower to look at.
const WINDOW = 16_384;

/** The questions of one program and their answers, each given once. */
export class Conversation {
  private readonly left: ReplyRule[];
  /** What each stream has printed since the last answer. */
  private readonly heard = new Map<string, string>();

  constructor(rules: readonly ReplyRule[]) {
    this.left = [...rules];
  }

  /** No answer is left to give. */
  get over(): boolean {
    return this.left.length === 0;
  }

  /** Takes what a stream has printed and gives the rule for what it asks, if there is one. */
  hear(stream: string, text: string): ReplyRule | undefined {
    if (this.over) return undefined;
    const all = `${this.heard.get(stream) ?? ""}${text}`.slice(-WINDOW);
    this.heard.set(stream, all);
    const lastLine = all.slice(all.lastIndexOf("\n") + 1);
    const at = this.left.findIndex((rule) => rule.asks(rule.looksAt === "lastLine" ? lastLine : all));
    if (at < 0) return undefined;
    this.heard.clear();
    return this.left.splice(at, 1)[0];
  }
}

/** `/…/` and `/…/i` are regular expressions, everything else is a text to be found. Throws a SyntaxError. */
export function expectation(source: string): (text: string) => boolean {
  const [, pattern, flags] = /^\/(.+)\/(i?)$/s.exec(source) ?? [];
  if (pattern === undefined) return (text) => text.includes(source);
  const compiled = new RegExp(pattern, flags);
  return (text) => compiled.test(text);
}
