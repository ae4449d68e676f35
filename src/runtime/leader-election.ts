import { isAlreadyExists, isConflict, isNotFound } from "./api-error.ts";
import { type Lease, leases } from "./builtin-resources.ts";
import type { ApiClient } from "./client.ts";
import { type Clock, sleep, systemClock } from "./clock.ts";
import { microTimestamp } from "./conditions.ts";
import { type Logger, silentLogger } from "./logger.ts";

export interface LeaderElectionOptions {
  client: ApiClient;
  namespace: string;
  /** The Lease's name: the same for all candidates. */
  name: string;
  /** This candidate's name: another for every process start. */
  identity: string;
  /** Others may take the lease when it was not renewed for this long, by their own clocks. Default 15 s. */
  leaseDurationMs?: number;
  /** A leader that could not renew for this long stops leading. Default 10 s; must be less than the lease. */
  renewDeadlineMs?: number;
  /** How often a leader renews and a candidate looks, at most. Default 2 s. */
  retryPeriodMs?: number;
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
  log?: Logger;
  /** Called when this process begins to lead. */
  onStarted?: () => void;
  /** Called when it was leading and no longer is, without having released the lease: end the process. */
  onLost?: (why: string) => void;
  metrics?: { leading(name: string, leads: boolean): void } | undefined;
}

// Candidates look after [1, 2.2) retry periods, so that they do not all look at once.
const JITTER = 1.2;

/**
 * Makes one of several processes the leader, by a Lease. Times in the Lease are for people: a candidate counts on its own
 * clock from when it last saw the Lease change, so clocks need not agree. Between a leader's last success and the moment
 * others may follow lie `leaseDuration - renewDeadline`, in which it has stopped.
 *
 * After `run` has ended because of its signal the lease is still held: call `release` once all work has stopped.
 */
export class LeaderElector {
  readonly #options: LeaderElectionOptions;
  readonly #leaseDurationMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryPeriodMs: number;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #log: Logger;
  /** The Lease as last seen, and when it last changed on this clock. */
  #seen: Lease | undefined;
  #seenAt: number;
  #leads = false;
  /** Taken before the request that renewed was sent: the lease cannot have begun earlier for others. */
  #renewedAt: Instant;

  constructor(options: LeaderElectionOptions) {
    const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2_000 } = options;
    if (!(retryPeriodMs * JITTER < renewDeadlineMs && renewDeadlineMs < leaseDurationMs)) {
      throw new RangeError(
        `Leader election needs ${JITTER} * retry period < renew deadline < lease duration, and was given ${retryPeriodMs}, ` +
          `${renewDeadlineMs} and ${leaseDurationMs} ms.`,
      );
    }
    this.#options = options;
    this.#leaseDurationMs = leaseDurationMs;
    this.#renewDeadlineMs = renewDeadlineMs;
    this.#retryPeriodMs = retryPeriodMs;
    this.#clock = options.clock ?? systemClock;
    this.#seenAt = this.#clock.monotonic();
    this.#renewedAt = instant(this.#clock);
    this.#random = options.random ?? Math.random;
    this.#log = options.log ?? silentLogger;
    options.metrics?.leading(options.name, false);
  }

  get identity(): string {
    return this.#options.identity;
  }

  /** True only while no other can have followed, even if this process was suspended in between. */
  get isLeader(): boolean {
    return this.#leads && this.#sinceRenewal() < this.#renewDeadlineMs;
  }

  /** Who leads, as far as this process has seen. */
  get leader(): string | undefined {
    return this.#seen?.spec.holderIdentity || undefined;
  }

  /** Waits to lead, then renews. Ends when leadership is lost, or with the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { name, onStarted, onLost, metrics } = this.#options;
    while (!signal.aborted && !(await this.#try(signal))) {
      await sleep(this.#clock, this.#retryPeriodMs * (1 + this.#random() * JITTER), signal);
    }
    if (signal.aborted) return;
    this.#leads = true;
    metrics?.leading(name, true);
    this.#log.info({ lease: name, identity: this.identity }, "this process leads");
    onStarted?.();

    const lost = await this.#renew(signal);
    if (lost === undefined) return;
    this.#leads = false;
    metrics?.leading(name, false);
    this.#log.error(
      { lease: name, identity: this.identity, leader: this.leader },
      `leadership is lost: ${lost}`,
    );
    onLost?.(lost);
  }

  /** Gives the lease to whoever asks next. Call it when everything that only a leader may do has stopped. Never fails. */
  async release(): Promise<void> {
    const { name, metrics } = this.#options;
    if (!this.#leads) return;
    this.#leads = false;
    metrics?.leading(name, false);
    const deadline = this.#deadline();
    try {
      // The last renewal may have been cut off after the server carried it out: then the Lease is not the one last seen.
      const released = this.#seen && (await this.#giveAway(this.#seen, deadline.signal));
      if (!released) await this.#giveAway(await this.#read(deadline.signal), deadline.signal);
    } catch (error) {
      this.#log.warn(
        { lease: name, error: `${error}` },
        "the lease could not be released; others wait until it runs out",
      );
    } finally {
      deadline.clear();
    }
  }

  /** False when the Lease has changed since it was read. */
  async #giveAway(lease: Lease | undefined, signal: AbortSignal): Promise<boolean> {
    if (lease?.spec.holderIdentity !== this.identity) return true;
    const now = microTimestamp(this.#clock.now());
    const spec = {
      ...lease.spec,
      holderIdentity: "",
      leaseDurationSeconds: 1,
      renewTime: now,
      acquireTime: now,
    };
    try {
      await this.#options.client.replace(leases, { ...lease, spec }, { signal });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  async #read(signal: AbortSignal): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    try {
      return await client.get(leases, namespace, name, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Renews until it fails for too long; returns why, or nothing when the signal ended it. */
  async #renew(signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      await sleep(this.#clock, this.#retryPeriodMs, signal);
      if (signal.aborted) return undefined;
      if (!(await this.#try(signal)) && this.#seen && this.#seen.spec.holderIdentity !== this.identity) {
        return `${this.leader ?? "another process"} holds the lease`;
      }
      if (signal.aborted) return undefined;
      if (!this.isLeader) return `it could not be renewed within ${this.#renewDeadlineMs} ms`;
    }
    return undefined;
  }

  /** Takes or renews the lease if that is possible now. */
  async #try(signal: AbortSignal): Promise<boolean> {
    const startedAt = instant(this.#clock);
    const deadline = this.#deadline();
    try {
      const written = await this.#write(startedAt.wall, AbortSignal.any([signal, deadline.signal]));
      if (!written) return false;
      this.#observe(written);
      this.#renewedAt = startedAt;
      return true;
    } catch (error) {
      if (isConflict(error) || isAlreadyExists(error)) this.#seen = this.#leads ? undefined : this.#seen;
      else if (!signal.aborted)
        this.#log.warn({ lease: this.#options.name, error: `${error}` }, "the lease could not be written");
      return false;
    } finally {
      deadline.clear();
    }
  }

  async #write(now: number, signal: AbortSignal): Promise<Lease | undefined> {
    const { client, namespace, name } = this.#options;
    // A leader knows the Lease it wrote: one request renews it. A conflict says that someone touched it: then read.
    if (this.#leads && this.#seen) return client.replace(leases, this.#claimed(this.#seen, now), { signal });
    const current = await this.#read(signal);
    if (!current) {
      const metadata = { namespace, name };
      return client.create(leases, this.#claimed({ metadata, spec: {} }, now), { signal });
    }
    this.#observe(current);
    if (!this.#mayTake(current)) return undefined;
    return client.replace(leases, this.#claimed(current, now), { signal });
  }

  #observe(lease: Lease): void {
    const changed = lease.metadata.resourceVersion !== this.#seen?.metadata.resourceVersion;
    if (changed || lease.metadata.uid !== this.#seen?.metadata.uid) this.#seenAt = this.#clock.monotonic();
    this.#seen = lease;
  }

  #mayTake({ spec }: Lease): boolean {
    if (!spec.holderIdentity || spec.holderIdentity === this.identity) return true;
    const durationMs = spec.leaseDurationSeconds ? spec.leaseDurationSeconds * 1000 : this.#leaseDurationMs;
    return this.#clock.monotonic() - this.#seenAt >= durationMs;
  }

  #claimed(lease: Lease, now: number): Lease {
    const { spec } = lease;
    const renews = spec.holderIdentity === this.identity;
    const transitions = spec.leaseTransitions ?? 0;
    return {
      ...lease,
      spec: {
        ...spec,
        holderIdentity: this.identity,
        leaseDurationSeconds: Math.ceil(this.#leaseDurationMs / 1000),
        acquireTime: renews && spec.acquireTime ? spec.acquireTime : microTimestamp(now),
        renewTime: microTimestamp(now),
        leaseTransitions: renews || !lease.metadata.uid ? transitions : transitions + 1,
      },
    };
  }

  #sinceRenewal(): number {
    const { wall, monotonic } = this.#renewedAt;
    return Math.max(this.#clock.now() - wall, this.#clock.monotonic() - monotonic);
  }

  /** No request may hang longer than leadership lasts without it. */
  #deadline(): { signal: AbortSignal; clear(): void } {
    const controller = new AbortController();
    const sinceMs = this.#leads ? this.#sinceRenewal() : 0;
    const remainingMs = Math.max(0, this.#renewDeadlineMs - sinceMs);
    const giveUp = () => controller.abort(new Error("the lease could not be written in time"));
    const timer = this.#clock.setTimeout(giveUp, remainingMs);
    return { signal: controller.signal, clear: () => this.#clock.clearTimeout(timer) };
  }
}

/**
 * A moment on both clocks. The wall clock may be set, the other may stand still while the machine sleeps: a leader believes
 * the longer of the two spans. A candidate goes by the monotonic one alone, which at worst lets it wait too long by its own sleep.
 */
interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

function instant(clock: Clock): Instant {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}
