import type { BaseDriver, DeviceTarget, DriverSession, OperationContext } from "../../plugin/index.ts";
import type { Clock, Logger, TimerHandle } from "../../runtime/index.ts";
import { addressOf, type DeviceQueues } from "../device-queue.ts";
import { Limit } from "./limit.ts";

export interface SessionPoolOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly queues: DeviceQueues;
  readonly idleTimeoutMs: number;
  readonly maxAgeMs: number;
  /** 0: idle sessions are not asked for a sign of life. */
  readonly keepaliveMs: number;
  readonly maxConcurrentConnects: number;
  /** Called before every write to a device. */
  readonly beforeWrite: () => void;
  readonly onCount: (sessions: number) => void;
}

/** A session in use. It must be given back with `release` or `drop`. */
export interface Held {
  readonly session: DriverSession;
  readonly driver: BaseDriver;
  readonly reused: boolean;
}

interface Kept {
  readonly key: string;
  readonly address: string;
  readonly device: string;
  readonly session: DriverSession;
  readonly driver: BaseDriver;
  readonly openedAt: number;
  lastUsed: number;
  inUse: boolean;
  closed: boolean;
  timer?: TimerHandle | undefined;
}

/** How long a session may take to end politely before it is forgotten. */
const DISCONNECT_MS = 5000;

/** A device keeps at most this many sessions of different keys: people who alternate must not log in again each time. */
const SESSIONS_PER_DEVICE = 2;

/** Below every job's priority: asking for a sign of life never goes before work. */
const KEEPALIVE_PRIORITY = -1_000_000;

/** The live sessions of this worker, by session key. A device's queue makes sure that each is used by one at a time. */
export class SessionPool {
  readonly #options: SessionPoolOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #connects: Limit;

  constructor(options: SessionPoolOptions) {
    this.#options = options;
    this.#connects = new Limit(options.maxConcurrentConnects);
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The kept session of this key, or a new one. Throws what the driver's `connect` throws. */
  async acquire(
    key: string,
    driver: BaseDriver,
    target: DeviceTarget,
    context: OperationContext,
  ): Promise<Held> {
    const kept = this.#kept.get(key);
    if (kept && !kept.closed && !this.#tooOld(kept)) {
      this.#options.clock.clearTimeout(kept.timer);
      kept.inUse = true;
      return { session: kept.session, driver: kept.driver, reused: true };
    }
    if (kept) await this.drop(key);
    await this.#makeRoom(addressOf(target));
    const session = await this.#connects.run(() => driver.connect(target, context));
    this.#keep(key, driver, target, session);
    return { session, driver, reused: false };
  }

  /** Gives a session back for reuse. */
  release(key: string): void {
    const kept = this.#kept.get(key);
    if (!kept) return;
    kept.inUse = false;
    kept.lastUsed = this.#options.clock.now();
    this.#watchIdle(kept);
  }

  /** Ends a session that may be out of step, or is wanted no more. */
  async drop(key: string): Promise<void> {
    const kept = this.#kept.get(key);
    if (!kept) return;
    this.#forget(kept);
    await this.#disconnect(kept);
  }

  /** Ends all sessions to an address. */
  async dropAddress(address: string): Promise<void> {
    const keys = [...this.#kept.values()].filter((kept) => kept.address === address).map(({ key }) => key);
    await Promise.all(keys.map((key) => this.drop(key)));
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((key) => this.drop(key)));
  }

  #keep(key: string, driver: BaseDriver, target: DeviceTarget, session: DriverSession): void {
    const now = this.#options.clock.now();
    const kept: Kept = {
      key,
      address: addressOf(target),
      device: target.name,
      session,
      driver,
      openedAt: now,
      lastUsed: now,
      inUse: true,
      closed: false,
    };
    this.#kept.set(key, kept);
    this.#options.onCount(this.#kept.size);
    void session.closed.then((reason) => {
      kept.closed = true;
      if (this.#kept.get(key) !== kept || kept.inUse) return;
      this.#options.log.info(
        { device: kept.device, reason: reason?.message },
        "An idle session was closed by the device",
      );
      this.#forget(kept);
    });
  }

  #forget(kept: Kept): void {
    this.#options.clock.clearTimeout(kept.timer);
    if (this.#kept.get(kept.key) === kept) this.#kept.delete(kept.key);
    this.#options.onCount(this.#kept.size);
  }

  async #makeRoom(address: string): Promise<void> {
    const others = [...this.#kept.values()].filter((kept) => kept.address === address && !kept.inUse);
    const surplus = others
      .toSorted((a, b) => a.lastUsed - b.lastUsed)
      .slice(0, Math.max(0, others.length - SESSIONS_PER_DEVICE + 1));
    await Promise.all(surplus.map(({ key }) => this.drop(key)));
  }

  #watchIdle(kept: Kept): void {
    const { clock, idleTimeoutMs, keepaliveMs } = this.#options;
    const idle = clock.now() - kept.lastUsed;
    const next = Math.min(idleTimeoutMs - idle, keepaliveMs > 0 ? keepaliveMs : Number.POSITIVE_INFINITY);
    kept.timer = clock.setTimeout(() => void this.#lookAfter(kept), Math.max(0, next));
    kept.timer.unref?.();
  }

  /** An idle session is closed when it has been idle or open for too long, and asked for a sign of life otherwise. */
  async #lookAfter(kept: Kept): Promise<void> {
    const { clock, idleTimeoutMs, queues } = this.#options;
    await queues.run(kept.address, KEEPALIVE_PRIORITY, async () => {
      if (this.#kept.get(kept.key) !== kept || kept.inUse) return;
      if (clock.now() - kept.lastUsed >= idleTimeoutMs || this.#tooOld(kept)) return this.drop(kept.key);
      const alive = await kept.driver.isAlive(kept.session, this.#context(DISCONNECT_MS)).catch(() => false);
      if (!alive) return this.drop(kept.key);
      this.#watchIdle(kept);
    });
  }

  #tooOld(kept: Kept): boolean {
    return this.#options.clock.now() - kept.openedAt >= this.#options.maxAgeMs;
  }

  async #disconnect(kept: Kept): Promise<void> {
    if (kept.closed) return;
    const gone = Promise.withResolvers<void>();
    const timer = this.#options.clock.setTimeout(() => gone.resolve(), DISCONNECT_MS);
    try {
      await Promise.race([kept.driver.disconnect(kept.session, this.#context(DISCONNECT_MS)), gone.promise]);
    } catch (error) {
      this.#options.log.debug(
        { device: kept.device, reason: String(error) },
        "A session did not end politely",
      );
    } finally {
      this.#options.clock.clearTimeout(timer);
    }
  }

  #context(limitMs: number): OperationContext {
    const { log, beforeWrite } = this.#options;
    return { signal: AbortSignal.timeout(limitMs), log, beforeWrite };
  }
}
