// OpenSSH's own default of MaxSessions; a server with another one shows it by refusing.
const USUAL_MAXIMUM = 10;

/** A place among the channels of one connection; `free` gives it back, once. */
export interface Place<T> {
  readonly value: T;
  free(): void;
}

/**
 * Lets as many channels be open at once on a connection as its server takes. The number is learned: a channel that is refused
 * while others are open waits for one of them to end.
 */
export class ChannelLimit {
  private maximum = USUAL_MAXIMUM;
  /** Open, or being opened. */
  private taken = 0;
  private open = 0;
  private readonly waiting: (() => void)[] = [];

  /**
   * Opens a channel as soon as there is room. Throws what `attempt` throws when it is no refusal, or when nothing else is open
   * that could make room.
   */
  async take<T>(attempt: () => Promise<T>, refused: (error: unknown) => boolean): Promise<Place<T>> {
    for (;;) {
      await this.enter();
      try {
        const value = await attempt();
        this.open += 1;
        let held = true;
        const free = () => {
          if (!held) return;
          held = false;
          this.open -= 1;
          this.leave();
        };
        return { value, free };
      } catch (error) {
        const others = this.open;
        if (refused(error) && others > 0) this.maximum = Math.min(this.maximum, others);
        this.leave();
        if (!refused(error) || others === 0) throw error;
      }
    }
  }

  private enter(): Promise<void> {
    if (this.taken < this.maximum) {
      this.taken += 1;
      return Promise.resolve();
    }
    return new Promise((go) =>
      this.waiting.push(() => {
        this.taken += 1;
        go();
      }),
    );
  }

  private leave(): void {
    this.taken -= 1;
    while (this.taken < this.maximum) {
      const next = this.waiting.shift();
      if (!next) return;
      next();
    }
  }
}
