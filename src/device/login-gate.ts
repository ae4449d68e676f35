import { deviceErrors } from "../errors/device.ts";

export interface LoginLimits {
  /** Logins under way at once to one host. */
  readonly perHost: number;
  /** Logins under way at once in this process. */
  readonly perProcess: number;
  /** Pause after the first refused login of a user on a host, in milliseconds; doubles with each further one. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** With three tries an hour no usual lock-out rule (five in fifteen minutes) is ever met. */
export const usualLimits: LoginLimits = {
  perHost: 2,
  perProcess: 50,
  firstPauseMs: 30_000,
  longestPauseMs: 20 * 60_000,
};

export interface LoginRequest {
  readonly device: string;
  /** Host and port. */
  readonly host: string;
  readonly username: string;
  /** Changes with the credential: a corrected password is tried at once. */
  readonly credential: string;
}

interface Refusals {
  count: number;
  until: number;
}

/**
 * Lets only so many logins run at once, and keeps wrong passwords from being tried again and again, so that no account is locked out.
 */
export class LoginGate {
  private readonly limits: LoginLimits;
  private readonly now: () => number;
  private readonly running = new Map<string, number>();
  private total = 0;
  private readonly waiting: { readonly host: string; readonly go: () => void }[] = [];
  private readonly refusals = new Map<string, Refusals>();

  constructor(limits: LoginLimits = usualLimits, now: () => number = () => performance.now()) {
    this.limits = limits;
    this.now = now;
  }

  /** Runs a login when there is room. Throws `LoginPaused` while a refused credential rests. */
  async run<T>(
    request: LoginRequest,
    login: () => Promise<T>,
    refused: (error: unknown) => boolean,
  ): Promise<T> {
    const key = `${request.host} ${request.username} ${request.credential}`;
    this.checkPause(request, key);
    await this.enter(request.host);
    try {
      this.checkPause(request, key);
      const result = await login();
      this.refusals.delete(key);
      return result;
    } catch (error) {
      if (refused(error)) this.remember(key);
      throw error;
    } finally {
      this.leave(request.host);
    }
  }

  private checkPause(request: LoginRequest, key: string): void {
    const found = this.refusals.get(key);
    if (!found) return;
    const leftMs = Math.ceil(found.until - this.now());
    if (leftMs <= 0) return;
    throw deviceErrors.LoginPaused({
      device: request.device,
      username: request.username,
      refusals: found.count,
      leftMs,
    });
  }

  private remember(key: string): void {
    const count = (this.refusals.get(key)?.count ?? 0) + 1;
    const pause = Math.min(this.limits.firstPauseMs * 2 ** (count - 1), this.limits.longestPauseMs);
    this.refusals.set(key, { count, until: this.now() + pause });
    if (this.refusals.size > 10_000) this.forgetOld();
  }

  private forgetOld(): void {
    const old = this.now() - this.limits.longestPauseMs;
    for (const [key, { until }] of this.refusals) if (until < old) this.refusals.delete(key);
  }

  private enter(host: string): Promise<void> {
    if (this.hasRoom(host)) {
      this.count(host, 1);
      return Promise.resolve();
    }
    return new Promise((go) => this.waiting.push({ host, go }));
  }

  private leave(host: string): void {
    this.count(host, -1);
    for (let at = 0; at < this.waiting.length && this.total < this.limits.perProcess; at++) {
      const next = this.waiting[at];
      if (!next || !this.hasRoom(next.host)) continue;
      this.waiting.splice(at--, 1);
      this.count(next.host, 1);
      next.go();
    }
  }

  private hasRoom(host: string): boolean {
    return this.total < this.limits.perProcess && (this.running.get(host) ?? 0) < this.limits.perHost;
  }

  private count(host: string, by: 1 | -1): void {
    this.total += by;
    const running = (this.running.get(host) ?? 0) + by;
    if (running === 0) this.running.delete(host);
    else this.running.set(host, running);
  }
}
