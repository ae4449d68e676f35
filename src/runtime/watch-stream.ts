import { ApiError, type ApiStatus } from "./api-error.ts";
import type { BodySink } from "./exchange.ts";
import type { KubernetesObject } from "./objects.ts";

/** One event of a watch. A BOOKMARK's object holds nothing but a resourceVersion; an ERROR is thrown, never delivered. */
export interface WatchEvent<T extends KubernetesObject = KubernetesObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: T;
}

/** Cuts bytes into lines. A line is decoded only when whole, so no character is ever cut by the border of two chunks. */
export class LineSplitter {
  #held: Buffer[] = [];

  /** The lines that end in this chunk; empty ones are left out. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      const line =
        this.#held.length === 0 ? chunk.toString("utf8", start, end) : this.#join(chunk.subarray(start, end));
      if (line.trim() !== "") lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#held.push(chunk.subarray(start));
    return lines;
  }

  #join(last: Buffer): string {
    const line = Buffer.concat([...this.#held, last]).toString("utf8");
    this.#held = [];
    return line;
  }
}

// So many events may wait for a slow reader before the connection is told to stop sending.
const HIGH_WATER = 1000;

/** The events of one watch connection, as they come. Ends when the server ends it; throws an ApiError when it breaks. */
export class WatchStream<T extends KubernetesObject>
  implements BodySink, AsyncIterableIterator<WatchEvent<T>>
{
  readonly #lines = new LineSplitter();
  readonly #waiting: WatchEvent<T>[] = [];
  #taken = 0;
  #reader: PromiseWithResolvers<IteratorResult<WatchEvent<T>>> | undefined;
  #failure: Error | undefined;
  #over = false;
  #paused = false;
  #connection: { pause(): void; resume(): void; close(reason: Error): void } | undefined;

  /** Ties the stream to its connection, for flow control and for closing. */
  attach(connection: { pause(): void; resume(): void; close(reason: Error): void }): this {
    this.#connection = connection;
    return this;
  }

  data(chunk: Buffer): void {
    if (this.#over) return;
    for (const line of this.#lines.push(chunk)) {
      if (this.#over) return;
      this.#accept(line);
    }
    if (!this.#paused && this.#waiting.length - this.#taken > HIGH_WATER) {
      this.#paused = true;
      this.#connection?.pause();
    }
  }

  /** A line cut off by the end is dropped: the next watch starts before it. */
  end(error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = error;
    this.#wake();
  }

  next(): Promise<IteratorResult<WatchEvent<T>>> {
    const event = this.#take();
    if (event) return Promise.resolve({ value: event, done: false });
    if (this.#over) return this.#last();
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  return(): Promise<IteratorResult<WatchEvent<T>>> {
    this.#waiting.length = 0;
    this.#taken = 0;
    this.end();
    this.#connection?.close(
      new ApiError({ status: 0, reason: "Closed", message: "the watch was closed by its reader" }),
    );
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #accept(line: string): void {
    const event = parseEvent<T>(line);
    if (event instanceof ApiError) {
      this.end(event);
      this.#connection?.close(event);
      return;
    }
    this.#waiting.push(event);
    this.#wake();
  }

  #wake(): void {
    const reader = this.#reader;
    if (!reader) return;
    this.#reader = undefined;
    this.next().then(reader.resolve, reader.reject);
  }

  #take(): WatchEvent<T> | undefined {
    const event = this.#waiting[this.#taken];
    if (!event) return undefined;
    this.#taken++;
    if (this.#taken === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#taken = 0;
      if (this.#paused) {
        this.#paused = false;
        this.#connection?.resume();
      }
    }
    return event;
  }

  #last(): Promise<IteratorResult<WatchEvent<T>>> {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure ? Promise.reject(failure) : Promise.resolve({ value: undefined, done: true });
  }
}

function parseEvent<T extends KubernetesObject>(line: string): WatchEvent<T> | ApiError {
  let event: { type?: string; object?: unknown };
  try {
    event = JSON.parse(line) as typeof event;
  } catch (cause) {
    const message = `a line of the watch is not JSON: ${JSON.stringify(line.slice(0, 100))}`;
    return new ApiError({ status: 0, reason: "ConnectionFailed", message }, { cause });
  }
  switch (event?.type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
    case "BOOKMARK":
      return event as WatchEvent<T>;
    case "ERROR":
      return ApiError.fromStatus((event.object ?? {}) as ApiStatus);
    default:
      return new ApiError({
        status: 0,
        reason: "ConnectionFailed",
        message: `unknown watch event ${JSON.stringify(line.slice(0, 100))}`,
      });
  }
}
