const END = "]]>]]>";

/** Takes the messages of a client out of a stream, in either framing; a broken chunk is an error. */
export class MessageReader {
  chunked = false;
  private bytes = Buffer.alloc(0);

  push(bytes: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, bytes]);
  }

  next(): string | undefined {
    return this.chunked ? this.nextChunked() : this.nextDelimited();
  }

  private nextDelimited(): string | undefined {
    const end = this.bytes.indexOf(END);
    if (end < 0) return undefined;
    const message = this.bytes.toString("utf8", 0, end);
    this.bytes = this.bytes.subarray(end + END.length);
    return message;
  }

  /** Reads from the beginning each time: requests are short. */
  private nextChunked(): string | undefined {
    const parts: Buffer[] = [];
    for (let at = 0; ; ) {
      const header = /^\n#(\d+|#)\n/.exec(this.bytes.toString("latin1", at, at + 16));
      if (!header) {
        if (this.bytes.length - at >= 16) throw new Error("what came is no chunk of RFC 6242");
        return undefined;
      }
      at += header[0].length;
      if (header[1] === "#") {
        this.bytes = this.bytes.subarray(at);
        return Buffer.concat(parts).toString("utf8");
      }
      const length = Number(header[1]);
      if (this.bytes.length < at + length) return undefined;
      parts.push(this.bytes.subarray(at, at + length));
      at += length;
    }
  }
}

/** A message as it goes over the wire; long ones in several chunks where there are chunks. */
export function framed(message: string, chunked: boolean, chunkBytes = 4096): Buffer {
  if (!chunked) return Buffer.from(`${message}${END}\n`);
  const bytes = Buffer.from(message);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const part = bytes.subarray(at, at + chunkBytes);
    parts.push(Buffer.from(`\n#${part.length}\n`), part);
  }
  return Buffer.concat([...parts, Buffer.from("\n##\n")]);
}
