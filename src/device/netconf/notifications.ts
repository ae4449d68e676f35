import type { XmlElement } from "../xml/index.ts";

/** An event that the device reports by itself (RFC 5277). */
export interface Notification {
  /** RFC 3339, by the device's clock. */
  readonly eventTime: string;
  /** What happened: the element beside `eventTime`. */
  readonly event: XmlElement;
  /** Notifications before this one that were dropped because nobody took them in time. */
  readonly missed: number;
}

export function readNotification(root: XmlElement): Notification {
  const event = root.children.find((one) => one.name !== "eventTime") ?? root;
  return { eventTime: root.value("eventTime"), event, missed: 0 };
}

// Some megabytes at most: a consumer that is so far behind learns what it missed and goes on.
const HELD = 1000;

/** Notifications as they come, for one consumer: `for await (const { event } of stream)`. Leaving the loop ends it. */
export class NotificationStream implements AsyncIterableIterator<Notification> {
  private readonly held: Notification[] = [];
  private missed = 0;
  private over: { readonly error: Error | undefined } | undefined;
  private waiting: (() => void)[] = [];
  private readonly signal: AbortSignal | undefined;
  private readonly ended: () => void;
  private readonly onAbort = () => this.end(undefined);

  constructor(options: { readonly signal: AbortSignal | undefined; readonly ended: () => void }) {
    const { signal, ended } = options;
    this.ended = ended;
    this.signal = signal;
    if (signal?.aborted) this.end(undefined);
    else signal?.addEventListener("abort", this.onAbort, { once: true });
  }

  push(notification: Notification): void {
    if (this.over) return;
    if (this.held.length === HELD) {
      this.held.shift();
      this.missed += 1;
    }
    this.held.push(notification);
    // The end of a replay with a stop time is the end of the stream.
    if (notification.event.name === "notificationComplete") this.end(undefined);
    this.wake();
  }

  /** No more comes; what is held is still given out, and then the error if there is one. */
  end(error: Error | undefined): void {
    if (this.over) return;
    this.over = { error };
    this.signal?.removeEventListener("abort", this.onAbort);
    this.ended();
    this.wake();
  }

  async next(): Promise<IteratorResult<Notification>> {
    for (;;) {
      const first = this.held.shift();
      if (first) {
        const { missed } = this;
        this.missed = 0;
        return { done: false, value: missed === 0 ? first : { ...first, missed } };
      }
      if (this.over?.error) throw this.over.error;
      if (this.over) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
    }
  }

  return(): Promise<IteratorResult<Notification>> {
    this.held.length = 0;
    this.end(undefined);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private wake(): void {
    for (const go of this.waiting.splice(0)) go();
  }
}
