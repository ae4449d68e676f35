import type { Transport } from "./transport.ts";

/** A transport without a network: what is written goes to a function that plays the device. For tests. */
export class MemoryTransport implements Transport {
  readonly closed: Promise<Error | undefined>;
  /** Everything that was written, in order. */
  readonly written: string[] = [];
  private readonly device: (text: string, transport: MemoryTransport) => void;
  private listener: ((chunk: Buffer) => void) | undefined;
  private early: Buffer[] = [];
  private end: (error: Error | undefined) => void = () => {};

  constructor(device: (text: string, transport: MemoryTransport) => void = () => {}) {
    this.device = device;
    this.closed = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  write(data: Uint8Array | string): void {
    const text = typeof data === "string" ? data : Buffer.from(data).toString("utf8");
    this.written.push(text);
    this.device(text, this);
  }

  /** The device says something. */
  say(text: string | Uint8Array): void {
    const chunk = Buffer.from(text as string);
    if (this.listener) this.listener(chunk);
    else this.early.push(chunk);
  }

  onData(listener: (chunk: Buffer) => void): void {
    this.listener = listener;
    for (const chunk of this.early.splice(0)) listener(chunk);
  }

  pause(): void {}

  resume(): void {}

  close(error?: Error): void {
    this.end(error);
  }
}
