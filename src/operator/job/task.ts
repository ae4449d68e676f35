import type {
  DevicePool,
  NetJob,
  NetTask,
  NetTaskSpec,
  PlannedTask,
  PoolDevice,
  TaskDevice,
} from "../../api/index.ts";
import { netJobs, netTasks } from "../../api/index.ts";
import { ownerReference } from "../../runtime/objects.ts";
import { driverOf } from "./driver-choice.ts";
import type { Run } from "./run.ts";

/** A task as it is to be created: no server-side fields yet. */
export type NewTask = Omit<NetTask, "metadata"> & { metadata: Partial<NetTask["metadata"]> };

/** The task for one slice of a run. It carries everything that the worker needs, so that no further read is on the way. */
export function makeTask(
  job: NetJob,
  pool: DevicePool,
  run: Run,
  slice: number,
  planned: PlannedTask,
  attempt: number,
): NewTask {
  const { spec, metadata } = job;
  const queuedAt = Date.parse(job.status?.queuedTime ?? metadata.creationTimestamp);
  const wanted = new Set(planned.devices);
  return {
    apiVersion: netTasks.apiVersion,
    kind: netTasks.kind,
    metadata: {
      name: planned.name,
      namespace: metadata.namespace,
      ownerReferences: [ownerReference(job, { resource: netJobs, blockOwnerDeletion: false })],
    },
    spec: {
      jobRef: { name: metadata.name, uid: metadata.uid, run: run.number, specHash: run.hash },
      poolName: pool.metadata.name,
      workerName: planned.worker,
      slice,
      attempt,
      devices: (pool.spec.devices ?? [])
        .filter(({ name }) => wanted.has(name))
        .map((device) => taskDevice(job, pool, device)),
      ...operationOf(job),
      strategy: spec.strategy,
      priority: spec.priority,
      backoffLimit: spec.backoffLimit,
      ...(spec.queueTimeoutSeconds && {
        queueDeadline: new Date(queuedAt + spec.queueTimeoutSeconds * 1000).toISOString(),
      }),
      ...(spec.activeDeadlineSeconds && { activeDeadlineSeconds: spec.activeDeadlineSeconds }),
      ...(spec.maxFailedDevices !== undefined && { maxFailedDevices: spec.maxFailedDevices }),
    },
  };
}

const OPERATION_FIELDS = [
  "commands",
  "commandDetails",
  "config",
  "call",
  "script",
  "transfer",
  "render",
  "parse",
  "options",
] as const;

function operationOf({ spec }: NetJob): Pick<NetTaskSpec, (typeof OPERATION_FIELDS)[number]> {
  return Object.fromEntries(
    OPERATION_FIELDS.filter((field) => spec[field] !== undefined).map((field) => [field, spec[field]]),
  );
}

function taskDevice(job: NetJob, pool: DevicePool, device: PoolDevice): TaskDevice {
  const jumpHosts = (device.jumpHosts ?? []).flatMap((name) =>
    (pool.spec.jumpHosts ?? []).filter((hop) => hop.name === name),
  );
  const consoleServer = pool.spec.consoleServers?.find(({ name }) => name === device.consoleServer);
  return {
    ...hop(pool, device),
    ...(device.labels && { labels: device.labels }),
    driver: driverOf(job, pool, device),
    ...(jumpHosts.length > 0 && { jumpHosts: jumpHosts.map((each) => hop(pool, each)) }),
    ...(consoleServer && { consoleServer: hop(pool, consoleServer) }),
  };
}

type Hop = Pick<PoolDevice, "name" | "host" | "port" | "credential" | "hostKeys">;

function hop(pool: DevicePool, { name, host, port, credential, hostKeys }: Hop) {
  const chosen = credential ?? pool.spec.credentials?.[0]?.name;
  const fingerprints = hostKeys?.fingerprints ?? pool.spec.hostKeys?.fingerprints;
  return {
    name,
    host,
    ...(port !== undefined && { port }),
    ...(chosen && { credential: chosen }),
    hostKeys: {
      policy: hostKeys?.policy ?? pool.spec.hostKeys?.policy ?? ("Strict" as const),
      ...(fingerprints && { fingerprints }),
    },
  };
}
