import { setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until `look` gives something other than undefined or false, and returns it. Looks every 50 ms; after the time
 * limit it fails with what was awaited and with what `look` threw last.
 *
 * @example
 * const pod = await until("the pod is ready", async () => (isReady(await get()) ? get() : undefined));
 */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  let failure: unknown;
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`Waited ${limitMs} ms in vain until ${what}.`, { cause: failure });
    }
    await sleep(50);
  }
}
