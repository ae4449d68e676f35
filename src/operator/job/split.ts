import type { NetJob, PlannedTask } from "../../api/index.ts";
import { taskName } from "./names.ts";

/** A task has at most this many devices, so that it and its results stay far below etcd's limit of 1.5 MB. */
const DEVICES_PER_TASK = 50;

/** Slices of at most 50 devices of one worker each, numbered from `firstSlice`. */
export function split(
  job: NetJob,
  run: number,
  placed: readonly { device: string; worker: string }[],
  firstSlice: number,
): PlannedTask[] {
  const byWorker = Map.groupBy(placed, ({ worker }) => worker);
  const slices = [...byWorker].flatMap(([worker, devices]) =>
    chunks(devices, DEVICES_PER_TASK).map((chunk) => ({
      worker,
      devices: chunk.map(({ device }) => device),
    })),
  );
  return slices.map((slice, index) => ({ name: taskName(job, run, firstSlice + index), ...slice }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
