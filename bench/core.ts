import { failover } from "./core/failover.ts";
import { latencyAndRate } from "./core/latency.ts";
import { sessionsAtScale } from "./core/sessions.ts";
import { BenchSystem } from "./core/system.ts";
import type { BenchRow } from "./report.ts";

/** Figures of the core: API server, operator, workers and devices as processes on this machine. */
export async function bench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const wanted = process.argv.slice(3).filter((argument) => !argument.startsWith("--"));
  for (const part of [latencyAndRate, sessionsAtScale, failover]) {
    if (wanted.length > 0 && !wanted.includes(part.name)) continue;
    const system = await BenchSystem.start();
    try {
      rows.push(...(await part(system, progress)));
    } finally {
      await system.stop();
    }
  }
  return rows;
}

function progress(step: string): void {
  console.error(`${new Date().toISOString().slice(11, 19)} ${step}`);
}
