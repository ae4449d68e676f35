import { FrameError } from "./frame-error.ts";

/** `delimited`: base 1.0, each message ends with `]]>]]>`. `chunked`: base 1.1, RFC 6242. */
export type Framing = "delimited" | "chunked";

const DELIMITER = "]]>]]>";
const LAYOUT: ReadonlySet<number> = new Set(Buffer.from(" \t\r\n"));

/** A message as it goes over the wire. */
export function frame(message: string, framing: Framing): string {
  if (framing === "delimited") return `${message}${DELIMITER}`;
  return `\n#${Buffer.byteLength(message)}\n${message}\n##\n`;
}

/**
 * Cuts a stream of bytes into messages. Bytes may come in pieces of any size; the framing may change between two messages, as it
 * does after the hello.
 *
 * @example
 * reader.push(bytes);
 * for (let message = reader.next(); message !== undefined; message = reader.next()) handle(message);
 */
export class FrameReader {
  framing: Framing = "delimited";
  private readonly maxBytes: number;
  private rest: Buffer = Buffer.alloc(0);
  private parts: Buffer[] = [];
  private size = 0;
  /** Bytes of the current chunk that are still to come. */
  private missing = 0;

  /** Messages over `maxBytes` are refused with a `FrameError` that says so. */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  push(bytes: Buffer): void {
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
  }

  /** The next whole message; undefined until its last byte is here. Throws `FrameError`; nothing can be read after that. */
  next(): string | undefined {
    return this.framing === "delimited" ? this.nextDelimited() : this.nextChunked();
  }

  /** What has come of a message that is not whole, at most its last 200 bytes: evidence for an error. */
  get tail(): string {
    const last = this.parts.at(-1) ?? Buffer.alloc(0);
    return Buffer.concat([last.subarray(-200), this.rest.subarray(-200)])
      .subarray(-200)
      .toString();
  }

  private nextDelimited(): string | undefined {
    const found = this.rest.indexOf(DELIMITER);
    if (found >= 0) {
      this.take(found);
      this.rest = this.rest.subarray(DELIMITER.length);
      return this.finish();
    }
    // The end of what is here may be the beginning of the delimiter.
    this.take(Math.max(0, this.rest.length - DELIMITER.length + 1));
    return undefined;
  }

  private nextChunked(): string | undefined {
    for (;;) {
      if (this.missing > 0) {
        const here = Math.min(this.missing, this.rest.length);
        this.missing -= here;
        this.take(here);
        if (this.missing > 0) return undefined;
      }
      const header = this.header();
      if (header === undefined) return undefined;
      if (header === "end") return this.finish();
      this.missing = header;
    }
  }

  /** Length of the next chunk, or that there is none. */
  private header(): number | "end" | undefined {
    if (this.parts.length === 0 && !this.skipLayout()) return undefined;
    // "\n#" and at most ten digits and "\n": longer ones are no header, however much is still to come.
    const text = this.rest.toString("latin1", 0, 13);
    const found = /^\n#(?:([1-9]\d{0,9})|#)\n/.exec(text);
    if (found) {
      this.rest = this.rest.subarray(found[0].length);
      if (found[1] === undefined) {
        if (this.parts.length === 0) throw new FrameError("an empty message");
        return "end";
      }
      const length = Number(found[1]);
      if (length > 4_294_967_295)
        throw new FrameError(`a chunk of ${length} bytes, more than RFC 6242 allows`);
      this.checkSize(length);
      return length;
    }
    if (/^(?:|\n|\n#|\n##|\n#[1-9]\d{0,9})$/.test(text)) return undefined;
    throw new FrameError(`${JSON.stringify(text)} where a chunk should begin`);
  }

  /** Between messages devices send line feeds of their own; the last one begins a chunk. False: there is nothing else yet. */
  private skipLayout(): boolean {
    let blank = 0;
    while (LAYOUT.has(this.rest[blank] ?? 0)) blank += 1;
    if (blank === this.rest.length) return false;
    if (blank > 1) this.rest = this.rest.subarray(blank - 1);
    return true;
  }

  private take(bytes: number): void {
    if (bytes === 0) return;
    this.checkSize(bytes);
    this.parts.push(this.rest.subarray(0, bytes));
    this.size += bytes;
    this.rest = this.rest.subarray(bytes);
  }

  private checkSize(more: number): void {
    if (this.size + more > this.maxBytes)
      throw new FrameError(`a message of more than ${this.maxBytes} bytes`, "too large");
  }

  private finish(): string {
    const message = Buffer.concat(this.parts).toString("utf8");
    this.parts = [];
    this.size = 0;
    return message;
  }
}
