import { readFileSync } from "node:fs";
import { atMost, type BenchRow } from "../report.ts";
import { JobRunner } from "./job-runner.ts";
import type { BenchSystem } from "./system.ts";
import { countWrites } from "./writes.ts";

/** A pool holds 500 devices; 1000 sessions of one worker would be two pools' worth, so the last step uses two keys a device. */
const STEPS = [100, 500] as const;
const REST_MS = 60_000;
const REST_SESSIONS = 200;

/** Memory per live session, one job over 500 devices, and what the system writes while nothing happens. */
export async function sessionsAtScale(
  system: BenchSystem,
  progress: (step: string) => void,
): Promise<BenchRow[]> {
  const devices = await system.devices(500);
  await system.createPool("large", devices, 500);
  const pid = await system.startWorker("large", "worker-large");
  const runner = await JobRunner.start(system, "large");
  // The first session loads the driver and the platform; what comes on top of it is what sessions cost.
  await runner.run({ devices: ["d0"] });
  const idle = memoryOf(pid);
  const rows: BenchRow[] = [];
  for (const count of STEPS) {
    progress(`${count} sessions`);
    await runner.run({ devices: devices.slice(0, count).map(({ name }) => name) });
    const perSession = (memoryOf(pid) - idle) / (count - 1);
    rows.push(atMost(`worker memory per live session, ${count} sessions`, perSession / 1024, "KiB", 100));
  }
  progress("a second session to each device");
  await runner.run({ deviceSelector: {}, driver: { args: { conn_timeout: 11 } } });
  rows.push(
    atMost("worker memory per live session, 1000 sessions", (memoryOf(pid) - idle) / 999 / 1024, "KiB", 100),
  );

  progress("one job over 500 devices, warm sessions");
  const times = [];
  for (let index = 0; index < 5; index++) times.push(await runner.run({ deviceSelector: {} }));
  rows.push(
    atMost(
      "one job over 500 devices, warm sessions, median",
      times.toSorted((a, b) => a - b)[2] ?? 0,
      "ms",
      2000,
    ),
  );
  progress(`${REST_MS / 1000} s at rest`);
  // Counts that lag behind the sessions are told within seconds; what follows is rest.
  await new Promise((resolve) => setTimeout(resolve, 8000));
  const { total } = await countWrites(
    system.plane,
    () => new Promise((resolve) => setTimeout(resolve, REST_MS)),
  );
  rows.push(
    atMost(
      `API writes in 60 s at rest with ${Math.max(REST_SESSIONS, 500)} idle pinned sessions`,
      total,
      "writes",
      0,
    ),
  );
  runner.stop();
  return rows;
}

/** Resident memory of a process in bytes. */
function memoryOf(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}
