import { createHash } from "node:crypto";
import { setTimeout as timer } from "node:timers/promises";
import { deviceErrors } from "../../errors/device.ts";
import { loginErrors } from "../../errors/login.ts";
import type { Credential } from "../../plugin/driver.ts";
import { hotp, type TotpSecret, timeStep, totpSecret } from "./totp.ts";

/** Time, where a test may want another. */
export interface CodeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after some milliseconds; rejects when the signal is aborted. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

const systemClock: CodeClock = {
  now: () => Date.now(),
  wait: (ms, signal) => timer(ms, undefined, signal && { signal }),
};

/** A login that may be asked for a one-time code. */
export interface CodeRequest {
  /** Name for messages. */
  readonly device: string;
  /** Of the device and of every host on the way that is logged in to with it: whoever may ask for a code. */
  readonly credentials: readonly Credential[];
  readonly signal?: AbortSignal;
  /** Told once when the login has to wait for another code, with about how many seconds. */
  readonly waits?: (seconds: number) => void;
}

/** The right to use codes until `release`: no other login of this process gets one from the same secrets meanwhile. */
export interface CodeTurn {
  /** A code that no login has used. Waits for the next one where the present one was used. Throws `OneTimeCodeSpent`, `OneTimeSecretInvalid` or `OperationAborted`. */
  code(credential: Credential): Promise<string>;
  release(): void;
}

/** Secrets remembered; the eldest are forgotten first. */
const MOST_REMEMBERED = 10_000;

/**
 * Gives out one-time codes, each once: servers refuse a code that they have seen, and some lock the account for it. Logins with the same
 * secret take turns, and one whose code was used waits for the next time step before it connects.
 *
 * @example
 * const turn = await codeLedger.turn({ device: "r1", credentials: [credential] });
 * try { await login(await turn.code(credential)); } finally { turn.release(); }
 */
export class CodeLedger {
  private readonly clock: CodeClock;
  /** Secret -> the last time step whose code was given out. */
  private readonly given = new Map<string, number>();
  /** Plain codes that were given out. */
  private readonly spent = new Set<string>();
  /** Secret -> the end of the last turn that waits or runs. */
  private readonly turns = new Map<string, Promise<void>>();

  constructor(clock: CodeClock = systemClock) {
    this.clock = clock;
  }

  /** Waits until the codes of these credentials are free. Without any, at once. */
  async turn(request: CodeRequest): Promise<CodeTurn> {
    const secrets = new Map<string, TotpSecret>();
    for (const { data } of request.credentials) {
      const secret = data.totp === undefined ? undefined : totpSecret(data.totp);
      if (typeof secret === "object") secrets.set(identity(secret), secret);
    }
    // Always in the same order, so that two logins with several secrets never wait for each other.
    const ids = [...secrets.keys()].toSorted();
    const { promise: done, resolve: release } = Promise.withResolvers<void>();
    const before = ids.map((id) => this.enter(id, done));
    const wait = new Wait(this.clock, request);
    try {
      await wait.until(Promise.all(before));
      for (const [id, secret] of secrets) await this.fresh(id, secret, wait);
    } catch (error) {
      release();
      throw error;
    }
    return { code: (credential) => this.code(credential, request), release };
  }

  private enter(id: string, done: Promise<void>): Promise<void> {
    const before = this.turns.get(id) ?? Promise.resolve();
    const mine = before.then(() => done);
    this.turns.set(id, mine);
    void mine.then(() => {
      if (this.turns.get(id) === mine) this.turns.delete(id);
    });
    return before;
  }

  private async code({ data }: Credential, request: CodeRequest): Promise<string> {
    const { device } = request;
    if (data.totp === undefined) return this.plain(data.otp?.trim() ?? "", device);
    const secret = totpSecret(data.totp);
    if (typeof secret === "string") throw loginErrors.OneTimeSecretInvalid({ device, why: secret });
    const id = identity(secret);
    await this.fresh(id, secret, new Wait(this.clock, request));
    const step = timeStep(secret, this.clock.now());
    this.given.delete(id);
    this.given.set(id, step);
    forgetEldest(this.given);
    return hotp(secret, step);
  }

  private plain(code: string, device: string): string {
    const id = createHash("sha256").update(code).digest("base64");
    if (this.spent.has(id)) throw loginErrors.OneTimeCodeSpent({ device });
    this.spent.add(id);
    forgetEldest(this.spent);
    return code;
  }

  private async fresh(id: string, secret: TotpSecret, wait: Wait): Promise<void> {
    for (;;) {
      const last = this.given.get(id);
      const now = this.clock.now();
      if (last === undefined || timeStep(secret, now) > last) return;
      await wait.milliseconds((last + 1) * secret.period * 1000 - now);
    }
  }
}

/** The ledger of this process: drivers share it, since a device does not care which of them has used a code. */
export const codeLedger = new CodeLedger();

/** Whether one-time codes can come from a credential. */
export function hasCodes({ data }: Credential): boolean {
  return data.totp !== undefined || data.otp !== undefined;
}

/** One login's waiting: cut short by its signal, told of once. */
class Wait {
  private readonly clock: CodeClock;
  private readonly request: CodeRequest;
  private told = false;

  constructor(clock: CodeClock, request: CodeRequest) {
    this.clock = clock;
    this.request = request;
  }

  async milliseconds(ms: number): Promise<void> {
    this.tell(ms);
    try {
      await this.clock.wait(ms, this.request.signal);
    } catch (error) {
      if (this.request.signal?.aborted) throw this.aborted();
      throw error;
    }
  }

  /** Waits for other logins. */
  async until(free: Promise<unknown>): Promise<void> {
    const { signal } = this.request;
    if (signal?.aborted) throw this.aborted();
    if (signal === undefined) {
      await free;
      return;
    }
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(this.aborted());
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await Promise.race([free, stopped]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  private tell(ms: number): void {
    if (this.told) return;
    this.told = true;
    this.request.waits?.(Math.ceil(ms / 1000));
  }

  private aborted(): Error {
    return deviceErrors.OperationAborted({
      device: this.request.device,
      why: "while it waited for another one-time code",
    });
  }
}

/** The same secret under different credentials is one: it is told by what codes are made from. */
function identity({ key, algorithm, digits, period }: TotpSecret): string {
  return createHash("sha256").update(`${algorithm} ${digits} ${period} `).update(key).digest("base64");
}

function forgetEldest(known: {
  readonly size: number;
  keys(): Iterator<string>;
  delete(id: string): boolean;
}): void {
  if (known.size <= MOST_REMEMBERED) return;
  const eldest = known.keys().next();
  if (!eldest.done) known.delete(eldest.value);
}
