/** Exponential back-off with jitter. */
export class BackOff {
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: { initialMs: number; maxMs: number; random: () => number }) {
    this.#initialMs = options.initialMs;
    this.#maxMs = options.maxMs;
    this.#random = options.random;
  }

  /** The next delay: doubled each time up to the maximum, then drawn from [half, whole] so that clients do not return together. */
  next(): number {
    const whole = Math.min(this.#maxMs, this.#initialMs * 2 ** this.#failures);
    if (whole < this.#maxMs) this.#failures++;
    return whole * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
