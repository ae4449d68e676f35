import { isConflict } from "./api-error.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { type QueueMetrics, WorkQueue, type WorkQueueOptions } from "./work-queue.ts";

/** What a reconcile wants next: nothing until something changes, or another look after a while. */
export interface Result {
  readonly requeueAfterMs?: number | undefined;
}

/** What a controller reports as it works; times in seconds. `Metrics.controller(name)` makes one. */
export interface ControllerMetrics {
  readonly queue: QueueMetrics;
  concurrency(count: number): void;
  active(count: number): void;
  reconciled(result: "success" | "error" | "requeue_after", seconds: number): void;
  timedOut(): void;
  /** The reconcile failed by a programming error (TypeError, RangeError, ReferenceError). */
  panicked(): void;
  /** Called once with the queue, whose work under way is read at each scrape. */
  observe(queue: WorkQueue<string>): void;
}

export interface ControllerOptions {
  name: string;
  /**
   * Brings the world closer to what the object with this key asks for. Called for one key at a time, again after an error
   * with growing delay. The signal aborts when the controller stops waiting for it.
   */
  reconcile: (key: string, signal: AbortSignal) => Promise<Result>;
  /** How many keys at once. Default 1. */
  concurrency?: number;
  queue?: WorkQueue<string>;
  /** For the controller's own queue. */
  queueOptions?: Pick<WorkQueueOptions, "baseDelayMs" | "maxDelayMs" | "rateLimit">;
  clock?: Clock;
  metrics?: ControllerMetrics | undefined;
  log?: Logger;
  /** A reconcile that takes longer counts as failed and is told by its signal; its key waits until it has really ended. */
  timeoutMs?: number | undefined;
}

/** Takes keys from a queue and reconciles them. */
export class Controller {
  readonly name: string;
  readonly queue: WorkQueue<string>;
  readonly #options: ControllerOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #metrics: ControllerMetrics | undefined;
  #active = 0;

  constructor(options: ControllerOptions) {
    const { name, clock = systemClock, log = silentLogger, metrics, queue, queueOptions } = options;
    this.name = name;
    this.#options = options;
    this.#clock = clock;
    this.#log = log;
    this.#metrics = metrics;
    this.queue = queue ?? new WorkQueue({ ...queueOptions, clock, metrics: metrics?.queue });
    metrics?.observe(this.queue);
  }

  /** Asks for a look at this key; `priority` below 0 lets others pass. */
  enqueue(key: string, priority = 0): void {
    this.queue.add(key, priority);
  }

  enqueueAfter(key: string, ms: number): void {
    this.queue.addAfter(key, ms);
  }

  /** Works until the signal aborts; resolves when the reconciles under way have ended. */
  async run(signal: AbortSignal): Promise<void> {
    const { concurrency = 1 } = this.#options;
    this.#metrics?.concurrency(concurrency);
    const stop = () => void this.queue.shutdown();
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    await Promise.all(Array.from({ length: concurrency }, () => this.#work()));
  }

  async #work(): Promise<void> {
    for (let key = await this.queue.get(); key !== undefined; key = await this.queue.get()) {
      this.#metrics?.active(++this.#active);
      try {
        await this.#reconcile(key);
      } finally {
        this.#metrics?.active(--this.#active);
        this.queue.done(key);
      }
    }
  }

  async #reconcile(key: string): Promise<void> {
    const startedAt = this.#clock.now();
    const seconds = () => (this.#clock.now() - startedAt) / 1000;
    try {
      const { requeueAfterMs } = await this.#inTime(key);
      this.queue.forget(key);
      if (requeueAfterMs !== undefined) this.queue.addAfter(key, requeueAfterMs);
      this.#metrics?.reconciled(requeueAfterMs === undefined ? "success" : "requeue_after", seconds());
    } catch (error) {
      this.queue.addRateLimited(key);
      this.#metrics?.reconciled("error", seconds());
      if (isProgrammingError(error)) this.#metrics?.panicked();
      const fields = { controller: this.name, key, err: error, failures: this.queue.failures(key) };
      // A conflict is two writers meeting: the next look has the newer object.
      if (isConflict(error))
        this.#log.info(fields, "the object changed while it was reconciled; it is looked at again");
      else this.#log.error(fields, "a reconcile failed and is tried again");
    }
  }

  async #inTime(key: string): Promise<Result> {
    const { reconcile, timeoutMs } = this.#options;
    const controller = new AbortController();
    if (timeoutMs === undefined) return reconcile(key, controller.signal);
    const timer = this.#clock.setTimeout(() => {
      this.#metrics?.timedOut();
      controller.abort(
        new Error(`The reconcile of ${key} by ${this.name} took longer than ${timeoutMs} ms.`),
      );
    }, timeoutMs);
    try {
      // Awaited to its real end even when late: two reconciles of one key must never overlap.
      const result = await reconcile(key, controller.signal);
      controller.signal.throwIfAborted();
      return result;
    } finally {
      this.#clock.clearTimeout(timer);
    }
  }
}

function isProgrammingError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}
