import { type Clock, systemClock, type TimerHandle } from "./clock.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What a queue reports as it works; times in seconds. `Metrics.queue(name)` makes one. */
export interface QueueMetrics {
  depth(length: number): void;
  added(): void;
  waited(seconds: number): void;
  worked(seconds: number): void;
  retried(): void;
}

export interface WorkQueueOptions {
  clock?: Clock;
  metrics?: QueueMetrics | undefined;
  /** A key's delay after its first failure; doubled with each. Default 5 ms up to 1000 s. */
  baseDelayMs?: number;
  maxDelayMs?: number;
  /** The limit over all keys for rate-limited adds; false for none. Default 10 a second, 100 at once. */
  rateLimit?: { perSecond: number; burst: number } | false;
}

/** Of a key that entered with a list rather than with a change: it lets live changes pass. */
export const LOW_PRIORITY = -100;

interface Waiting {
  readonly at: number;
  readonly timer: TimerHandle;
}

/**
 * Keys to work on. A key that is added twice is handed out once; one that is added while it is being worked on is handed out
 * again afterwards; no key is ever worked on twice at a time. Within a priority the order is that of arrival.
 *
 * @example
 * for (let key = await queue.get(); key !== undefined; key = await queue.get()) {
 *   try { await work(key); queue.forget(key); } catch { queue.addRateLimited(key); } finally { queue.done(key); }
 * }
 */
export class WorkQueue<K = string> {
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics | undefined;
  readonly #baseDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #bucket: TokenBucket | undefined;
  /** Keys that need work, with their priority: in a line, or in `processing` and to come again. */
  readonly #dirty = new Map<K, number>();
  /** Keys being worked on, with the time at which that began. */
  readonly #processing = new Map<K, number>();
  /** By priority, highest first: keys in a line, with the time at which they came. */
  #lines: { priority: number; keys: Map<K, number> }[] = [];
  readonly #waiting = new Map<K, Waiting>();
  readonly #failures = new Map<K, number>();
  readonly #getters: ((key: K | undefined) => void)[] = [];
  #length = 0;
  #closed = false;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: WorkQueueOptions = {}) {
    const { clock = systemClock, metrics, rateLimit = { perSecond: 10, burst: 100 } } = options;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#baseDelayMs = options.baseDelayMs ?? 5;
    this.#maxDelayMs = options.maxDelayMs ?? 1_000_000;
    this.#bucket = rateLimit ? new TokenBucket({ ...rateLimit, clock }) : undefined;
  }

  /** How many keys are ready to be handed out. */
  get length(): number {
    return this.#length;
  }

  /** Adds the key; of two priorities for a waiting key the higher counts. */
  add(key: K, priority = 0): void {
    if (this.#closed) return;
    this.#forgetDelay(key);
    const known = this.#dirty.get(key);
    if (known !== undefined && known >= priority) return;
    this.#dirty.set(key, priority);
    if (known === undefined) this.#metrics?.added();
    if (this.#processing.has(key)) return;
    const since = known === undefined ? this.#clock.now() : this.#leaveLine(key, known);
    this.#joinLine(key, priority, since);
    this.#handOut();
  }

  /** Adds the key after a delay; of two delays for a key the earlier counts, and `add` ends it. */
  addAfter(key: K, ms: number): void {
    if (this.#closed) return;
    if (ms <= 0) {
      this.add(key);
      return;
    }
    const at = this.#clock.now() + ms;
    const earlier = this.#waiting.get(key);
    if (earlier && earlier.at <= at) return;
    if (earlier) this.#clock.clearTimeout(earlier.timer);
    this.#waiting.set(key, { at, timer: this.#clock.setTimeout(() => this.add(key), ms) });
  }

  /** Adds a key whose work failed: after its own delay, which doubles with each failure, and not before the overall limit allows. */
  addRateLimited(key: K): void {
    if (this.#closed) return;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.#metrics?.retried();
    const own = Math.min(this.#maxDelayMs, this.#baseDelayMs * 2 ** failures);
    this.addAfter(key, Math.max(own, this.#bucket?.reserve() ?? 0));
  }

  /** The key's work succeeded: its next failure is its first. */
  forget(key: K): void {
    this.#failures.delete(key);
  }

  /** How often the key's work has failed since it last succeeded. */
  failures(key: K): number {
    return this.#failures.get(key) ?? 0;
  }

  /** The next key, once there is one; undefined when the queue was shut down. `done(key)` must follow. */
  get(): Promise<K | undefined> {
    const next = this.#next();
    if (next) return Promise.resolve(next.key);
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#getters.push(resolve);
    });
  }

  /** The work on a key has ended. */
  done(key: K): void {
    const startedAt = this.#processing.get(key);
    if (startedAt === undefined) return;
    this.#processing.delete(key);
    this.#metrics?.worked((this.#clock.now() - startedAt) / 1000);
    const priority = this.#dirty.get(key);
    if (priority !== undefined) {
      this.#joinLine(key, priority, this.#clock.now());
      this.#handOut();
    }
    this.#checkIdle();
  }

  /** Takes no more keys and forgets those that nobody works on yet. Resolves when the work on the others has ended. */
  shutdown(): Promise<void> {
    this.#close();
    this.#dirty.clear(); // also what was added while being worked on: it does not come again
    this.#lines = [];
    this.#setLength(0);
    return this.#whenIdle();
  }

  /** Takes no more keys and hands out those that are ready. Resolves when the work on all of them has ended. */
  drain(): Promise<void> {
    this.#close();
    return this.#whenIdle();
  }

  /** Seconds of work that is under way and not yet counted. */
  unfinishedWorkSeconds(): number {
    const now = this.#clock.now();
    let total = 0;
    for (const startedAt of this.#processing.values()) total += now - startedAt;
    return total / 1000;
  }

  /** For how long the longest of the work under way has lasted. */
  longestRunningSeconds(): number {
    const now = this.#clock.now();
    let longest = 0;
    for (const startedAt of this.#processing.values()) longest = Math.max(longest, now - startedAt);
    return longest / 1000;
  }

  #close(): void {
    this.#closed = true;
    for (const { timer } of this.#waiting.values()) this.#clock.clearTimeout(timer);
    this.#waiting.clear();
  }

  #whenIdle(): Promise<void> {
    this.#idle ??= Promise.withResolvers();
    this.#checkIdle();
    return this.#idle.promise;
  }

  #checkIdle(): void {
    if (!this.#closed || this.#length > 0) return;
    for (const getter of this.#getters.splice(0)) getter(undefined);
    if (this.#processing.size === 0 && this.#dirty.size === 0) this.#idle?.resolve();
  }

  #forgetDelay(key: K): void {
    const waiting = this.#waiting.get(key);
    if (!waiting) return;
    this.#clock.clearTimeout(waiting.timer);
    this.#waiting.delete(key);
  }

  #handOut(): void {
    while (this.#getters.length > 0) {
      const next = this.#next();
      if (!next) return;
      this.#getters.shift()?.(next.key);
    }
  }

  /** Takes the first key of the highest line and marks it as being worked on. */
  #next(): { key: K } | undefined {
    for (const { keys } of this.#lines) {
      for (const [key, since] of keys) {
        keys.delete(key);
        const now = this.#clock.now();
        this.#dirty.delete(key);
        this.#processing.set(key, now);
        this.#setLength(this.#length - 1);
        this.#metrics?.waited((now - since) / 1000);
        return { key };
      }
    }
    return undefined;
  }

  #joinLine(key: K, priority: number, since: number): void {
    let line = this.#lines.find((each) => each.priority === priority);
    if (!line) {
      line = { priority, keys: new Map() };
      this.#lines = [...this.#lines, line].sort((a, b) => b.priority - a.priority);
    }
    line.keys.set(key, since);
    this.#setLength(this.#length + 1);
  }

  /** Returns the time at which the key came. */
  #leaveLine(key: K, priority: number): number {
    const keys = this.#lines.find((each) => each.priority === priority)?.keys;
    const since = keys?.get(key) ?? this.#clock.now();
    if (keys?.delete(key)) this.#setLength(this.#length - 1);
    return since;
  }

  #setLength(length: number): void {
    this.#length = length;
    this.#metrics?.depth(length);
  }
}
