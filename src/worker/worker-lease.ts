import {
  type ApiClient,
  type Clock,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type Lease,
  type Logger,
  leases,
  ownerReference,
  pods,
  type TimerHandle,
} from "../runtime/index.ts";
import type { WorkerIdentity } from "./identity.ts";

// A worker stops touching devices 5 s before its Lease can be taken: Lease 15 s, renewed every 5 s, so two renewals may fail.
const LEASE_SECONDS = 15;
/** This part of the Lease passes before each renewal, and is left when the worker fences itself. */
const RENEW_SHARE = 1 / 3;

/** Thrown before a write to a device by a worker that can no longer be sure that the device is its own. */
export class FencedError extends Error {
  override readonly name = "Fenced";
}

export interface WorkerLeaseOptions {
  readonly client: ApiClient;
  readonly identity: WorkerIdentity;
  readonly clock: Clock;
  /** Milliseconds on a clock that never goes back, such as performance.now. */
  readonly monotonic: () => number;
  readonly log: Logger;
  /** How long the Lease lasts after a renewal; default LEASE_SECONDS. */
  readonly leaseSeconds?: number | undefined;
  /** Called once when the worker must stop touching devices at once. */
  readonly onFenced: (why: string) => void;
}

/**
 * The worker's right to touch its devices. Time counts from before a renewal is sent, so that a slow answer cannot stretch
 * it; once fenced, this process never gets it back.
 */
export class WorkerLease {
  readonly #options: WorkerLeaseOptions;
  readonly #leaseSeconds: number;
  readonly #renewMs: number;
  readonly #fenceMs: number;
  #lease: Lease | undefined;
  #renewedAt = Number.NEGATIVE_INFINITY;
  #fenced: string | undefined;
  #timer: TimerHandle | undefined;
  #released = false;

  constructor(options: WorkerLeaseOptions) {
    this.#options = options;
    this.#leaseSeconds = options.leaseSeconds ?? LEASE_SECONDS;
    this.#renewMs = this.#leaseSeconds * 1000 * RENEW_SHARE;
    this.#fenceMs = this.#leaseSeconds * 1000 - this.#renewMs;
  }

  get fenced(): boolean {
    return this.#fenced !== undefined;
  }

  /** Takes the Lease of this worker's name: whoever held it was an earlier process of the same pod. */
  async acquire(): Promise<void> {
    const { client, identity } = this.#options;
    const { namespace, name } = identity;
    for (;;) {
      const startedAt = this.#options.monotonic();
      try {
        const present = await client.get(leases, namespace, name).catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
        this.#lease = present
          ? await client.replace(leases, { ...present, spec: this.#spec(present) })
          : await client.create(leases, this.#newLease());
        this.#renewedAt = startedAt;
        break;
      } catch (error) {
        if (!isConflict(error) && !isAlreadyExists(error)) throw error;
      }
    }
    this.#schedule();
  }

  /** Throws when this worker may no longer touch devices; called before every write to one. */
  readonly check = (): void => {
    if (this.#fenced === undefined && this.#options.monotonic() - this.#renewedAt > this.#fenceMs)
      this.#fence(`the Lease was not renewed for ${this.#fenceMs / 1000} s`);
    if (this.#fenced !== undefined)
      throw new FencedError(`this worker may not touch devices any more: ${this.#fenced}`);
  };

  /** Gives the Lease back, so that devices can be placed elsewhere at once. Only after the last session was closed. */
  async release(): Promise<void> {
    this.#released = true;
    this.#options.clock.clearTimeout(this.#timer);
    const lease = this.#lease;
    if (!lease || this.fenced) return;
    const spec = { ...this.#spec(lease), holderIdentity: "" };
    await this.#options.client.replace(leases, { ...lease, spec }).catch((error: unknown) => {
      this.#options.log.warn({ reason: String(error) }, "The Lease could not be released; it will run out");
    });
  }

  /** Stops renewing without giving back, as a process does that is killed. */
  abandon(): void {
    this.#released = true;
    this.#options.clock.clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#released || this.fenced) return;
    this.#timer = this.#options.clock.setTimeout(() => void this.#renew(), this.#renewMs);
  }

  async #renew(): Promise<void> {
    const { client, log, monotonic, clock } = this.#options;
    const lease = this.#lease;
    if (!lease || this.#released || this.fenced) return;
    const startedAt = monotonic();
    // A renewal that takes longer than until the fence must not hide that the fence was reached.
    const guard = clock.setTimeout(
      () => this.#checkQuietly(),
      Math.max(0, this.#fenceMs - (startedAt - this.#renewedAt) + 1),
    );
    try {
      this.#lease = await client.replace(leases, { ...lease, spec: this.#spec(lease) });
      this.#renewedAt = startedAt;
    } catch (error) {
      // The Lease is never made anew: whoever deleted or took it may have given the devices away.
      if (isNotFound(error)) this.#fence("its Lease was deleted");
      else if (isConflict(error)) await this.#reread();
      else log.warn({ reason: String(error) }, "The Lease could not be renewed");
    } finally {
      clock.clearTimeout(guard);
    }
    this.#checkQuietly();
    this.#schedule();
  }

  async #reread(): Promise<void> {
    const { client, identity } = this.#options;
    const present = await client.get(leases, identity.namespace, identity.name).catch(() => undefined);
    if (!present) return;
    if (present.spec.holderIdentity === identity.instance) this.#lease = present;
    else this.#fence(`its Lease is held by ${present.spec.holderIdentity || "nobody"}`);
  }

  #checkQuietly(): void {
    try {
      this.check();
    } catch {
      // The fence itself was the purpose.
    }
  }

  #fence(why: string): void {
    if (this.#fenced !== undefined) return;
    this.#fenced = why;
    this.#options.clock.clearTimeout(this.#timer);
    this.#options.onFenced(why);
  }

  #newLease(): Lease {
    const { namespace, name, pool, uid } = this.#options.identity;
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name, uid } };
    return {
      apiVersion: leases.apiVersion,
      kind: leases.kind,
      metadata: {
        name,
        namespace,
        labels: { "app.kubernetes.io/name": "netpulse-worker", "netpulse.io/pool": pool },
        ownerReferences: [
          ownerReference(pod, { resource: pods, controller: false, blockOwnerDeletion: false }),
        ],
      },
      spec: this.#spec(undefined),
    };
  }

  #spec(present: Lease | undefined): Lease["spec"] {
    const { identity, clock } = this.#options;
    const now = microTime(clock.now());
    const mine = present?.spec.holderIdentity === identity.instance;
    return {
      ...present?.spec,
      holderIdentity: identity.instance,
      leaseDurationSeconds: this.#leaseSeconds,
      acquireTime: mine ? (present?.spec.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (present?.spec.leaseTransitions ?? 0) + (mine || !present ? 0 : 1),
    };
  }
}

/** metav1.MicroTime: the API server wants six digits. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
