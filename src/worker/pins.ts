import { isDeepStrictEqual } from "node:util";
import {
  type NetWorker,
  type NetWorkerStatus,
  netWorkers,
  type Pin,
  type PinMap,
  pinMaps,
} from "../api/index.ts";
import {
  type ApiClient,
  type Clock,
  type Informer,
  isConflict,
  isNotFound,
  type Logger,
  type TimerHandle,
} from "../runtime/index.ts";
import type { WorkerIdentity } from "./identity.ts";

/** Changes of the number of sessions are told this late, so that coming and going costs one write. */
const COUNT_DELAY_MS = 5000;
const RETRY_MS = 1000;

export interface PinsOptions {
  readonly client: ApiClient;
  readonly identity: WorkerIdentity;
  readonly pinMaps: Informer<PinMap>;
  readonly workers: Informer<NetWorker>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Waits for what runs on the device, closes its sessions and begins nothing more. */
  readonly close: (device: string) => Promise<void>;
}

/** The pins of this worker: which devices are its own, and the acknowledgement of those it is asked to give back. */
export class Pins {
  readonly #options: PinsOptions;
  readonly #releasing = new Set<string>();
  #releases: Record<string, { epoch: number }> = {};
  #sessions = 0;
  #draining = false;
  #startTime: string;
  #timer: TimerHandle | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: PinsOptions) {
    this.#options = options;
    this.#startTime = new Date(options.clock.now()).toISOString();
    options.pinMaps.on(() => this.#look());
    options.workers.on(({ type }) => {
      if (type !== "deleted") this.#write();
    });
  }

  /** Whether the device is this worker's own. A "no" is asked for past the cache: the watch may be late. */
  async isMine(device: string): Promise<boolean> {
    if (this.#isMine(this.#pins()[device])) return true;
    const { client, identity } = this.#options;
    try {
      const map = await client.get(pinMaps, identity.namespace, identity.pool);
      this.#options.pinMaps.upsert(map);
      return this.#isMine(map.pins?.[device]);
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  setSessions(count: number): void {
    this.#sessions = count;
    this.#timer ??= this.#options.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#write();
    }, COUNT_DELAY_MS);
  }

  async drain(): Promise<void> {
    this.#draining = true;
    this.#write();
    await this.#writing;
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  #pins(): Readonly<Record<string, Pin>> {
    const { pinMaps: cache, identity } = this.#options;
    return cache.get(`${identity.namespace}/${identity.pool}`)?.pins ?? {};
  }

  #isMine(pin: Pin | undefined): boolean {
    return pin?.worker === this.#options.identity.name && !pin.releasing;
  }

  #look(): void {
    const pins = this.#pins();
    for (const [device, pin] of Object.entries(pins)) {
      if (pin.worker !== this.#options.identity.name || !pin.releasing) continue;
      if (this.#releases[device]?.epoch === pin.epoch || this.#releasing.has(device)) continue;
      this.#releasing.add(device);
      void this.#release(device, pin.epoch);
    }
    // An acknowledgement has done its work as soon as the pin is gone or new.
    const current = Object.entries(this.#releases).filter(
      ([device, { epoch }]) => pins[device]?.epoch === epoch,
    );
    if (current.length !== Object.keys(this.#releases).length) {
      this.#releases = Object.fromEntries(current);
      this.#write();
    }
  }

  async #release(device: string, epoch: number): Promise<void> {
    try {
      await this.#options.close(device);
    } catch (error) {
      this.#options.log.warn({ device, reason: String(error) }, "A session did not close politely");
    }
    this.#releasing.delete(device);
    this.#releases = { ...this.#releases, [device]: { epoch } };
    this.#write();
  }

  /** Brings the NetWorker's status to what it should be; one write at a time, none when it is so already. */
  #write(): void {
    this.#writing = this.#writing
      .then(() => this.#store())
      .catch((error: unknown) => {
        this.#options.log.warn(
          { reason: String(error) },
          "The worker's status could not be stored; trying again",
        );
        this.#timer ??= this.#options.clock.setTimeout(() => {
          this.#timer = undefined;
          this.#write();
        }, RETRY_MS);
      });
  }

  async #store(): Promise<void> {
    const { client, workers, identity } = this.#options;
    let present = workers.get(`${identity.namespace}/${identity.name}`);
    while (present) {
      const status = this.#status();
      if (sameStatus(present.status, status)) return;
      try {
        workers.upsert(await client.replaceStatus<NetWorker>(netWorkers, { ...present, status }));
        return;
      } catch (error) {
        if (isNotFound(error)) return;
        if (!isConflict(error)) throw error;
        present = await client.get(netWorkers, identity.namespace, identity.name);
      }
    }
  }

  #status(): NetWorkerStatus {
    return {
      instance: this.#options.identity.instance,
      startTime: this.#startTime,
      draining: this.#draining,
      sessions: this.#sessions,
      releases: this.#releases,
    };
  }
}

/** The API server gives keys back in an order of its own. */
function sameStatus(a: NetWorkerStatus | undefined, b: NetWorkerStatus): boolean {
  return isDeepStrictEqual({ ...a, releases: a?.releases ?? {} }, b);
}
