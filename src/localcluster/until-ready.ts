import { setTimeout as sleep } from "node:timers/promises";
import { localClusterErrors } from "../errors/local-cluster.ts";
import type { Program } from "./program.ts";

const POLL_MS = 50;
const LIMIT_SECONDS = 90;

/**
 * Asks again and again until `ready` no longer fails. Ends at once when the program ends, and with `NotReadyInTime` after 90 s.
 */
export async function untilReady(what: string, program: Program, ready: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + LIMIT_SECONDS * 1000;
  const poll = async () => {
    for (;;) {
      const reason = await ready().then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (reason === undefined || !program.running) return;
      if (performance.now() > deadline) {
        throw localClusterErrors.NotReadyInTime({
          what,
          seconds: LIMIT_SECONDS,
          last: reason,
          log: program.log,
        });
      }
      await sleep(POLL_MS);
    }
  };
  await Promise.race([poll(), program.failure()]);
}
