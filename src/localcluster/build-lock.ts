import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 250;

/**
 * Runs `work` while no other process runs it under the same lock. The lock is a folder that only one process can create;
 * one whose owner has died is taken over.
 */
export async function withBuildLock(
  lock: string,
  onWait: () => void,
  work: () => Promise<void>,
): Promise<void> {
  let waited = false;
  while (!acquire(lock)) {
    if (!waited) onWait();
    waited = true;
    if (ownerIsDead(lock)) rmSync(lock, { recursive: true, force: true });
    else await sleep(POLL_MS);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function acquire(lock: string): boolean {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(lock, "pid"), String(process.pid));
  return true;
}

function ownerIsDead(lock: string): boolean {
  try {
    const pid = Number(readFileSync(join(lock, "pid"), "utf8"));
    if (!Number.isInteger(pid) || pid <= 0) return false; // being written
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
