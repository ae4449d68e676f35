import { setTimeout as pause } from "node:timers/promises";

// OpenSSH's own default of MaxSessions; a server with another one shows it by refusing.
const USUAL_MAXIMUM = 10;

// A server gives the place of a closed channel back a moment after it has said so: a refusal of the only channel is asked again.
const PAUSES_MS = [20, 100, 500];

/** A place among the channels of one connection; `free` gives it back, once. */
export interface Place<T> {
  readonly value: T;
  free(): void;
}

/**
 * Lets as many channels be open at once on a connection as its server takes. The number is learned: a channel that is refused
 * while there are others waits for one of them to end.
 */
export class ChannelLimit {
  private maximum = USUAL_MAXIMUM;
  /** Open, or being opened. */
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * Opens a channel as soon as there is room. Throws what `attempt` throws when it is no refusal, or when nothing else is open
   * that could make room.
   */
  async take<T>(attempt: () => Promise<T>, refused: (error: unknown) => boolean): Promise<Place<T>> {
    const pauses = [...PAUSES_MS];
    for (;;) {
      await this.enter();
      try {
        return this.place(await attempt());
      } catch (error) {
        const others = this.taken - 1;
        if (refused(error) && others > 0) this.maximum = Math.min(this.maximum, others);
        this.leave();
        if (!refused(error)) throw error;
        if (others > 0) continue;
        const ms = pauses.shift();
        if (ms === undefined) throw error;
        await pause(ms);
      }
    }
  }

  private place<T>(value: T): Place<T> {
    let held = true;
    const free = () => {
      if (held) this.leave();
      held = false;
    };
    return { value, free };
  }

  private enter(): Promise<void> {
    if (this.taken < this.maximum) {
      this.taken += 1;
      return Promise.resolve();
    }
    return new Promise((go) => this.waiting.push(go));
  }

  private leave(): void {
    this.taken -= 1;
    while (this.taken < this.maximum) {
      const next = this.waiting.shift();
      if (!next) return;
      this.taken += 1;
      next();
    }
  }
}
