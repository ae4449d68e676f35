import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "./logger.ts";
import type { RuntimeMetrics } from "./metrics.ts";

/** Something that runs until its signal aborts. */
export interface Runnable {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when what depends on it may start. */
  ready?(): Promise<void>;
}

/** Started in this order and stopped in the reverse one. */
const GROUPS = ["informers", "always", "leader"] as const;
export type Group = (typeof GROUPS)[number];

export interface ManagerOptions {
  readonly log: Logger;
  readonly metrics: RuntimeMetrics;
  /** Where metrics and health are served; port 0 takes any free one. */
  readonly host: string;
  readonly port: number;
}

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Starts the parts of a process in order, serves its health and metrics, and stops it in the reverse order. */
export class Manager {
  readonly #options: ManagerOptions;
  readonly #runnables: Record<Group, Runnable[]> = { informers: [], always: [], leader: [] };
  readonly #running: Record<Group, Running[]> = { informers: [], always: [], leader: [] };
  readonly #checks = new Map<string, () => boolean>();
  #server: Server | undefined;
  #ready = false;
  #stopping = false;

  constructor(options: ManagerOptions) {
    this.#options = options;
  }

  /** `leader` runnables start with `startLeading`, the others with `start`. */
  add(group: Group, runnable: Runnable): this {
    this.#runnables[group].push(runnable);
    return this;
  }

  /** A condition of readiness beside the start itself. */
  addReadyCheck(name: string, check: () => boolean): this {
    this.#checks.set(name, check);
    return this;
  }

  /** The port on which health and metrics are served. */
  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? 0;
  }

  async start(): Promise<void> {
    await this.#serve();
    await this.#startGroup("informers");
    await this.#startGroup("always");
    this.#ready = true;
  }

  async startLeading(): Promise<void> {
    if (!this.#stopping) await this.#startGroup("leader");
  }

  /** Ends everything, leaders first; each group ends before the one that it stands on. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#ready = false;
    for (const group of [...GROUPS].reverse()) {
      for (const { stop } of this.#running[group]) stop.abort();
      await Promise.all(this.#running[group].map(({ ended }) => ended));
    }
    await new Promise<void>((resolve) => {
      if (!this.#server) return resolve();
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #startGroup(group: Group): Promise<void> {
    const { log } = this.#options;
    const runnables = this.#runnables[group];
    for (const runnable of runnables) {
      const stop = new AbortController();
      const ended = runnable.run(stop.signal).catch((error: unknown) => {
        log.error(
          { runnable: runnable.name, reason: String(error) },
          "A part of this process ended with an error",
        );
      });
      this.#running[group].push({ stop, ended });
    }
    await Promise.all(runnables.map((runnable) => runnable.ready?.()));
  }

  async #serve(): Promise<void> {
    const { host, port, metrics } = this.#options;
    const server = createServer((request, response) => {
      const answer = (status: number, body: string) =>
        response.writeHead(status, { "content-type": "text/plain" }).end(body);
      if (request.url === "/healthz") return void answer(200, "ok");
      if (request.url === "/readyz") {
        const failing = [...this.#checks].filter(([, check]) => !check()).map(([name]) => name);
        if (!this.#ready) failing.unshift("start");
        return void answer(
          failing.length === 0 ? 200 : 503,
          failing.length === 0 ? "ok" : `not ready: ${failing.join(", ")}`,
        );
      }
      if (request.url === "/metrics")
        return void metrics.text().then(
          (text) => answer(200, text),
          () => answer(500, "metrics failed"),
        );
      answer(404, "there are /healthz, /readyz and /metrics");
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
  }
}
