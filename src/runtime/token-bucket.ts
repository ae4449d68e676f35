import type { Clock } from "./clock.ts";

/** A rate limit: `burst` at once, then `perSecond`. A reservation is always granted; what varies is how long to wait for it. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #clock: Pick<Clock, "now">;
  #tokens: number;
  #filledAt: number;

  constructor(options: { perSecond: number; burst: number; clock: Pick<Clock, "now"> }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#clock = options.clock;
    this.#tokens = options.burst;
    this.#filledAt = options.clock.now();
  }

  /** Takes one token and returns the milliseconds to wait before using it; 0 while tokens are there. */
  reserve(): number {
    this.#fill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000;
  }

  /** Takes one token if one is there. */
  tryTake(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #fill(): void {
    const now = this.#clock.now();
    const elapsedMs = now - this.#filledAt;
    this.#filledAt = now; // a clock set back adds nothing, and costs nothing afterwards
    if (elapsedMs > 0)
      this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1000) * this.#perSecond);
  }
}
