/** A timer that was set on a Clock. */
export interface TimerHandle {
  /** A timer of the real clock does not keep the process alive on its own after this. */
  unref?(): unknown;
}

/** Time as the runtime sees it. Everything timed takes one, so that tests decide how time goes. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Milliseconds since some moment, on a clock that nobody sets: for durations on which safety depends. It may stand still
   * while the machine sleeps, which `now` does not.
   */
  monotonic(): number;
  setTimeout(fn: () => void, ms: number): TimerHandle;
  clearTimeout(handle: TimerHandle | undefined): void;
}

// A longer delay makes Node's timers fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. A delay above 24.8 days is cut to 24.8 days. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (fn, ms) => setTimeout(fn, Math.min(ms, LONGEST_TIMER_MS)),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
};

/** Waits `ms` on the clock; ends early, without an error, when the signal aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clock.clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}

interface FakeTimer extends TimerHandle {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
}

/**
 * A clock that stands still until a test moves it.
 *
 * @example
 * const clock = new FakeClock();
 * clock.setTimeout(() => fired = true, 5000);
 * await clock.advance(5000); // timers run in order, and promises settle between them
 */
export class FakeClock implements Clock {
  #now: number;
  /** How far `now` was set ahead of the time that really passed. */
  #setAhead = 0;
  #order = 0;
  readonly #timers = new Set<FakeTimer>();

  constructor(startMs = Date.UTC(2030, 0, 1)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now - this.#setAhead;
  }

  /** How many timers are set: zero once everything under test has stopped. */
  get pending(): number {
    return this.#timers.size;
  }

  setTimeout(fn: () => void, ms: number): TimerHandle {
    const timer: FakeTimer = { at: this.#now + Math.max(0, ms), order: this.#order++, fn };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(handle: TimerHandle | undefined): void {
    if (handle) this.#timers.delete(handle as FakeTimer);
  }

  /** Moves time on, runs what falls due in order, and lets promises and finished I/O settle after each step. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#nextDue(end); next; next = this.#nextDue(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fn();
      await settle();
    }
    this.#now = end;
  }

  /** Moves the wall clock alone, as when someone sets the machine's time: no timer is due the sooner for it. */
  jump(ms: number): void {
    this.#now += ms;
    this.#setAhead += ms;
    const timers = [...this.#timers];
    this.#timers.clear();
    for (const timer of timers) this.#timers.add(Object.assign(timer, { at: timer.at + ms }));
  }

  #nextDue(end: number): FakeTimer | undefined {
    let next: FakeTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    }
    return next;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
