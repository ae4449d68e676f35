import type { Clock } from "./clock.ts";
import { LruMap } from "./lru-map.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What someone wants said about an object. */
export interface Occurrence {
  /** The object, by uid or key. */
  readonly object: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  readonly message: string;
}

export interface CorrelatorLimits {
  /** So many different messages of one kind about one object within the window are told apart; more are combined. */
  similar: number;
  windowMs: number;
  /** Per object: so many events at once, then one per this time. */
  burst: number;
  refillMs: number;
  /** So many objects and events are remembered. */
  remembered: number;
}

// client-go's numbers.
const LIMITS: CorrelatorLimits = {
  similar: 10,
  windowMs: 600_000,
  burst: 25,
  refillMs: 300_000,
  remembered: 4096,
};

interface Group {
  readonly messages: Set<string>;
  lastAt: number;
}

/** Decides what becomes of an occurrence: an event of its own, one more in a series, or nothing. */
export class EventCorrelator {
  readonly #limits: CorrelatorLimits;
  readonly #clock: Pick<Clock, "now">;
  readonly #groups: LruMap<string, Group>;
  readonly #buckets: LruMap<string, TokenBucket>;

  constructor(clock: Pick<Clock, "now">, limits: Partial<CorrelatorLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#clock = clock;
    this.#groups = new LruMap(this.#limits.remembered);
    this.#buckets = new LruMap(this.#limits.remembered);
  }

  /** The key of the series that this belongs to and the message to show; undefined when the object says too much. */
  correlate(occurrence: Occurrence): { series: string; message: string } | undefined {
    const { object, type, reason, action, message } = occurrence;
    const kind = JSON.stringify([object, type, reason, action]);
    const combined = this.#isCrowded(kind, message);
    if (!this.#mayPass(object)) return undefined;
    return combined
      ? { series: kind, message: `(combined from similar events): ${message}` }
      : { series: JSON.stringify([kind, message]), message };
  }

  #isCrowded(kind: string, message: string): boolean {
    const now = this.#clock.now();
    const known = this.#groups.get(kind);
    const group =
      known && now - known.lastAt <= this.#limits.windowMs
        ? known
        : { messages: new Set<string>(), lastAt: now };
    group.lastAt = now;
    if (group !== known) this.#groups.set(kind, group);
    if (group.messages.has(message)) return false;
    if (group.messages.size >= this.#limits.similar - 1) return true;
    group.messages.add(message);
    return false;
  }

  #mayPass(object: string): boolean {
    let bucket = this.#buckets.get(object);
    if (!bucket) {
      bucket = new TokenBucket({
        perSecond: 1000 / this.#limits.refillMs,
        burst: this.#limits.burst,
        clock: this.#clock,
      });
      this.#buckets.set(object, bucket);
    }
    return bucket.tryTake();
  }
}
