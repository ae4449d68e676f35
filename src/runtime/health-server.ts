import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HealthServerOptions {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** What is not ready, or not alive; empty when all is well. */
  notReady: () => readonly string[];
  notAlive: () => readonly string[];
  metrics?: { text(): Promise<string> } | undefined;
}

/** Serves `/healthz`, `/readyz` and `/metrics`. */
export class HealthServer {
  readonly #options: HealthServerOptions;
  readonly #server;

  constructor(options: HealthServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request.url ?? "/", response));
  }

  /** The port that is listened on. */
  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  /** Resolves when it listens; fails when it cannot. */
  listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(url: string, response: ServerResponse): void {
    const [path] = url.split("?", 1);
    if (path === "/healthz" || path === "/livez") probe(response, this.#options.notAlive());
    else if (path === "/readyz") probe(response, this.#options.notReady());
    else if (path === "/metrics" && this.#options.metrics) void this.#scrape(response, this.#options.metrics);
    else write(response, 404, "There are /healthz, /readyz and /metrics here.");
  }

  async #scrape(response: ServerResponse, metrics: { text(): Promise<string> }): Promise<void> {
    try {
      write(response, 200, await metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
    } catch (error) {
      write(response, 500, `The metrics could not be collected: ${error}`);
    }
  }
}

function probe(response: ServerResponse, failing: readonly string[]): void {
  if (failing.length === 0) write(response, 200, "ok");
  else write(response, 503, `not ok: ${failing.join(", ")}`);
}

function write(
  response: ServerResponse,
  status: number,
  body: string,
  type = "text/plain; charset=utf-8",
): void {
  response.writeHead(status, { "content-type": type }).end(`${body}\n`);
}
