import type { Condition, DevicePool, DevicePoolStatus, Pin } from "../../api/index.ts";
import { setCondition } from "../../runtime/index.ts";
import { POOL_LABEL } from "./worker-deployment.ts";

export interface PoolFacts {
  readonly replicas: number;
  readonly readyWorkers: number;
  readonly capacity: number;
  readonly pins: Readonly<Record<string, Pin>>;
  readonly conflicts: ReadonlyMap<string, string>;
}

/** The pool's status: counts that change only with pins and workers, so that nothing is written at rest. */
export function poolStatus(pool: DevicePool, facts: PoolFacts, now: number): DevicePoolStatus {
  const wanted = pool.spec.workers.replicas;
  const conflicts = [...facts.conflicts].map(([device, other]) => ({ device, with: other }));
  return {
    observedGeneration: pool.metadata.generation,
    conditions: conditionsOf(pool, facts, wanted, now),
    replicas: facts.replicas,
    readyReplicas: facts.readyWorkers,
    selector: `app.kubernetes.io/name=netpulse-worker,${POOL_LABEL}=${pool.metadata.name}`,
    devices: pool.spec.devices?.length ?? 0,
    pinned: Object.keys(facts.pins).length,
    capacity: facts.capacity,
    ...(conflicts.length > 0 && { conflicts }),
  };
}

function conditionsOf(pool: DevicePool, facts: PoolFacts, wanted: number, now: number): Condition[] {
  const observedGeneration = pool.metadata.generation;
  const ready = facts.readyWorkers >= wanted;
  const message = `${facts.readyWorkers} of ${wanted} workers are ready`;
  const previous = (pool.status?.conditions ?? []).filter(
    ({ type }) => type !== "Reconciling" && type !== "Stalled",
  );
  const base = { observedGeneration, message };
  const wantedConditions: Omit<Condition, "lastTransitionTime">[] = [
    {
      ...base,
      type: "Ready",
      status: ready ? "True" : "False",
      reason: ready ? "WorkersReady" : "WorkersStarting",
    },
  ];
  if (!ready)
    wantedConditions.push({ ...base, type: "Reconciling", status: "True", reason: "WorkersStarting" });
  if (facts.conflicts.size > 0)
    wantedConditions.push({
      observedGeneration,
      type: "Stalled",
      status: "True",
      reason: "Conflict",
      message: `${facts.conflicts.size} device(s) belong to an earlier pool; see status.conflicts`,
    });
  return wantedConditions.reduce<Condition[]>(
    (all, condition) => setCondition(all, condition, now),
    previous,
  );
}
