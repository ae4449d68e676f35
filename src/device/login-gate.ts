import { RefusedCredentials } from "./refused-credentials.ts";

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

/**
 * Lets only so many logins run at once, and keeps wrong passwords from being tried again and again, so that no account is locked out.
 */
export class LoginGate {
  private readonly limits: LoginLimits;
  private readonly running = new Map<string, number>();
  private total = 0;
  private readonly waiting: { readonly host: string; readonly go: () => void }[] = [];
  /** Credentials that hosts have refused of late. */
  readonly refusals: RefusedCredentials;

  constructor(limits: LoginLimits = usualLimits, now: () => number = () => performance.now()) {
    this.limits = limits;
    this.refusals = new RefusedCredentials(limits, now);
  }

  /** Runs a login when there is room. Throws `LoginPaused` while a refused credential rests. */
  async run<T>(
    request: LoginRequest,
    login: () => Promise<T>,
    refused: (error: unknown) => boolean,
  ): Promise<T> {
    this.refusals.check(request);
    await this.enter(request.host);
    try {
      this.refusals.check(request);
      const result = await login();
      this.refusals.accepted(request);
      return result;
    } catch (error) {
      if (refused(error)) this.refusals.refused(request);
      throw error;
    } finally {
      this.leave(request.host);
    }
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
