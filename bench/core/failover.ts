import { atMost, type BenchRow } from "../report.ts";
import { JobRunner } from "./job-runner.ts";
import type { BenchSystem } from "./system.ts";

const DEVICES = 20;

/** How long read-only jobs wait when their worker goes: by a crash, and by a polite end. */
export async function failover(system: BenchSystem, progress: (step: string) => void): Promise<BenchRow[]> {
  const devices = await system.devices(DEVICES);
  await system.createPool("failover", devices, 500);
  const rows: BenchRow[] = [];
  const runner = await JobRunner.start(system, "failover");
  await system.startWorker("failover", "first");
  await runner.run({ deviceSelector: {} });
  for (const [how, signal, from, to, goal] of [
    ["killed", "SIGKILL", "first", "second", 20],
    ["drained", "SIGTERM", "second", "third", 3],
  ] as const) {
    progress(`worker ${how}`);
    await system.startWorker("failover", to);
    system.killWorker(from, signal);
    const seconds = (await runner.run({ deviceSelector: {} })) / 1000;
    rows.push(atMost(`worker ${how}: until its read-only devices run elsewhere`, seconds, "s", goal));
  }
  runner.stop();
  return rows;
}
