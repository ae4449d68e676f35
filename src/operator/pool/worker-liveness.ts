import { type Clock, keyOf, type Lease, type ObjectKey, type TimerHandle } from "../../runtime/index.ts";

/** A Lease that was not renewed for this long is taken to be nobody's, whatever the clocks of others say. */
export const LEASE_MS = 15_000;

interface Observation {
  readonly holder: string;
  readonly resourceVersion: string;
  readonly observedAt: number;
  timer?: TimerHandle;
}

/**
 * Which workers are alive, from their Leases as this operator sees them. Time counts on the own clock from the last renewal
 * that was observed, and afresh after a restart; a missing Lease counts as one that was renewed just now. A worker that is
 * lost stays lost until its Lease is renewed: the worker fences itself well before.
 */
export class WorkerLiveness {
  readonly #clock: Clock;
  readonly #onChange: (worker: ObjectKey) => void;
  readonly #leaseMs: number;
  readonly #observations = new Map<ObjectKey, Observation>();
  readonly #ended = new Set<ObjectKey>();

  /** `leaseMs` is how long the workers' Leases last after a renewal. */
  constructor(clock: Clock, onChange: (worker: ObjectKey) => void, leaseMs = LEASE_MS) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#leaseMs = leaseMs;
  }

  /** A Lease was seen, in any state. */
  observe(lease: Lease): void {
    const key = keyOf(lease);
    const known = this.#observations.get(key);
    const resourceVersion = lease.metadata.resourceVersion ?? "";
    if (known?.resourceVersion === resourceVersion) return;
    const holder = lease.spec.holderIdentity ?? "";
    this.#set(key, holder, resourceVersion);
    if (!known || known.holder !== holder || this.#expired(known)) this.#onChange(key);
  }

  /** The kubelet reports that the worker's process has ended and will not be started again. */
  observeEnd(worker: ObjectKey): void {
    if (this.#ended.has(worker)) return;
    this.#ended.add(worker);
    this.#onChange(worker);
  }

  /** Gone for good: it has ended, released its Lease, or did not renew it in time. */
  isLost(worker: ObjectKey): boolean {
    if (this.#ended.has(worker)) return true;
    const known = this.#observations.get(worker) ?? this.#set(worker, MISSING, "");
    return known.holder === "" || this.#expired(known);
  }

  /** Id of the process that holds the worker's Lease now. */
  instanceOf(worker: ObjectKey): string | undefined {
    const known = this.#ended.has(worker) ? undefined : this.#observations.get(worker);
    return known && known.holder !== "" && known.holder !== MISSING && !this.#expired(known)
      ? known.holder
      : undefined;
  }

  /** Nothing refers to this worker any more. */
  forget(worker: ObjectKey): void {
    this.#clock.clearTimeout(this.#observations.get(worker)?.timer);
    this.#observations.delete(worker);
    this.#ended.delete(worker);
  }

  stop(): void {
    for (const worker of [...this.#observations.keys()]) this.forget(worker);
  }

  #set(key: ObjectKey, holder: string, resourceVersion: string): Observation {
    this.#clock.clearTimeout(this.#observations.get(key)?.timer);
    const timer = holder === "" ? undefined : this.#watch(key, this.#leaseMs);
    const observation = { holder, resourceVersion, observedAt: this.#clock.now(), ...(timer && { timer }) };
    this.#observations.set(key, observation);
    return observation;
  }

  /** Timers may fire a moment before the clock says so: whoever was told then would find the worker alive, and not ask again. */
  #watch(key: ObjectKey, ms: number): TimerHandle {
    return this.#clock.setTimeout(() => {
      const known = this.#observations.get(key);
      if (known && !this.#expired(known)) known.timer = this.#watch(key, 1);
      else this.#onChange(key);
    }, ms);
  }

  #expired({ observedAt }: Observation): boolean {
    return this.#clock.now() - observedAt > this.#leaseMs;
  }
}

/** Stands for the holder of a Lease that was never seen. */
const MISSING = "\0missing";
