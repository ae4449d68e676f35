import type { TemplateThread } from "./template-thread.ts";

// A thread can allocate about 1 GiB in a second, thus some 50 MiB between two looks.
const LOOK_EVERY_MS = 50;

/** Ends the thread when it uses more memory than it may, until stopped. */
export function watchMemory(thread: TemplateThread, limitMiB: number): { stop(): void } {
  let looking = false;
  const look = async () => {
    if (looking || !thread.alive) return;
    looking = true;
    const used = await thread.memoryUsed().catch(() => 0);
    looking = false;
    if (used > limitMiB * 1024 * 1024) await thread.terminate({ cause: "memory" });
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
