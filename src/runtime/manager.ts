import { type Clock, sleep, systemClock } from "./clock.ts";
import { HealthServer } from "./health-server.ts";
import { type Logger, silentLogger } from "./logger.ts";

/** Something that runs until its signal aborts, and then ends what it has under way. Informers and Controllers are. */
export interface Runnable {
  readonly name?: string;
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when what comes after it may start. */
  synced?(): Promise<void>;
  /** Whether it is ready now, after it has started. */
  readonly hasSynced?: boolean;
}

/** Started in this order, each once the one before is synced, and stopped in the reverse order. */
const GROUPS = ["servers", "informers", "always", "leader"] as const;
/** `always` runs on every replica; `leader` only while this process leads. */
export type Group = (typeof GROUPS)[number];

/** What the manager needs of a LeaderElector. */
export interface Election {
  readonly isLeader: boolean;
  run(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

/** Where signals of the operating system come from: `process`. */
export interface SignalSource {
  on(signal: "SIGTERM" | "SIGINT", listener: () => void): unknown;
  off(signal: "SIGTERM" | "SIGINT", listener: () => void): unknown;
}

export interface ManagerOptions {
  log?: Logger;
  /** Where health and metrics are served; port 0 takes any free one. No server without it. */
  host?: string;
  port?: number;
  metrics?: { text(): Promise<string> };
  /**
   * Makes the election, so that its callbacks can be tied to this manager. Without it this process leads from the start.
   *
   * @example
   * elect: (callbacks) => new LeaderElector({ client, namespace, name: "widgets", identity, ...callbacks })
   */
  elect?: (callbacks: { onStarted: () => void; onLost: (why: string) => void }) => Election;
  /** Ends the process: leadership was lost (1), a part failed (1), a second signal came (1), or the grace is over (1). */
  exit: (code: number) => void;
  /** How long everything together may take to stop. Default 30 s. */
  graceMs?: number;
  clock?: Clock;
}

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Starts the parts of a process in order, serves its health and metrics, and stops it in the reverse order: leaders' work
 * first, then the lease is released, then the rest.
 *
 * @example
 * const manager = new Manager({ log, metrics, host: "0.0.0.0", port: 8080, elect, exit: process.exit });
 * manager.add("informers", widgets).add("leader", widgetController);
 * await manager.run(process); // until SIGTERM
 */
export class Manager {
  readonly #options: ManagerOptions;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #runnables: Record<Group, Runnable[]> = { servers: [], informers: [], always: [], leader: [] };
  readonly #running: Record<Group, Running[]> = { servers: [], informers: [], always: [], leader: [] };
  readonly #readyChecks = new Map<string, () => boolean>();
  readonly #aliveChecks = new Map<string, () => boolean>();
  readonly #election: Election | undefined;
  #electing: Running | undefined;
  #leading: Promise<void> | undefined;
  #server: HealthServer | undefined;
  #started = false;
  readonly #stopping = Promise.withResolvers<void>();
  #stopped: Promise<void> | undefined;

  constructor(options: ManagerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? silentLogger;
    this.#election = options.elect?.({
      onStarted: () => void this.#lead(),
      onLost: (why) => this.#die(`leadership was lost: ${why}`),
    });
  }

  /** Adds a part. Call it before `start`. */
  add(group: Group, runnable: Runnable): this {
    this.#runnables[group].push(runnable);
    return this;
  }

  /** A condition of readiness, beside that everything has started and is synced. */
  addReadyCheck(name: string, check: () => boolean): this {
    this.#readyChecks.set(name, check);
    return this;
  }

  /** A condition of life: the kubelet restarts the process when it fails for long. */
  addAliveCheck(name: string, check: () => boolean): this {
    this.#aliveChecks.set(name, check);
    return this;
  }

  /** The port on which health and metrics are served; 0 before `start`. */
  get port(): number {
    return this.#server?.port ?? 0;
  }

  /** Whether this process may do what only the leader may. */
  get isLeader(): boolean {
    return this.#election ? this.#election.isLeader : this.#started;
  }

  /** Starts, waits for SIGTERM or SIGINT (or the signal), stops. A second signal ends the process at once. */
  async run(signals: SignalSource, signal?: AbortSignal): Promise<void> {
    const asked = Promise.withResolvers<void>();
    let count = 0;
    const onSignal = () => {
      if (++count > 1) this.#die("a second signal came");
      asked.resolve();
    };
    const onAbort = () => asked.resolve();
    signals.on("SIGTERM", onSignal);
    signals.on("SIGINT", onSignal);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) asked.resolve();
    try {
      await Promise.race([this.start(), asked.promise]);
      await asked.promise;
      await this.stop();
    } finally {
      signals.off("SIGTERM", onSignal);
      signals.off("SIGINT", onSignal);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Starts everything; resolves when all but the leader's part is synced. Fails when the port is taken. */
  async start(): Promise<void> {
    await this.#serve();
    for (const group of ["servers", "informers", "always"] as const) {
      if (this.#stopped) return;
      await this.#startGroup(group);
    }
    this.#started = true;
    if (this.#stopped) return;
    if (this.#election) this.#electing = this.#launch("leader election", this.#election);
    else await this.#lead();
  }

  /** Stops everything within the grace; the lease is released only when the leader's work has ended. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopInTime();
    return this.#stopped;
  }

  async #stopInTime(): Promise<void> {
    const { graceMs = 30_000 } = this.#options;
    this.#stopping.resolve();
    const over = new AbortController();
    const late = sleep(this.#clock, graceMs, over.signal).then(() => !over.signal.aborted);
    const stopped = this.#stopAll().then(() => false);
    if (await Promise.race([late, stopped])) this.#die(`it did not stop within ${graceMs} ms`);
    over.abort();
  }

  async #stopAll(): Promise<void> {
    await this.#leading;
    await this.#stopGroup("leader");
    if (this.#electing) {
      this.#electing.stop.abort();
      await this.#electing.ended;
      await this.#election?.release();
    }
    for (const group of ["always", "informers", "servers"] as const) await this.#stopGroup(group);
    await this.#server?.close();
  }

  #lead(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    this.#leading ??= this.#startGroup("leader");
    return this.#leading;
  }

  async #startGroup(group: Group): Promise<void> {
    for (const runnable of this.#runnables[group]) {
      this.#running[group].push(this.#launch(runnable.name ?? group, runnable));
    }
    const synced = Promise.all(this.#runnables[group].map((runnable) => runnable.synced?.()));
    await Promise.race([synced, this.#stopping.promise]); // what is being stopped may never be synced
  }

  async #stopGroup(group: Group): Promise<void> {
    for (const { stop } of this.#running[group]) stop.abort();
    await Promise.all(this.#running[group].map(({ ended }) => ended));
  }

  #launch(name: string, runnable: Pick<Runnable, "run">): Running {
    const stop = new AbortController();
    const ended = runnable.run(stop.signal).catch((error: unknown) => {
      this.#log.error({ err: error, part: name }, "a part of this process failed");
      if (!stop.signal.aborted) this.#die(`${name} failed`);
    });
    return { stop, ended };
  }

  #die(why: string): void {
    this.#log.error({ why }, "this process ends");
    this.#options.exit(1);
  }

  async #serve(): Promise<void> {
    const { host, port, metrics } = this.#options;
    if (host === undefined || port === undefined) return;
    this.#server = new HealthServer({
      host,
      port,
      metrics,
      notAlive: () => failing(this.#aliveChecks),
      notReady: () => this.#notReady(),
    });
    await this.#server.listen();
  }

  #notReady(): string[] {
    const unsynced = this.#runnables.informers.filter(({ hasSynced }) => hasSynced === false);
    return [
      ...(this.#stopped ? ["stopping"] : this.#started ? [] : ["starting"]),
      ...unsynced.map(({ name }) => name ?? "informer"),
      ...failing(this.#readyChecks),
    ];
  }
}

function failing(checks: ReadonlyMap<string, () => boolean>): string[] {
  return [...checks].filter(([, check]) => !check()).map(([name]) => name);
}
