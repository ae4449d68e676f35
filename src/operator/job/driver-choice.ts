import { DEFAULT_DRIVER, type DevicePool, type NetJob, type PoolDevice } from "../../api/index.ts";

/**
 * The driver of a device in a job, and its arguments: the job's choice wins over the device's, that over the pool's. Arguments
 * are merged in the reverse order, but only those that were written for the chosen driver.
 */
export function driverOf(
  job: NetJob,
  pool: DevicePool,
  device: PoolDevice,
): { name: string; args?: Record<string, unknown> } {
  const poolName = pool.spec.driver?.name ?? DEFAULT_DRIVER;
  const deviceName = device.driver?.name ?? poolName;
  const name = job.spec.driver?.name ?? deviceName;
  const args = {
    ...(poolName === name && pool.spec.driver?.args),
    ...(deviceName === name && device.driver?.args),
    ...job.spec.driver?.args,
  };
  return Object.keys(args).length > 0 ? { name, args } : { name };
}
