import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { ApiError } from "./api-error.ts";
import type { Clock, TimerHandle } from "./clock.ts";

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  readonly origin: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly headers: string[];
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Until the whole answer is there; for a stream until its head is there. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Takes the body of a successful streaming answer, piece by piece. */
export interface BodySink {
  data(chunk: Buffer): void;
  /** The stream is over; without an error if the server ended it properly. */
  end(error?: Error): void;
}

/**
 * One HTTP exchange, straight on undici's dispatcher: no stream objects, one timer, one promise.
 * The promise gives the whole answer; with a sink and a status below 300 it gives the head, and the sink gets the body.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #clock: Clock;
  readonly #sink: BodySink | undefined;
  readonly #chunks: Buffer[] = [];
  readonly #abort = () => this.#fail(abortError(this.#request.signal));
  #controller: Dispatcher.DispatchController | undefined;
  #timer: TimerHandle | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #failure: Error | undefined;
  #streaming = false;
  #over = false;
  #resolve: (response: HttpResponse) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(request: HttpRequest, clock: Clock, sink?: BodySink) {
    this.#request = request;
    this.#clock = clock;
    this.#sink = sink;
  }

  /** Sends the request. Fails with the signal's reason, or with an ApiError of status 0 when no answer came. */
  send(dispatcher: Dispatcher): Promise<HttpResponse> {
    const { origin, signal, timeoutMs, method, path, headers, body } = this.#request;
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (signal?.aborted) return reject(abortError(signal));
      signal?.addEventListener("abort", this.#abort, { once: true });
      this.#timer = this.#clock.setTimeout(() => this.#fail(this.#timedOut()), timeoutMs);
      dispatcher.dispatch({ origin, path, method, headers, body: body ?? null }, this);
    });
  }

  /** Ends a stream from this side. */
  close(reason: Error): void {
    this.#fail(reason);
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#status = status;
    this.#headers = headers;
    if (!this.#sink || status >= 300) return;
    this.#streaming = true;
    this.#clock.clearTimeout(this.#timer);
    this.#resolve({ status, headers, body: "" });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#streaming) this.#sink?.data(chunk);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#finish()) return;
    if (this.#streaming) {
      this.#sink?.end();
      return;
    }
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, body: whole.toString("utf8") });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (!this.#finish()) return;
    this.#failure = error;
    this.#controller?.abort(error);
    const own = error instanceof ApiError || error === this.#request.signal?.reason;
    const failure = own ? error : this.#noAnswer(error);
    if (this.#streaming) this.#sink?.end(failure);
    else this.#reject(failure);
  }

  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    this.#clock.clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener("abort", this.#abort);
    return true;
  }

  #timedOut(): ApiError {
    const { method, path, timeoutMs } = this.#request;
    return new ApiError({
      status: 0,
      reason: "Timeout",
      message: `${method} ${path}: no answer within ${timeoutMs} ms`,
    });
  }

  #noAnswer(error: Error): ApiError {
    const { method, path } = this.#request;
    return new ApiError(
      { status: 0, reason: "ConnectionFailed", message: `${method} ${path}: ${error.message || error.name}` },
      { cause: error },
    );
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException("The request was aborted.", "AbortError");
}
