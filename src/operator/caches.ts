import {
  type DevicePool,
  devicePools,
  type NetJob,
  type NetTask,
  type NetWorker,
  netJobs,
  netTasks,
  netWorkers,
  type PinMap,
  pinMaps,
} from "../api/index.ts";
import {
  type ApiClient,
  type Deployment,
  deployments,
  Informer,
  type InformerOptions,
  type KubernetesObject,
  type Lease,
  type Logger,
  leases,
  type Pod,
  pods,
  type Resource,
} from "../runtime/index.ts";

/** Labels by which the operator finds what belongs to workers. */
const WORKER_SELECTOR = "app.kubernetes.io/name=netpulse-worker";

/** Local copies of everything that the operator looks at. Reading them costs no call. */
export interface Caches {
  readonly jobs: Informer<NetJob>;
  readonly tasks: Informer<NetTask>;
  readonly pools: Informer<DevicePool>;
  readonly pinMaps: Informer<PinMap>;
  readonly workers: Informer<NetWorker>;
  readonly leases: Informer<Lease>;
  readonly pods: Informer<Pod>;
  readonly deployments: Informer<Deployment>;
}

export function makeCaches(client: ApiClient, namespace: string | undefined, log: Logger): Caches {
  const informer = <T extends KubernetesObject>(resource: Resource<T>, options: InformerOptions<T> = {}) =>
    new Informer(client, resource, { namespace, log, ...options });
  const poolOf = (object: KubernetesObject) => [
    `${object.metadata.namespace}/${object.metadata.labels?.["netpulse.io/pool"]}`,
  ];
  return {
    jobs: informer(netJobs, {
      indexes: { pool: (job) => [`${job.metadata.namespace}/${job.spec.poolRef.name}`] },
    }),
    tasks: informer(netTasks, {
      indexes: {
        job: (task) => [task.spec.jobRef.uid],
        open: (task) =>
          task.status?.completionTime ? [] : [`${task.metadata.namespace}/${task.spec.poolName}`],
        worker: (task) =>
          task.status?.completionTime ? [] : [`${task.metadata.namespace}/${task.spec.workerName}`],
      },
    }),
    pools: informer(devicePools),
    pinMaps: informer(pinMaps),
    workers: informer(netWorkers, {
      indexes: { pool: (worker) => [`${worker.metadata.namespace}/${worker.spec.poolName}`] },
    }),
    leases: informer(leases, { labelSelector: WORKER_SELECTOR }),
    pods: informer(pods, { labelSelector: WORKER_SELECTOR, indexes: { pool: poolOf } }),
    deployments: informer(deployments, { labelSelector: WORKER_SELECTOR }),
  };
}
