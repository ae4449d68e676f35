import { deviceErrors } from "../errors/device.ts";
import type { LoginLimits, LoginRequest } from "./login-gate.ts";

interface Refusals {
  count: number;
  until: number;
}

// Far more than there are devices in a worker; beyond it the old ones are forgotten.
const MOST = 10_000;

/** Lets a credential that was refused rest for a while, longer each time, so that no account is locked out. */
export class RefusedCredentials {
  private readonly limits: Pick<LoginLimits, "firstPauseMs" | "longestPauseMs">;
  private readonly now: () => number;
  private readonly known = new Map<string, Refusals>();

  constructor(limits: Pick<LoginLimits, "firstPauseMs" | "longestPauseMs">, now: () => number) {
    this.limits = limits;
    this.now = now;
  }

  /** Throws `LoginPaused` while the credential rests. */
  check(request: LoginRequest): void {
    const found = this.known.get(keyOf(request));
    if (!found) return;
    const leftMs = Math.ceil(found.until - this.now());
    if (leftMs <= 0) return;
    const { device, username } = request;
    throw deviceErrors.LoginPaused({ device, username, refusals: found.count, leftMs });
  }

  accepted(request: LoginRequest): void {
    this.known.delete(keyOf(request));
  }

  refused(request: LoginRequest): void {
    const key = keyOf(request);
    const count = (this.known.get(key)?.count ?? 0) + 1;
    const pause = Math.min(this.limits.firstPauseMs * 2 ** (count - 1), this.limits.longestPauseMs);
    this.known.set(key, { count, until: this.now() + pause });
    if (this.known.size > MOST) this.forgetOld();
  }

  private forgetOld(): void {
    const old = this.now() - this.limits.longestPauseMs;
    for (const [key, { until }] of this.known) if (until < old) this.known.delete(key);
  }
}

function keyOf({ host, username, credential }: LoginRequest): string {
  return `${host} ${username} ${credential}`;
}
