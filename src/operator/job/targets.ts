import type { DevicePool, NetJob, PoolDevice } from "../../api/index.ts";
import { matchesSelector } from "../label-selector.ts";

export interface Targets {
  readonly devices: readonly PoolDevice[];
  /** Why the job cannot have targets; no device is touched then. */
  readonly problem?: string;
}

/** The devices that a job addresses, in the pool's order. */
export function targetsOf(job: NetJob, pool: DevicePool): Targets {
  const all = pool.spec.devices ?? [];
  if (job.spec.devices) {
    const wanted = new Set(job.spec.devices);
    const devices = all.filter((device) => wanted.has(device.name));
    const known = new Set(devices.map((device) => device.name));
    const unknown = [...wanted].filter((name) => !known.has(name));
    if (unknown.length > 0)
      return {
        devices,
        problem: `spec.devices: pool ${pool.metadata.name} has no device ${unknown.join(", ")}`,
      };
    return { devices };
  }
  const selector = job.spec.deviceSelector ?? {};
  const devices = all.filter((device) => matchesSelector(selector, device.labels ?? {}));
  if (devices.length === 0)
    return { devices, problem: `spec.deviceSelector: no device of pool ${pool.metadata.name} matches` };
  return { devices };
}
