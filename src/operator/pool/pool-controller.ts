import { isDeepStrictEqual } from "node:util";
import {
  type DevicePool,
  devicePools,
  type NetWorker,
  netWorkers,
  type PinMap,
  pinMaps,
} from "../../api/index.ts";
import type { BaseScheduler } from "../../plugin/index.ts";
import {
  type ApiClient,
  type Clock,
  type Deployment,
  deployments,
  isAlreadyExists,
  isNotFound,
  type ObjectKey,
  ownerReference,
  type Pod,
  pods,
  type Result,
} from "../../runtime/index.ts";
import type { Caches } from "../caches.ts";
import type { HostIndex } from "./host-index.ts";
import { type PlacementWorker, place } from "./placement.ts";
import { poolStatus } from "./pool-status.ts";
import { ensureWorkerAccess } from "./worker-access.ts";
import {
  isCurrent,
  type WorkerSettings,
  workerDeployment,
  workerDeploymentName,
} from "./worker-deployment.ts";
import type { WorkerLiveness } from "./worker-liveness.ts";

export interface PoolControllerOptions {
  readonly client: ApiClient;
  readonly caches: Caches;
  readonly liveness: WorkerLiveness;
  readonly hosts: HostIndex;
  readonly scheduler: BaseScheduler;
  readonly settings: WorkerSettings;
  readonly clock: Clock;
  /** Devices that jobs of the pool wait for, in the order in which they asked. */
  readonly wantedDevices: (pool: ObjectKey) => readonly string[];
  /** Told what a new pin was decided by. */
  readonly onPlaced: (pool: ObjectKey, device: string, worker: string, why: string) => void;
}

/** Keeps a pool's workers running and its devices pinned. */
export class PoolController {
  readonly #options: PoolControllerOptions;
  readonly #lastUsed = new Map<ObjectKey, Map<string, number>>();

  constructor(options: PoolControllerOptions) {
    this.#options = options;
  }

  /** A device was worked on: it is the last to lose its pin when places are needed. */
  used(pool: ObjectKey, device: string): void {
    const devices = this.#lastUsed.get(pool) ?? new Map<string, number>();
    devices.set(device, this.#options.clock.now());
    this.#lastUsed.set(pool, devices);
  }

  async reconcile(key: ObjectKey): Promise<Result> {
    const pool = this.#options.caches.pools.get(key);
    if (!pool || pool.metadata.deletionTimestamp) return {};
    await this.#ensureWorkers(pool);
    const workers = await this.#workersOf(pool, key);
    const wakeUpInMs = await this.#writePins(pool, key, workers);
    await this.#writeStatus(pool, key, workers);
    return wakeUpInMs === undefined ? {} : { requeueAfterMs: wakeUpInMs };
  }

  async #ensureWorkers(pool: DevicePool): Promise<void> {
    const { client, caches, settings } = this.#options;
    const wanted = workerDeployment(pool, settings);
    const present = caches.deployments.get(
      `${pool.metadata.namespace}/${workerDeploymentName(pool.metadata.name)}`,
    );
    if (isCurrent(present?.metadata, wanted.metadata)) return;
    await ensureWorkerAccess(client, pool.metadata.namespace);
    const applied = await client.apply(deployments, wanted as Deployment, {
      fieldManager: "netpulse-operator",
      force: true,
    });
    caches.deployments.upsert(applied);
  }

  /** The pool's workers by name: a NetWorker for each pod, cordoned as soon as the pod is to end. */
  async #workersOf(pool: DevicePool, key: ObjectKey): Promise<Map<string, PlacementWorker>> {
    const { caches, liveness } = this.#options;
    const byName = new Map<string, PlacementWorker>();
    const podsOfPool = new Map(caches.pods.by("pool", key).map((pod) => [pod.metadata.name as string, pod]));
    for (const pod of podsOfPool.values()) await this.#ensureNetWorker(pool, pod);

    const { namespace } = pool.metadata;
    for (const worker of caches.workers.by("pool", key)) {
      const { name } = worker.metadata;
      const workerKey = `${namespace}/${name}`;
      const instance = liveness.instanceOf(workerKey);
      byName.set(name, {
        name,
        capacity: worker.spec.capacity,
        open:
          !worker.spec.cordoned &&
          !worker.status?.draining &&
          instance !== undefined &&
          worker.status?.instance === instance,
        lost: liveness.isLost(workerKey),
        releases: worker.status?.releases ?? {},
      });
    }
    // A pin can outlive its NetWorker: whether the worker is gone is a matter of its Lease alone.
    for (const { worker } of Object.values(caches.pinMaps.get(key)?.pins ?? {}))
      if (!byName.has(worker))
        byName.set(worker, {
          name: worker,
          capacity: 0,
          open: false,
          lost: liveness.isLost(`${namespace}/${worker}`),
          releases: {},
        });
    return byName;
  }

  async #ensureNetWorker(pool: DevicePool, pod: Pod): Promise<void> {
    const { client, caches } = this.#options;
    const { name, namespace } = pod.metadata as { name: string; namespace: string };
    const present = caches.workers.get(`${namespace}/${name}`);
    const ending = pod.metadata.deletionTimestamp !== undefined;
    const spec = {
      poolName: pool.metadata.name,
      capacity: pool.spec.workers.capacity,
      cordoned: ending || (present?.spec.cordoned ?? false),
    };
    if (present) {
      if (present.spec.capacity === spec.capacity && present.spec.cordoned === spec.cordoned) return;
      const patched = await client.mergePatch(netWorkers, namespace, name, { spec });
      caches.workers.upsert(patched);
      return;
    }
    if (ending || pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return;
    const owner = ownerReference(pod, { resource: pods, controller: true, blockOwnerDeletion: false });
    const worker = {
      apiVersion: netWorkers.apiVersion,
      kind: netWorkers.kind,
      metadata: {
        name,
        namespace,
        labels: { "netpulse.io/pool": pool.metadata.name },
        ownerReferences: [owner],
      },
      spec,
    };
    try {
      caches.workers.upsert(await client.create<NetWorker>(netWorkers, worker as unknown as NetWorker));
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }

  async #writePins(
    pool: DevicePool,
    key: ObjectKey,
    workers: ReadonlyMap<string, PlacementWorker>,
  ): Promise<number | undefined> {
    const { client, caches, scheduler, hosts, clock, wantedDevices, onPlaced } = this.#options;
    const map = caches.pinMaps.get(key) ?? (await this.#createPinMap(pool));
    const conflicts = hosts.conflictsOf(pool);
    const devices = new Map(
      (pool.spec.devices ?? [])
        .filter(({ name }) => !conflicts.has(name))
        .map((device) => [device.name, device]),
    );
    const idleSeconds = pool.spec.workers.idleTimeoutSeconds;
    const now = clock.now();
    const placement = place(
      {
        devices,
        pins: map.pins ?? {},
        workers,
        wanted: wantedDevices(key),
        busy: this.#busyDevices(key),
        lastUsed: this.#lastUsed.get(key) ?? new Map(),
        idleTimeoutMs: idleSeconds === undefined ? undefined : idleSeconds * 1000,
        // The API server raises the generation with each change of the pins, so the next is above every epoch ever written.
        epoch: map.metadata.generation + 1,
      },
      scheduler,
      now,
    );
    if (placement.changed) {
      const written = await client.replace<PinMap>(pinMaps, { ...map, pins: placement.pins });
      caches.pinMaps.upsert(written);
      for (const [device, { worker, of }] of placement.chosen)
        onPlaced(key, device, worker, `${worker} was chosen of ${of} worker(s) by ${scheduler.measure}`);
    }
    // An idle pin has to be looked at again when its time is over.
    return idleSeconds === undefined || Object.keys(placement.pins).length === 0
      ? undefined
      : (idleSeconds * 1000) / 2;
  }

  #busyDevices(pool: ObjectKey): Set<string> {
    const busy = new Set<string>();
    for (const task of this.#options.caches.tasks.by("open", pool))
      for (const { name } of task.spec.devices) if (!task.spec.revoked?.includes(name)) busy.add(name);
    return busy;
  }

  async #createPinMap(pool: DevicePool): Promise<PinMap> {
    const { client, caches } = this.#options;
    const { name, namespace } = pool.metadata;
    const map = {
      apiVersion: pinMaps.apiVersion,
      kind: pinMaps.kind,
      metadata: { name, namespace, ownerReferences: [ownerReference(pool, { resource: devicePools })] },
    };
    const created = await client.create<PinMap>(pinMaps, map as unknown as PinMap).catch((error: unknown) => {
      if (isAlreadyExists(error)) return client.get(pinMaps, namespace, name);
      throw error;
    });
    caches.pinMaps.upsert(created);
    return created;
  }

  async #writeStatus(
    pool: DevicePool,
    key: ObjectKey,
    workers: ReadonlyMap<string, PlacementWorker>,
  ): Promise<void> {
    const { client, caches, hosts, clock } = this.#options;
    const open = [...workers.values()].filter((worker) => worker.open);
    const status = poolStatus(
      pool,
      {
        replicas: caches.pods.by("pool", key).length,
        readyWorkers: open.length,
        capacity: open.reduce((sum, { capacity }) => sum + capacity, 0),
        pins: caches.pinMaps.get(key)?.pins ?? {},
        conflicts: hosts.conflictsOf(pool),
      },
      clock.now(),
    );
    if (isDeepStrictEqual(status, pool.status)) return;
    const written = await client
      .replaceStatus<DevicePool>(devicePools, { ...pool, status })
      .catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    if (written) caches.pools.upsert(written);
  }
}
