import { atLeast, atMost, type BenchRow, quantile } from "../report.ts";
import { bareProtocol } from "./bare-protocol.ts";
import { JobRunner } from "./job-runner.ts";
import type { BenchSystem } from "./system.ts";
import { countWrites } from "./writes.ts";

const DEVICES = 100;
const IN_FLIGHT = 64;
const RATE_MS = 20_000;
const BARE_MS = 10_000;

/** One-device jobs: cold, warm, many at once, and how much of that is the protocol itself. */
export async function latencyAndRate(
  system: BenchSystem,
  progress: (step: string) => void,
): Promise<BenchRow[]> {
  const devices = await system.devices(DEVICES);
  await system.createPool("pool", devices, 500);
  await system.startWorker("pool", "worker-a");
  const runner = await JobRunner.start(system, "pool");
  const device = (index: number) => ({ devices: [`d${index % DEVICES}`] });

  progress("first jobs on unpinned devices");
  const cold = await inTurn(DEVICES, (index) => runner.run(device(index)));
  progress("jobs on warm sessions");
  await inTurn(50, (index) => runner.run(device(index)));
  const warm = await inTurn(200, (index) => runner.run(device(index)));
  progress("API writes");
  const writes = await countWrites(system.plane, () => inTurn(20, (index) => runner.run(device(index))));

  progress(`sustained rate, ${IN_FLIGHT} in flight`);
  const rate = await sustained(RATE_MS, (index) => runner.run(device(index)));
  progress("the same with bare clients");
  const bare = await bareProtocol(system.plane, BARE_MS, IN_FLIGHT);
  runner.stop();
  return [
    atMost("one-device job, warm session, p50", quantile(warm, 0.5), "ms", 18),
    atMost("one-device job, warm session, p99", quantile(warm, 0.99), "ms", 60),
    atMost("first job on an unpinned device, p50", quantile(cold, 0.5), "ms", 80),
    atMost("first job on an unpinned device, p99", quantile(cold, 0.99), "ms", 250),
    atLeast(`one-device jobs, ${IN_FLIGHT} in flight, retention on`, rate, "jobs/s", 150),
    { name: "bare clients with the protocol's writes and watches", value: bare, unit: "jobs/s" },
    atLeast("share of the bare clients", rate / bare, "", 0.7),
    atMost("API writes per one-device read-only job", (writes.total - 20) / 20, "writes", 3),
  ];
}

async function inTurn(count: number, run: (index: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) times.push(await run(index));
  return times;
}

/** Jobs per second over `ms`, with a fixed number in flight. */
async function sustained(ms: number, run: (index: number) => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (performance.now() - startedAt < ms) {
      await run(next++);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return done / ((performance.now() - startedAt) / 1000);
}
