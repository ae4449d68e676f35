import { randomUUID } from "node:crypto";
import { z } from "zod";

/** Who this worker is: its pod, its pool, and the id of this very process. */
export interface WorkerIdentity {
  readonly namespace: string;
  /** Name of the pod, of its NetWorker and of its Lease. */
  readonly name: string;
  readonly uid: string;
  readonly pool: string;
  /** New at every start: a restarted container keeps pod and name, but not what it had begun. */
  readonly instance: string;
}

const environment = z.object({
  POD_NAMESPACE: z.string().min(1),
  POD_NAME: z.string().min(1),
  POD_UID: z.string().min(1),
  NETPULSE_POOL: z.string().min(1),
});

/** Reads what the pool's Deployment puts into the worker's environment; throws and names the variable that is missing. */
export function identityFrom(env: Readonly<Record<string, string | undefined>>): WorkerIdentity {
  const read = environment.safeParse(env);
  if (!read.success) {
    const missing = read.error.issues.map((issue) => issue.path.join(".")).join(", ");
    throw new Error(
      `${missing} must be set: a worker is started by its DevicePool's Deployment, not by hand`,
    );
  }
  const { POD_NAMESPACE: namespace, POD_NAME: name, POD_UID: uid, NETPULSE_POOL: pool } = read.data;
  return { namespace, name, uid, pool, instance: randomUUID() };
}
