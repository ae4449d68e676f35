import { type NetTask, type NetWorker, netTasks, netWorkers, type PinMap, pinMaps } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import type { PluginRegistry } from "../plugin/registry.ts";
import {
  type ApiClient,
  type Clock,
  configMaps,
  EventRecorder,
  Informer,
  type Logger,
} from "../runtime/index.ts";
import { CredentialFolder } from "./credentials.ts";
import { addressOf, DeviceQueues } from "./device-queue.ts";
import type { WorkerIdentity } from "./identity.ts";
import { Pins } from "./pins.ts";
import { SessionPool } from "./session/session-pool.ts";
import { Executor } from "./task/execute.ts";
import { TaskLoop } from "./task/task-loop.ts";
import { TextSources } from "./task/text-source.ts";
import type { TemplateThreads } from "./templates/template-threads.ts";
import type { TransferEnds } from "./transfer/carry.ts";
import { transferEnds } from "./transfer/ends.ts";
import { WorkerLease } from "./worker-lease.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

export interface WorkerOptions {
  readonly client: ApiClient;
  readonly identity: WorkerIdentity;
  readonly config: Config;
  readonly credentialsFolder: string;
  readonly plugins: PluginRegistry;
  readonly templates: TemplateThreads;
  readonly clock: Clock;
  readonly monotonic: () => number;
  readonly log: Logger;
  readonly metrics?: WorkerMetrics;
  /** How long its Lease lasts; the operator must know the same. */
  readonly leaseSeconds?: number | undefined;
  /** This process may not touch devices any more and should end, so that a new one can begin. */
  readonly onFenced: (why: string) => void;
}

/** Closing a session waits for what runs on the device, but goes before everything that waits. */
const RELEASE_PRIORITY = 1_000_000;

/** A worker process: holds sessions, takes up its tasks, gives devices back. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #fence = new AbortController();
  readonly #watches = new AbortController();
  readonly #lease: WorkerLease;
  readonly #sessions: SessionPool;
  readonly #pins: Pins;
  readonly #loop: TaskLoop;
  readonly #transferEnds: TransferEnds;
  readonly #informers: readonly Pick<Informer<NetTask>, "run" | "synced" | "hasSynced">[];
  #draining = false;

  constructor(options: WorkerOptions) {
    const { client, identity, config, clock, log, plugins, templates } = options;
    const { namespace, name, pool } = identity;
    this.#options = options;
    this.#lease = new WorkerLease({ ...options, onFenced: (why) => this.#onFenced(why) });

    const one = (metadataName: string) => ({
      namespace,
      fieldSelector: `metadata.name=${metadataName}`,
      log,
    });
    const tasks = new Informer<NetTask>(client, netTasks, {
      namespace,
      fieldSelector: `spec.workerName=${name}`,
      log,
    });
    const pinsOfPool = new Informer<PinMap>(client, pinMaps, one(pool));
    const ownObject = new Informer<NetWorker>(client, netWorkers, one(name));
    this.#informers = [pinsOfPool, ownObject, tasks];

    const queues = new DeviceQueues();
    this.#sessions = new SessionPool({
      clock,
      log,
      queues,
      idleTimeoutMs: config.worker.idleTimeoutSeconds * 1000,
      maxAgeMs: config.worker.maxSessionAgeSeconds * 1000,
      keepaliveMs: config.worker.keepaliveSeconds * 1000,
      maxConcurrentConnects: config.worker.maxConcurrentConnects,
      beforeWrite: this.#lease.check,
      onCount: (count) => {
        this.#pins.setSessions(count);
        options.metrics?.sessions(count);
      },
    });
    const addresses = new Map<string, Set<string>>();
    tasks.on(({ object }) => {
      for (const device of object.spec.devices)
        addresses.set(device.name, (addresses.get(device.name) ?? new Set()).add(addressOf(device)));
    });
    this.#pins = new Pins({
      client,
      identity,
      pinMaps: pinsOfPool,
      workers: ownObject,
      clock,
      log,
      close: async (device) => {
        await Promise.all(
          [...(addresses.get(device) ?? [])].map((address) =>
            queues.run(address, RELEASE_PRIORITY, () => this.#sessions.dropAddress(address)),
          ),
        );
        addresses.delete(device);
      },
    });
    this.#transferEnds = transferEnds(config.worker, (name) => client.get(configMaps, namespace, name));
    const executor = new Executor({
      plugins,
      templates,
      sessions: this.#sessions,
      sources: new TextSources(client, namespace, config.templates.libraries),
      transferEnds: this.#transferEnds,
      templateTimeoutMs: config.templates.timeoutSeconds * 1000,
      credentials: new CredentialFolder(options.credentialsFolder),
      clock,
      log,
      beforeWrite: this.#lease.check,
      workerName: name,
      onResult: (driver, result) => options.metrics?.finished(driver, result),
    });
    this.#loop = new TaskLoop({
      events: new EventRecorder({ client, controller: "netpulse.io/worker", instance: name, clock, log }),
      client,
      identity,
      tasks,
      executor,
      queues,
      clock,
      log,
      isPinned: (device) => this.#pins.isMine(device),
      isDraining: () => this.#draining,
      signal: this.#fence.signal,
    });
  }

  /** Caches are filled and the Lease is held. */
  get ready(): boolean {
    return this.#informers.every((informer) => informer.hasSynced) && !this.#lease.fenced && !this.#draining;
  }

  /** Takes the Lease and begins to work. Throws when the API server refuses. */
  async start(): Promise<void> {
    await this.#lease.acquire();
    // Pins before tasks: a task that comes first would have to ask for its pin past the cache.
    for (const informer of this.#informers) {
      void informer.run(this.#watches.signal);
      await informer.synced();
    }
  }

  /** Lets what runs come to its end, gives back what has not begun, closes sessions and releases the Lease. */
  async drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    const { clock, config, log } = this.#options;
    await this.#pins.drain().catch(() => undefined);
    const limit = Promise.withResolvers<void>();
    const timer = clock.setTimeout(() => {
      log.warn({}, `Commands still run after ${config.worker.drainSeconds} s; they are ended`);
      this.#fence.abort("the worker is draining");
      limit.resolve();
    }, config.worker.drainSeconds * 1000);
    await Promise.race([this.#loop.settled(), limit.promise]);
    clock.clearTimeout(timer);
    await this.#sessions.closeAll();
    this.#transferEnds.close();
    this.#watches.abort();
    this.#pins.stop();
    await this.#lease.release();
  }

  #onFenced(why: string): void {
    this.#options.log.error({ reason: why }, "This worker is fenced: it stops touching devices");
    this.#fence.abort(why);
    void this.#sessions.closeAll().finally(() => this.#options.onFenced(why));
  }
}
