/** What the client types, key by key. A line feed right after a carriage return is the same Enter. */
export class KeyInput {
  /** Resolves when the client has gone. */
  readonly ended: Promise<void>;
  private buffer = "";
  private closed = false;
  private lastWasReturn = false;
  private wake: (() => void) | undefined;
  private readonly markEnded: () => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.markEnded = resolve;
  }

  push(text: string): void {
    this.buffer += text;
    this.wake?.();
  }

  end(): void {
    this.closed = true;
    this.markEnded();
    this.wake?.();
  }

  /** The next key, or undefined when the client has gone. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const key = this.buffer[0];
      if (key === undefined) {
        if (this.closed) return undefined;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
        continue;
      }
      this.buffer = this.buffer.slice(1);
      const continued = key === "\n" && this.lastWasReturn;
      this.lastWasReturn = key === "\r";
      if (!continued) return key;
    }
  }

  /** The printable keys that have already arrived: devices echo them in one go. */
  takePrintable(): string {
    const run = /^[^\x00-\x1f\x7f]*/.exec(this.buffer)?.[0] ?? "";
    this.buffer = this.buffer.slice(run.length);
    return run;
  }

  /** Waits so long, or until the client has gone: then true. */
  async endedWithin(milliseconds: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([this.ended, elapsed]);
    clearTimeout(timer);
    return this.closed;
  }
}
