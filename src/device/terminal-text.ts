const ESC = "\x1b";

export interface TerminalTextOptions {
  /** A name that `TextDecoder` knows; bytes that are not in it are dropped. */
  readonly encoding: string;
  readonly stripAnsi: boolean;
}

/**
 * Turns the bytes of a terminal into plain text as they come: decodes, makes every line end `\n`, drops NUL and, where asked, control
 * sequences. What cannot be decided yet (half a character, a carriage return at the end, half a control sequence) waits for
 * the next bytes, so the text does not depend on how the bytes were cut.
 */
export class TerminalText {
  stripAnsi: boolean;
  private readonly decoder: InstanceType<typeof TextDecoder>;
  private held = "";
  private afterBareLineFeed = false;

  constructor(options: TerminalTextOptions) {
    this.decoder = new TextDecoder(decoderName(options.encoding));
    this.stripAnsi = options.stripAnsi;
  }

  push(bytes: Uint8Array): string {
    let text = this.held + this.decoder.decode(bytes, { stream: true });
    this.held = "";
    if (text === "") return "";
    if (this.stripAnsi && text.includes(ESC)) {
      const open = openSequence(text);
      if (open >= 0) {
        this.held = text.slice(open);
        text = text.slice(0, open);
      }
      text = stripAnsi(text);
    }
    if (text.includes("\0")) text = text.replaceAll("\0", "");
    if (text.includes("\ufffd")) text = text.replaceAll("\ufffd", "");
    return this.lineEnds(text);
  }

  private lineEnds(text: string): string {
    if (text === "") return "";
    // The second half of `\n\r`.
    const start = this.afterBareLineFeed && text.startsWith("\r") ? 1 : 0;
    let end = text.length;
    while (end > start && text.charCodeAt(end - 1) === 13) end--;
    this.held = text.slice(end) + this.held;
    const body = text.slice(start, end);
    this.afterBareLineFeed = endsInBareLineFeed(body);
    return normalizeLineEnds(body);
  }
}

/** Whether the last line end of a text is a `\n` that a `\r` may still join. */
function endsInBareLineFeed(text: string): boolean {
  if (!text.endsWith("\n")) return false;
  let from = text.length - 1;
  while (from > 0 && (text[from - 1] === "\r" || text[from - 1] === "\n")) from--;
  return (
    text
      .slice(from)
      .match(/\r{1,3}\n|\n\r|\r|\n/g)
      ?.at(-1) === "\n"
  );
}

/** `\r\r\r\n`, `\r\r\n`, `\r\n` and `\n\r` are one line end each, and so is any other `\r`. */
export function normalizeLineEnds(text: string): string {
  return text.includes("\r") ? text.replace(/\r{1,3}\n|\n\r|\r/g, "\n") : text;
}

/** Removes terminal control sequences; those that move to another line become a line end. */
export function stripAnsi(text: string): string {
  if (!text.includes(ESC)) return text;
  return text.replace(SEQUENCE, (_, newLine?: string) => (newLine === undefined ? "" : "\n"));
}

// First what stands for a line end: next line (NEL) and an inserted line. Then the end of bracketed paste, with which a shell returns
// to the beginning of the line that it has just begun: no line end. Then everything else. Lengths are bounded so that a sequence
// without end cannot hold text back for ever.
const SEQUENCE =
  /\x1b(?:(E|\[\d{0,32}L)|\[\?2004l\r?|\[[0-9:;<=>?]{0,32}[ -/]{0,8}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[PX^_][^\x1b]{0,200}\x1b\\|[ -/]{1,8}[0-~]|[0-DF-Zac-~\\`])/g;
const OPEN_SEQUENCE =
  /\x1b(?:\[\?2004l|\[[0-9:;<=>?]{0,32}[ -/]{0,8}|\][^\x07\x1b]{0,200}\x1b?|[PX^_][^\x1b]{0,200}\x1b?|[ -/]{1,8})?$/;

/** Where a sequence begins that is not complete yet, or -1. */
function openSequence(text: string): number {
  // Only the end is searched; no sequence is longer.
  const from = Math.max(0, text.length - 220);
  const found = text.slice(from).search(OPEN_SEQUENCE);
  return found < 0 ? -1 : from + found;
}

function decoderName(encoding: string): string {
  const name = encoding.toLowerCase();
  // Devices that say ASCII send the odd accented letter all the same.
  return name === "ascii" || name === "us-ascii" ? "utf-8" : name;
}
