/** How much text before the echo is kept while it is awaited. */
const LONGEST_WAIT = 65_536;

/**
 * Takes the echo of an input out of a text that comes in pieces, with whatever stood before it. The echo is complete with its line
 * end. White space and control characters do not count, since devices wrap, redraw and space long inputs.
 */
export class EchoFilter {
  /** True when nothing is awaited any more. */
  done: boolean;
  /** The text so far, while the echo is awaited. */
  waiting = "";
  private readonly expected: string;
  private readonly squeezed: string;
  private searched = 0;

  constructor(expected: string | undefined) {
    this.expected = expected ?? "";
    this.squeezed = squeeze(this.expected);
    this.done = this.squeezed === "";
  }

  /** The unterminated line of what is held back. */
  get lastLine(): string {
    return this.waiting.slice(this.waiting.lastIndexOf("\n") + 1);
  }

  /** Returns what comes after the echo; empty while it is still awaited. */
  filter(text: string): string {
    if (this.done) return text;
    this.waiting += text;
    for (;;) {
      const lineEnd = this.waiting.indexOf("\n", this.searched);
      if (lineEnd < 0) return this.tooMuch();
      this.searched = lineEnd + 1;
      const before = this.waiting.slice(0, lineEnd);
      if (before.includes(this.expected) || squeeze(before).includes(this.squeezed)) {
        const rest = this.waiting.slice(lineEnd + 1);
        this.done = true;
        this.waiting = "";
        return rest;
      }
    }
  }

  /** Gives up on the echo and hands over everything that was held back. */
  release(): string {
    const text = this.waiting;
    this.done = true;
    this.waiting = "";
    return text;
  }

  private tooMuch(): string {
    return this.waiting.length > LONGEST_WAIT ? this.release() : "";
  }
}

function squeeze(text: string): string {
  return text.replace(/[\s\x00-\x1f\x7f]+/g, "");
}
