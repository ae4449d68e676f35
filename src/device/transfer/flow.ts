import { transferErrors } from "../../errors/transfer.ts";
import type { OperationContext } from "../../plugin/index.ts";

/** Time as a transfer sees it; tests bring their own. */
export interface TransferClock {
  /** Milliseconds since some moment. */
  now(): number;
  setTimeout(fn: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemTransferClock: TransferClock = {
  now: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
};

export interface FlowOptions {
  readonly device: string;
  readonly context: Pick<OperationContext, "signal" | "beforeWrite">;
  readonly bytesPerSecond?: number | undefined;
  readonly onMoved?: ((bytes: number) => void) | undefined;
  readonly clock?: TransferClock;
  /** A transfer in which nothing moves for so long is interrupted. */
  readonly stallMs?: number;
}

/** A device that computes or writes through a slow flash may be silent for a while; a dead line says nothing for ever. */
const STALL_MS = 60_000;
const SMALLEST_BLOCK = 1024;

/** How bytes may move: how fast, whether still, and what is told of it. One per transfer. */
export class Flow {
  private readonly options: FlowOptions;
  private readonly clock: TransferClock;
  /** When the line is free for the next block, at the highest rate. */
  private freeAt: number;
  private movedAt: number;
  private stopped: Error | undefined;
  private path = "";

  constructor(options: FlowOptions) {
    this.options = options;
    this.clock = options.clock ?? systemTransferClock;
    this.freeAt = this.clock.now();
    this.movedAt = this.freeAt;
  }

  /** Size of a block: at most `largest`, and at a low rate so much as goes in a quarter of a second. */
  block(largest: number): number {
    const { bytesPerSecond } = this.options;
    if (bytesPerSecond === undefined) return largest;
    return Math.min(largest, Math.max(SMALLEST_BLOCK, Math.floor(bytesPerSecond / 4)));
  }

  /** Waits until so many bytes may be sent or asked for. Throws what stops the transfer. */
  async admit(bytes: number): Promise<void> {
    this.check();
    const { bytesPerSecond } = this.options;
    if (bytesPerSecond === undefined) return;
    const now = this.clock.now();
    const at = Math.max(now, this.freeAt);
    this.freeAt = at + (bytes * 1000) / bytesPerSecond;
    if (at > now) await new Promise<void>((resolve) => this.clock.setTimeout(resolve, at - now));
    this.movedAt = this.clock.now();
    this.check();
  }

  moved(bytes: number): void {
    this.movedAt = this.clock.now();
    this.options.onMoved?.(bytes);
  }

  /**
   * Waits for work on `path`, but no longer than bytes move and nobody aborts. Work that is left behind throws at its next
   * `admit` and ends by itself when its channel is closed.
   */
  async guard<T>(path: string, work: () => Promise<T>): Promise<T> {
    const { context, device, stallMs = STALL_MS } = this.options;
    this.path = path;
    this.check();
    this.movedAt = this.clock.now();
    let timer: unknown;
    let onAbort = () => {};
    const ended = new Promise<never>((_, reject) => {
      const stop = (why: string) => {
        this.stopped = transferErrors.TransferInterrupted({ device, path, why });
        reject(this.stopped);
      };
      onAbort = () => stop(String(context.signal.reason));
      context.signal.addEventListener("abort", onAbort, { once: true });
      const watch = () => {
        const left = this.movedAt + stallMs - this.clock.now();
        if (left <= 0) stop(`nothing moved for ${Math.round(stallMs / 1000)} s`);
        else timer = this.clock.setTimeout(watch, left);
      };
      watch();
    });
    try {
      return await Promise.race([work(), ended]);
    } finally {
      this.clock.clearTimeout(timer);
      context.signal.removeEventListener("abort", onAbort);
    }
  }

  /** Throws when the transfer was stopped or this worker may not touch devices any more. */
  private check(): void {
    if (this.stopped) throw this.stopped;
    const { device, context } = this.options;
    const { signal } = context;
    if (signal.aborted)
      throw transferErrors.TransferInterrupted({ device, path: this.path, why: String(signal.reason) });
    context.beforeWrite();
  }
}
