import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { buildConnector, type Dispatcher, Pool } from "undici";
import { deviceErrors } from "../errors/device.ts";
import { type CertificateTrust, checkCertificate } from "./https-trust.ts";

/** A device that speaks HTTP, and how far it is trusted. */
export interface HttpTarget {
  /** The device's name, for messages. */
  readonly device: string;
  readonly protocol: "https" | "http";
  readonly host: string;
  readonly port: number;
  /** A UNIX socket instead of host and port; those only stand in the Host header then. */
  readonly socketPath?: string;
  /** Which certificate is accepted; only for https. */
  readonly trust: CertificateTrust;
  /** The name in the certificate, where it is not the host. */
  readonly serverName?: string;
  /** A client certificate and its key, both PEM. */
  readonly clientCertificate?: {
    readonly certificate: string;
    readonly key: string;
    readonly passphrase?: string;
  };
  readonly limits?: Partial<HttpLimits>;
  /** Opens a stream to the device another way than by TCP from here: through jump hosts. Called for each connection. */
  readonly through?: ((to: { readonly host: string; readonly port: number }) => Promise<Duplex>) | undefined;
}

export interface HttpLimits {
  /** Connections to the device at once. Requests beyond wait their turn. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
  /** How long an unused connection is kept open. */
  readonly keepAliveMs: number;
  /** The largest reply that is held in memory, in bytes. */
  readonly replyBytes: number;
}

const usualHttpLimits: HttpLimits = {
  connections: 1,
  connectTimeoutMs: 15_000,
  keepAliveMs: 60_000,
  // The largest text that Node holds is 512 Mi characters; `show tech-support` is some tens of MB.
  replyBytes: 256 * 1024 * 1024,
};

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Longest wait for the reply to begin, and longest silence within it. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** What this request does, for messages: the first command in it. */
  readonly purpose: string;
  /** Receives the reply's text piece by piece; `text` of the reply is then empty and its size is not limited. */
  readonly onText?: (text: string) => void;
}

export interface HttpReply {
  readonly status: number;
  readonly text: string;
  /** The `Set-Cookie` headers. */
  readonly cookies: readonly string[];
}

/**
 * HTTP to one device over a few connections that are kept open. The certificate is checked before anything is sent; redirects are not
 * followed; nothing is ever sent twice.
 *
 * @example
 * const http = new HttpClient({ device: "leaf1", protocol: "https", host: "10.0.0.1", port: 443, trust: { policy: "Verify", ca } });
 * const reply = await http.request({ method: "POST", path: "/command-api", headers, body, timeoutMs: 60_000, signal, purpose: "show clock" });
 */
export class HttpClient {
  readonly #target: HttpTarget;
  readonly #limits: HttpLimits;
  readonly #pool: Pool;

  constructor(target: HttpTarget) {
    this.#target = target;
    this.#limits = { ...usualHttpLimits, ...target.limits };
    const { connections, keepAliveMs } = this.#limits;
    this.#pool = new Pool(`${target.protocol}://${urlHost(target.host)}:${target.port}`, {
      connections,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      connect: connector(target, this.#limits),
    });
  }

  /**
   * Sends a request and reads its reply, whatever its status. Throws `ConnectFailed`, `ConnectTimeout`, `CertificateRejected`,
   * `OperationTimeout`, `SessionClosed`, `ReplyTooLarge` or `OperationAborted`.
   */
  async request(request: HttpRequest): Promise<HttpReply> {
    const { method, path, headers, body, timeoutMs, signal } = request;
    try {
      const reply = await this.#pool.request({
        method,
        path,
        headers,
        body: body ?? null,
        signal,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      const cookies = [reply.headers["set-cookie"] ?? []].flat();
      const text = await this.#read(reply.body, request);
      return { status: reply.statusCode, text, cookies };
    } catch (error) {
      throw this.#failure(error, request);
    }
  }

  /** Closes all connections; requests under way fail. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #read(body: Dispatcher.ResponseData["body"], { onText }: HttpRequest): Promise<string> {
    const decoder = new TextDecoder();
    const pieces: string[] = [];
    let bytes = 0;
    const take = onText ?? ((text: string) => pieces.push(text));
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (!onText && bytes > this.#limits.replyBytes)
        throw deviceErrors.ReplyTooLarge({
          device: this.#target.device,
          limitBytes: this.#limits.replyBytes,
        });
      take(decoder.decode(chunk, { stream: true }));
    }
    take(decoder.decode());
    return pieces.join("");
  }

  #failure(error: unknown, { signal, timeoutMs, purpose }: HttpRequest): Error {
    const { device, host, port, socketPath } = this.#target;
    if (signal.aborted) return deviceErrors.OperationAborted({ device, why: String(signal.reason) });
    if (!(error instanceof Error)) return deviceErrors.DriverFailed({ device, why: String(error) });
    const code = "code" in error ? String(error.code) : "";
    const address = socketPath ?? `${host}:${port}`;
    const cause = { cause: error };
    switch (code) {
      case "UND_ERR_CONNECT_TIMEOUT": {
        const waitedMs = this.#limits.connectTimeoutMs;
        return deviceErrors.ConnectTimeout({ device, stage: "connecting", waitedMs }, cause);
      }
      case "UND_ERR_HEADERS_TIMEOUT":
      case "UND_ERR_BODY_TIMEOUT":
        return deviceErrors.OperationTimeout({ device, command: purpose, waitedMs: timeoutMs }, cause);
      case "UND_ERR_SOCKET":
      case "UND_ERR_DESTROYED":
      case "UND_ERR_CLOSED":
      case "ECONNRESET":
      case "EPIPE":
        return deviceErrors.SessionClosed({ device, tail: error.message }, cause);
    }
    if (code.startsWith("UND_ERR") || code.startsWith("HPE_"))
      return deviceErrors.ReplyInvalid({ device, why: error.message }, cause);
    const ours = code !== "" && "retry" in error;
    return ours ? error : deviceErrors.ConnectFailed({ device, address, why: error.message }, cause);
  }
}

function connector(target: HttpTarget, limits: HttpLimits): buildConnector.connector {
  const { device, trust, clientCertificate, serverName, socketPath } = target;
  const connect = buildConnector({
    timeout: limits.connectTimeoutMs,
    // Whether the certificate is good is asked below, where a pin can say so too. A resumed session would not show it again.
    rejectUnauthorized: false,
    maxCachedSessions: 0,
    ...(trust.ca !== undefined && { ca: trust.ca }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(socketPath !== undefined && { socketPath }),
    ...(clientCertificate && {
      cert: clientCertificate.certificate,
      key: clientCertificate.key,
      ...(clientCertificate.passphrase !== undefined && { passphrase: clientCertificate.passphrase }),
    }),
  });
  const connectOver = (
    stream: Socket | undefined,
    options: buildConnector.Options,
    callback: buildConnector.Callback,
  ) => {
    if (stream && options.protocol !== "https:") {
      callback(null, stream);
      return;
    }
    connect({ ...options, ...(stream && { httpSocket: stream }) }, (error, socket) => {
      if (error) return callback(error, null);
      try {
        if (options.protocol === "https:") checkCertificate(socket as TLSSocket, trust, device);
      } catch (refused) {
        socket.destroy();
        return callback(refused as Error, null);
      }
      callback(null, socket);
    });
  };
  return (options, callback) => {
    const { through, host, port } = target;
    if (through) {
      through({ host, port }).then(
        (stream) => connectOver(asSocket(stream), options, callback),
        (error: Error) => callback(error, null),
      );
    } else connectOver(undefined, options, callback);
  };
}

/** A stream that stands in for a TCP connection: what only such a one has does nothing. */
function asSocket(stream: Duplex): Socket {
  const nothing = () => stream;
  const tcp = {
    ref: nothing,
    unref: nothing,
    setKeepAlive: nothing,
    setNoDelay: nothing,
    setTimeout: nothing,
  };
  return Object.assign(stream, tcp) as unknown as Socket;
}

function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
