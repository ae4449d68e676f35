import { netWorkers, type Pin, pinMaps } from "../../src/api/index.ts";
import type { System } from "./system.ts";
import { until } from "./until.ts";

/** The pins of a pool, by device. */
export async function pinsOf({ client, namespace }: System, pool = "pool"): Promise<Record<string, Pin>> {
  return { ...(await client.get(pinMaps, namespace, pool)).pins };
}

/** Starts a worker and waits until the operator has made its NetWorker and the worker has told of itself. */
export async function startReportingWorker(system: System): Promise<void> {
  const { name } = await system.startWorker();
  await until(`NetWorker ${name} has a status`, async () => {
    const { status } = await system.client.get(netWorkers, system.namespace, name);
    return status?.instance !== undefined;
  });
}
