import type { ObjectKey } from "../../runtime/index.ts";

/** Jobs that wait for pins, by pool: what the pool controller places next, and whom a new pin wakes. */
export class WaitingJobs {
  readonly #byJob = new Map<ObjectKey, { readonly pool: ObjectKey; readonly devices: readonly string[] }>();
  readonly #byPool = new Map<ObjectKey, Set<ObjectKey>>();
  readonly #onWanted: (pool: ObjectKey) => void;

  /** `onWanted` is called when a pool has more to place than before. */
  constructor(onWanted: (pool: ObjectKey) => void) {
    this.#onWanted = onWanted;
  }

  /** The devices that a job waits for now; none ends its waiting. */
  update(job: ObjectKey, pool: ObjectKey, devices: readonly string[]): void {
    const known = this.#byJob.get(job);
    if (devices.length === 0) {
      if (known) this.forget(job);
      return;
    }
    if (
      known?.pool === pool &&
      known.devices.length === devices.length &&
      known.devices.every((name, i) => name === devices[i])
    )
      return;
    this.forget(job);
    this.#byJob.set(job, { pool, devices });
    const jobs = this.#byPool.get(pool) ?? new Set();
    jobs.add(job);
    this.#byPool.set(pool, jobs);
    this.#onWanted(pool);
  }

  forget(job: ObjectKey): void {
    const known = this.#byJob.get(job);
    if (!known) return;
    this.#byJob.delete(job);
    const jobs = this.#byPool.get(known.pool);
    jobs?.delete(job);
    if (jobs?.size === 0) this.#byPool.delete(known.pool);
  }

  /** Devices that jobs of the pool wait for, each once, the longest waiting job's first. */
  devicesOf(pool: ObjectKey): string[] {
    const devices = new Set<string>();
    for (const job of this.#byPool.get(pool) ?? [])
      for (const device of this.#byJob.get(job)?.devices ?? []) devices.add(device);
    return [...devices];
  }

  jobsOf(pool: ObjectKey): ObjectKey[] {
    return [...(this.#byPool.get(pool) ?? [])];
  }
}
