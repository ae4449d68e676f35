import { connect } from "node:net";
import { request } from "undici";
import type { Clock, TimerHandle } from "../../runtime/clock.ts";
import { LOOPBACK, type Probe } from "./pod.ts";

/** Until the first success: the kubelet waits a whole period, but here somebody waits for the quick start. */
const EAGER_MS = 150;

/** Asks a process again and again how it is, and tells when the answer becomes another one. */
export class Prober {
  readonly #probe: Probe;
  readonly #port: number | undefined;
  readonly #clock: Clock;
  readonly #onResult: (healthy: boolean) => void;
  #timer: TimerHandle | undefined;
  #failures = 0;
  #succeededOnce = false;
  #ended = false;

  constructor(
    options: { probe: Probe; portOf: (port: string | number) => number | undefined; clock: Clock },
    onResult: (healthy: boolean) => void,
  ) {
    const { probe } = options;
    const port = probe.httpGet?.port ?? probe.tcpSocket?.port;
    this.#probe = probe;
    this.#port = port === undefined ? undefined : options.portOf(port);
    this.#clock = options.clock;
    this.#onResult = onResult;
    this.#schedule(probe.initialDelaySeconds * 1000);
  }

  end(): void {
    this.#ended = true;
    this.#clock.clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    this.#timer = this.#clock.setTimeout(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    const healthy = await this.#check().catch(() => false);
    if (this.#ended) return;
    if (healthy) {
      this.#succeededOnce = true;
      this.#failures = 0;
      this.#onResult(true);
    } else if (++this.#failures >= this.#probe.failureThreshold && this.#succeededOnce) {
      this.#onResult(false);
    }
    const period = this.#probe.periodSeconds * 1000;
    this.#schedule(this.#succeededOnce ? period : Math.min(EAGER_MS, period));
  }

  async #check(): Promise<boolean> {
    const timeoutMs = this.#probe.timeoutSeconds * 1000;
    const { httpGet } = this.#probe;
    if (this.#port === undefined) return false;
    if (httpGet === undefined) return accepts(this.#port, timeoutMs);
    const signal = AbortSignal.timeout(timeoutMs);
    const { statusCode, body } = await request(`http://${LOOPBACK}:${this.#port}${httpGet.path}`, { signal });
    await body.dump();
    return statusCode >= 200 && statusCode < 400;
  }
}

function accepts(port: number, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: LOOPBACK, port, timeout: timeoutMs });
  socket.once("connect", () => resolve(true));
  socket.once("timeout", () => resolve(false));
  socket.once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}
