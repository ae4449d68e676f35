import { createHash } from "node:crypto";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { ApiError } from "./api-error.ts";
import { type Clock, sleep, systemClock } from "./clock.ts";
import type { Credentials, Identity, TlsMaterial } from "./credentials.ts";
import { type BodySink, HttpExchange, type HttpRequest, type HttpResponse } from "./exchange.ts";
import { TokenBucket } from "./token-bucket.ts";

/** What `onRequest` is told after each request that was sent, retries included. */
export interface RequestRecord {
  readonly method: HttpRequest["method"];
  readonly path: string;
  /** Host and port of the API server. */
  readonly host: string;
  /** The HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly durationMs: number;
}

export interface TransportOptions {
  /** Sends the requests in place of the client's own connections. */
  dispatcher?: Dispatcher;
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
  /** Called after each request; for metrics, and to count writes. */
  onRequest?: (record: RequestRecord) => void;
  /** The client-side limit; false for none. Default 1000 a second, 2000 at once. */
  rateLimit?: { perSecond: number; burst: number } | false;
  /** Until the whole answer is there. Default 30 s. */
  timeoutMs?: number;
  /** At most so many connections for requests; watches have one each beside them. Default 64. */
  maxConnections?: number;
  userAgent?: string;
}

export interface Call {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

// A request that is told to come back later (429, or 5xx with Retry-After) is sent again up to five times while the waits
// together stay within 30 s; beyond that the caller's own back-off does better.
const MAX_RETRIES = 5;
const MAX_RETRY_WAIT_MS = 30_000;
// Below the 90 s after which the API server closes an idle connection, so that no request is sent into a closing one.
const KEEP_ALIVE_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Sends requests: keep-alive connections, rate limit, credentials, retries. */
export class Transport {
  readonly #credentials: Credentials;
  readonly #options: TransportOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #bucket: TokenBucket | undefined;
  readonly #origin: string;
  readonly #host: string;
  readonly #basePath: string;
  readonly #baseHeaders: readonly string[];
  readonly #timeoutMs: number;
  #tls: TlsMaterial | undefined;
  #tlsDigest = "";
  #requests: Dispatcher | undefined;
  #watches: Dispatcher | undefined;

  constructor(credentials: Credentials, options: TransportOptions = {}) {
    const {
      clock = systemClock,
      random = Math.random,
      rateLimit = { perSecond: 1000, burst: 2000 },
    } = options;
    const url = new URL(credentials.server);
    this.#credentials = credentials;
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
    this.#bucket = rateLimit ? new TokenBucket({ ...rateLimit, clock }) : undefined;
    this.#origin = url.origin;
    this.#host = url.host;
    this.#basePath = url.pathname.replace(/\/$/, "");
    this.#baseHeaders = [
      "accept",
      "application/json",
      "user-agent",
      options.userAgent ?? "controller-runtime",
    ];
    this.#timeoutMs = options.timeoutMs ?? 30_000;
  }

  /** The whole answer, whose status is below 300. Fails with an ApiError, or with the signal's reason. */
  send(call: Call): Promise<HttpResponse> {
    return this.#attempts(call, (request) => this.#exchange(request, undefined).answer);
  }

  /** Opens a stream; resolves once the server accepted it. The body goes to the sink until either side ends it. */
  async stream(call: Call, sink: BodySink): Promise<HttpExchange> {
    let open: HttpExchange | undefined;
    await this.#attempts(call, (request) => {
      const { exchange, answer } = this.#exchange(request, sink);
      open = exchange;
      return answer;
    });
    return open as HttpExchange;
  }

  /** Closes all connections; requests under way fail. */
  async close(): Promise<void> {
    if (this.#options.dispatcher) return;
    await Promise.all([this.#requests?.destroy(), this.#watches?.destroy()]);
  }

  async #attempts(
    call: Call,
    attempt: (request: HttpRequest) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    let waited = 0;
    let reauthenticated = false;
    for (let retries = 0; ; retries++) {
      const limit = this.#bucket?.reserve() ?? 0;
      if (limit > 0) await sleep(this.#clock, limit, call.signal);
      const response = await this.#attempt(call, attempt, retries);
      if (!response) continue;
      if (response.status < 300) return response;

      if (response.status === 401 && !reauthenticated) {
        reauthenticated = true;
        await this.#credentials.refresh();
        continue;
      }
      const retryAfter = response.headers["retry-after"] as string | undefined;
      const error = ApiError.fromBody(
        response.status,
        response.body,
        `${call.method} ${call.path}`,
        retryAfter,
      );
      if (!isComeBackLater(error) || retries >= MAX_RETRIES) throw error;
      // Up to a quarter more, so that all who were told the same second do not return in it together.
      const wait = (error.retryAfterSeconds ?? 1) * 1000 * (1 + this.#random() / 4);
      if (waited + wait > MAX_RETRY_WAIT_MS) throw error;
      waited += wait;
      await sleep(this.#clock, wait, call.signal);
    }
  }

  /** One attempt; undefined when it may be made again at once. */
  async #attempt(
    call: Call,
    attempt: (request: HttpRequest) => Promise<HttpResponse>,
    retries: number,
  ): Promise<HttpResponse | undefined> {
    const current = this.#credentials.current();
    const request = this.#request(call, current instanceof Promise ? await current : current);
    const startedAt = this.#clock.now();
    let status = 0;
    try {
      const response = await attempt(request);
      status = response.status;
      return response;
    } catch (error) {
      if (retries < 2 && isLostConnection(call, error)) return undefined;
      throw error;
    } finally {
      const durationMs = this.#clock.now() - startedAt;
      this.#options.onRequest?.({
        method: call.method,
        path: call.path,
        host: this.#host,
        status,
        durationMs,
      });
    }
  }

  #request(call: Call, identity: Identity): HttpRequest {
    this.#useTls(identity.tls);
    const headers = [...this.#baseHeaders, ...identity.headers];
    if (call.body !== undefined) headers.push("content-type", call.contentType ?? "application/json");
    return {
      origin: this.#origin,
      method: call.method,
      path: this.#basePath + call.path,
      headers,
      body: call.body,
      signal: call.signal,
      timeoutMs: call.timeoutMs ?? this.#timeoutMs,
    };
  }

  #exchange(request: HttpRequest, sink: BodySink | undefined) {
    const exchange = new HttpExchange(request, this.#clock, sink);
    const dispatcher = (sink ? this.#watches : this.#requests) as Dispatcher;
    return { exchange, answer: exchange.send(dispatcher) };
  }

  /** Connections made with a client certificate stay as they are; after a change of it new ones are made. */
  #useTls(tls: TlsMaterial): void {
    if (tls === this.#tls) return;
    this.#tls = tls;
    const digest = createHash("sha256").update(JSON.stringify(tls)).digest("hex");
    if (digest === this.#tlsDigest) return;
    this.#tlsDigest = digest;
    void this.#requests?.close();
    void this.#watches?.close();
    this.#requests = this.#options.dispatcher ?? this.#connections(tls, this.#options.maxConnections ?? 64);
    // Watches hold their connections for minutes: in one pool with a limit they would starve the requests.
    this.#watches = this.#options.dispatcher ?? this.#connections(tls, null);
  }

  #connections(tls: TlsMaterial, connections: number | null): Dispatcher {
    const pool = {
      connections,
      allowH2: false, // slower here, and a long watch would share its flow control with everything else
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0, // timed by the exchange, on the injected clock
      bodyTimeout: 0,
    };
    const connect = { timeout: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelay: 30_000 };
    const { proxyUrl } = this.#credentials;
    if (!proxyUrl) return new Agent({ ...pool, connect: { ...connect, ...tls } });
    if (!/^https?:/.test(proxyUrl))
      throw new Error(`The kubeconfig's proxy-url ${proxyUrl} is not http or https.`);
    return new ProxyAgent({ ...pool, uri: proxyUrl, requestTls: { ...connect, ...tls } });
  }
}

function isComeBackLater(error: ApiError): boolean {
  return (
    error.status === 429 ||
    (error.status >= 500 && error.retryAfterSeconds !== undefined && error.reason !== "Timeout")
  );
}

/**
 * A read may always be repeated. A write may be only when it never left: otherwise the server may have carried it out, and
 * the caller must look before it writes again.
 */
function isLostConnection(call: Call, error: unknown): boolean {
  if (!(error instanceof ApiError) || error.status !== 0 || error.reason !== "ConnectionFailed") return false;
  const { code } = (error.cause ?? {}) as { code?: string };
  if (code === "ECONNREFUSED" || code === "UND_ERR_CONNECT_TIMEOUT" || code === "ENOTFOUND") return false;
  return call.method === "GET";
}
