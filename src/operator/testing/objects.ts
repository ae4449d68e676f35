import type { DevicePool, DeviceResult, NetJob, NetTask, Pin } from "../../api/index.ts";
import { decide, type JobView } from "../job/decide.ts";
import { currentRun } from "../job/run.ts";
import { makeTask } from "../job/task.ts";

/** The moment at which the objects of a test were made. */
export const START = Date.UTC(2030, 0, 1);
export const startTime = new Date(START).toISOString();

const metadata = (name: string) => ({
  name,
  namespace: "lab",
  uid: `uid-of-${name}`,
  resourceVersion: "1",
  generation: 1,
  creationTimestamp: startTime,
});

/** A pool `pool` with these devices. */
export function pool(devices: readonly string[], spec: Partial<DevicePool["spec"]> = {}): DevicePool {
  return {
    metadata: metadata("pool"),
    spec: {
      devices: devices.map((name) => ({ name, host: name })),
      workers: { replicas: 1, capacity: 100 },
      successfulJobsHistoryLimit: 200,
      failedJobsHistoryLimit: 200,
      ...spec,
    },
  };
}

/** A job `job` that configures these devices. */
export function job(
  devices: readonly string[],
  spec: Partial<NetJob["spec"]> = {},
  status?: NetJob["status"],
): NetJob {
  return {
    metadata: metadata("job"),
    spec: {
      poolRef: { name: "pool" },
      devices: [...devices],
      config: "no shutdown",
      strategy: "Pinned",
      priority: 0,
      backoffLimit: 0,
      onInterrupted: "Fail",
      suspend: false,
      cancel: false,
      ...spec,
    },
    ...(status && { status }),
  };
}

/** Pins of devices to workers, as `{ r1: "w1" }`. */
export function pins(workers: Readonly<Record<string, string>>): Record<string, Pin> {
  return Object.fromEntries(
    Object.entries(workers).map(([device, worker]) => [device, { worker, epoch: 2 }]),
  );
}

/** What is seen when every device is pinned to `w1`, which is ready. */
function view(of: NetJob, more: Partial<JobView> = {}): JobView {
  const devices = of.spec.devices ?? [];
  return {
    pool: pool(devices),
    pins: pins(Object.fromEntries(devices.map((device) => [device, "w1"]))),
    isReady: () => true,
    isLost: () => false,
    conflicts: new Map(),
    tasks: [],
    problems: [],
    queuedAt: START,
    ...more,
  };
}

/** A task as the API server would have it after an operator with this plan made it. */
export function task(
  of: NetJob,
  slice: number,
  worker: string,
  devices: readonly string[],
  status?: NetTask["status"],
  spec: Partial<NetTask["spec"]> = {},
): NetTask {
  const run = currentRun(of, []);
  const name = `${of.metadata.name}-${run.number}-${slice}`;
  const made = makeTask(
    of,
    pool(of.spec.devices ?? []),
    run,
    slice,
    { name, worker, devices: [...devices] },
    0,
  );
  return {
    ...made,
    metadata: { ...metadata(name), ...made.metadata, name },
    spec: { ...made.spec, ...spec },
    ...(status && { status }),
  } as NetTask;
}

export function succeeded(...devices: string[]): NetTask["status"] {
  return ended(devices.map((device) => ({ device, state: "Succeeded" })));
}

export function ended(results: readonly DeviceResult[]): NetTask["status"] {
  return { devices: [...results], startTime, completionTime: startTime };
}

/** What becomes of the decision at `START` plus some milliseconds. */
export function decided(of: NetJob, more: Partial<JobView> = {}, afterMs = 0) {
  const decision = decide(of, view(of, more), START + afterMs);
  const verdict = decision.status?.conditions?.find(({ type }) => type === "Succeeded");
  return { ...decision, verdict, finished: decision.status?.completionTime !== undefined };
}
