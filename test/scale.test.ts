import { expect, test } from "vitest";
import { type NetJob, netJobs } from "../src/api/index.ts";
import { condition, configured, isFinished, startSystem } from "./support/system.ts";
import { until } from "./support/until.ts";

const JOBS = 200;
const DEVICES = 50;
const WORKERS = 3;

test(`${JOBS} NetJobs at once on ${DEVICES} devices and ${WORKERS} workers: all end, each device sees one job at a time`, async () => {
  const system = await startSystem();
  const names = Array.from({ length: DEVICES }, (_, n) => `r${String(n).padStart(2, "0")}`);
  const devices = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await system.device({ latencyMs: 1 })] as const)),
  );
  await system.startOperator();
  await system.createPool(devices);
  for (let n = 0; n < WORKERS; n++) await system.startWorker();

  // Each job changes two devices, by two lines that belong together.
  const targetsOf = (n: number) => [names[n % DEVICES] ?? "", names[(n * 7 + 3) % DEVICES] ?? ""];
  const linesOf = (n: number) => [`interface Loopback${n}`, `description job ${n}`];
  await Promise.all(
    Array.from({ length: JOBS }, (_, n) =>
      system.createJob(`job-${n}`, { devices: [...new Set(targetsOf(n))], config: linesOf(n).join("\n") }),
    ),
  );

  const jobs = await until(
    "all jobs have ended",
    async () => {
      const { items } = await system.client.list<NetJob>(netJobs, { namespace: system.namespace });
      return items.length === JOBS && items.every(isFinished) ? items : undefined;
    },
    90_000,
  );
  expect(new Set(jobs.map((job) => condition(job, "Succeeded")?.reason))).toEqual(new Set(["Completed"]));
  for (const [name, device] of Object.entries(devices)) {
    const received = configured(device);
    const mine = Array.from({ length: JOBS }, (_, n) => n).filter((n) => targetsOf(n).includes(name));
    expect(received).toHaveLength(2 * mine.length);
    // One job at a time: the lines of a job stand together.
    const pairs = mine.map((_, index) => received.slice(2 * index, 2 * index + 2).join("\n"));
    expect(pairs.toSorted()).toEqual(mine.map((n) => linesOf(n).join("\n")).toSorted());
    expect(device.mostSessions).toBe(1);
  }
});
