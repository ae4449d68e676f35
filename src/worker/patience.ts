import { ApiError, type Clock, type Logger, sleep } from "../runtime/index.ts";

/** Back-off between attempts while the API server does not answer. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

export interface Patience {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the attempts: the worker is fenced or the process ends. */
  readonly signal: AbortSignal;
}

/**
 * Makes a call to the API server, again and again while no answer comes or the server is not itself: an outage of seconds is
 * no reason to fail a job. What the server refuses is thrown at once; so is the last failure when the signal ends the attempts.
 */
export async function patiently<T>(
  what: string,
  call: () => Promise<T>,
  { clock, log, signal }: Patience,
): Promise<T> {
  for (let delay = FIRST_RETRY_MS; ; delay = Math.min(delay * 2, LONGEST_RETRY_MS)) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !isOutage(error)) throw error;
      log.warn({ reason: String(error) }, `${what} failed; trying again`);
      await sleep(clock, delay, signal);
    }
  }
}

/** No answer, too many requests, or the server's own failure; a refusal is final. */
function isOutage(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
}
