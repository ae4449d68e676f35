/** Counts requests under way and lets no more than a number of them be. One failure ends all. */
export class Window {
  private readonly limit: number;
  private under = 0;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Waits for room. @throws what an earlier request failed with */
  async enter(): Promise<void> {
    while (this.under >= this.limit && !this.failure) await this.change();
    if (this.failure) throw this.failure;
    this.under += 1;
  }

  leave(error?: Error | null): void {
    this.under -= 1;
    if (error) this.failure ??= error;
    this.wake?.();
  }

  /** Waits until all have ended. @throws what one of them failed with */
  async empty(): Promise<void> {
    while (this.under > 0 && !this.failure) await this.change();
    if (this.failure) throw this.failure;
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
