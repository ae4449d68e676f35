import { type NetJob, type NetTask, netJobs, netTasks } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import type { BaseScheduler } from "../plugin/index.ts";
import type { PluginRegistry } from "../plugin/registry.ts";
import {
  type ApiClient,
  type Clock,
  Controller,
  EventRecorder,
  type KubernetesObject,
  keyOf,
  type Logger,
  type Metrics,
  type ObjectKey,
  type Pod,
  type Result,
} from "../runtime/index.ts";
import { type Caches, makeCaches } from "./caches.ts";
import { JobController } from "./job/job-controller.ts";
import { WaitingJobs } from "./job/waiting-jobs.ts";
import { HostIndex } from "./pool/host-index.ts";
import { PoolController } from "./pool/pool-controller.ts";
import { POOL_LABEL } from "./pool/worker-deployment.ts";
import { WorkerLiveness } from "./pool/worker-liveness.ts";
import { RetentionController } from "./retention-controller.ts";
import { WebhookDeliveries } from "./webhooks/delivery.ts";

export interface OperatorOptions {
  readonly client: ApiClient;
  readonly config: Config;
  readonly plugins: PluginRegistry;
  readonly scheduler: BaseScheduler;
  /** For Events: the operator's pod. */
  readonly instance: string;
  /** One namespace to work in; absent: all. */
  readonly namespace?: string | undefined;
  /** ConfigMap that is mounted into workers as their configuration. */
  readonly workerConfigMap?: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics?: Metrics;
  /** How long the workers' Leases last after a renewal. */
  readonly workerLeaseMs?: number | undefined;
}

/** The operator's controllers and what they share. Caches may run on every replica; controllers only on the leader. */
export class Operator {
  readonly caches: Caches;
  readonly #options: OperatorOptions;
  readonly #hosts = new HostIndex();
  readonly #liveness: WorkerLiveness;
  readonly #waiting: WaitingJobs;
  readonly #events: EventRecorder;
  readonly #pools: PoolController;
  readonly #controllers: {
    readonly job: Controller;
    readonly pool: Controller;
    readonly webhook: Controller;
    readonly retention: Controller;
  };
  /** Explanations of pins that were made and not yet told, by pool and device. */
  readonly #explanations = new Map<string, string>();

  constructor(options: OperatorOptions) {
    const { client, config, clock, log, plugins, scheduler } = options;
    this.#options = options;
    this.caches = makeCaches(client, options.namespace, log);
    const { caches } = this;
    this.#events = new EventRecorder({
      client,
      controller: "netpulse.io/operator",
      instance: options.instance,
      clock,
      log,
    });
    this.#liveness = new WorkerLiveness(
      clock,
      (worker) => this.#onWorkerChanged(worker),
      options.workerLeaseMs,
    );
    this.#waiting = new WaitingJobs((pool) => this.#controllers.pool.enqueue(pool));
    this.#pools = new PoolController({
      client,
      caches,
      liveness: this.#liveness,
      hosts: this.#hosts,
      scheduler,
      settings: { image: config.operator.workerImage, configMapName: options.workerConfigMap },
      clock,
      wantedDevices: (pool) => this.#waiting.devicesOf(pool),
      onPlaced: (pool, device, _worker, why) => this.#explanations.set(`${pool} ${device}`, why),
    });
    const webhooks = new WebhookDeliveries({ client, caches, plugins, clock, log });
    const jobs = new JobController({
      client,
      caches,
      liveness: this.#liveness,
      hosts: this.#hosts,
      plugins,
      waiting: this.#waiting,
      clock,
      log,
      onTaskCreated: (task) => this.#explain(task),
      onFinished: (job) => this.#onFinished(job),
      onProgress: (job, reason) => {
        if (webhooks.announce(job, reason)) this.#controllers.webhook.enqueue(keyOf(job));
      },
    });
    const retention = new RetentionController({ client, caches, clock });
    this.#controllers = {
      job: this.#controller("netjob", config.operator.concurrency, (key) => jobs.reconcile(key)),
      pool: this.#controller("devicepool", 4, (key) => this.#pools.reconcile(key)),
      webhook: this.#controller("webhook", 16, (key) => webhooks.reconcile(key)),
      retention: this.#controller("retention", 1, (key) => retention.reconcile(key)),
    };
    this.#listen(jobs);
    this.#listenForLogs(webhooks);
  }

  /** Fills and keeps the caches; resolves when the signal aborts. Safe on replicas that do not lead. */
  async runCaches(signal: AbortSignal): Promise<void> {
    await Promise.all(Object.values(this.caches).map((informer) => informer.run(signal)));
    this.#liveness.stop();
  }

  async synced(): Promise<void> {
    await Promise.all(Object.values(this.caches).map((informer) => informer.synced()));
  }

  /** The namespace that it works in; undefined for all. */
  get namespace(): string | undefined {
    return this.#options.namespace;
  }

  get hasSynced(): boolean {
    return Object.values(this.caches).every((informer) => informer.hasSynced);
  }

  /** Works until the signal aborts, and resolves when the work at hand has ended. Only the leader calls it. */
  async run(signal: AbortSignal): Promise<void> {
    await this.synced();
    for (const pool of this.caches.pools.list()) this.#controllers.pool.enqueue(keyOf(pool));
    for (const job of this.caches.jobs.list()) this.#controllers.job.enqueue(keyOf(job));
    for (const job of this.caches.jobs.list())
      if (hasPendingWebhooks(job)) this.#controllers.webhook.enqueue(keyOf(job));
    await Promise.all(Object.values(this.#controllers).map((controller) => controller.run(signal)));
    await this.#events.flush();
  }

  #controller(name: string, concurrency: number, reconcile: (key: ObjectKey) => Promise<Result>): Controller {
    const { clock, log, metrics, namespace } = this.#options;
    const label = namespace === undefined ? name : `${name}/${namespace}`;
    return new Controller({
      name: label,
      concurrency,
      reconcile,
      clock,
      log,
      metrics: metrics?.controller(label),
      // A few per cent of conflicts among 150 jobs a second are everyday life; the usual 10 a second would hold all jobs up.
      queueOptions: { rateLimit: { perSecond: 200, burst: 500 } },
    });
  }

  /** Pieces of the logs of detached programs, each announced once to those who asked for `Log`. */
  #listenForLogs(webhooks: WebhookDeliveries): void {
    this.caches.tasks.on(({ type, object, previous }) => {
      if (type !== "updated" || !object.spec.options?.logIntervalSeconds) return;
      const key = `${object.metadata.namespace}/${object.spec.jobRef.name}`;
      const job = this.caches.jobs.get(key);
      for (const { device, detached } of object.status?.devices ?? []) {
        const before = previous?.status?.devices?.find((each) => each.device === device)?.detached?.piece;
        const piece = detached?.piece;
        if (!job || !piece || piece.sequence === before?.sequence) continue;
        const { offset, text } = piece;
        if (webhooks.announceLog(job, { device, id: detached.id, offset, text }))
          this.#controllers.webhook.enqueue(key);
      }
    });
  }

  /** Which change of which object makes which key worth a look. */
  #listen(jobs: JobController): void {
    const { caches } = this;
    const { job, pool, webhook, retention } = this.#controllers;
    caches.jobs.on(({ type, object }) => {
      if (type === "deleted") jobs.forget(object);
      else job.enqueue(keyOf(object));
      if (type !== "deleted" && hasPendingWebhooks(object)) webhook.enqueue(keyOf(object));
      if (object.status?.completionTime) retention.enqueueAfter(poolOf(object), RETENTION_DELAY_MS);
    });
    caches.tasks.on(({ type, object, previous }) => {
      // A task that was just created says nothing that its creator does not know.
      if (type !== "added" || object.status)
        job.enqueue(`${object.metadata.namespace}/${object.spec.jobRef.name}`);
      if (object.status?.completionTime && !previous?.status?.completionTime)
        for (const { name } of object.spec.devices)
          this.#pools.used(`${object.metadata.namespace}/${object.spec.poolName}`, name);
    });
    caches.pools.on(({ type, object, previous }) => {
      // A status that this operator wrote says nothing new.
      if (type === "updated" && previous?.metadata.generation === object.metadata.generation) return;
      const affected = type === "deleted" ? this.#hosts.remove(keyOf(object)) : this.#hosts.update(object);
      for (const key of affected) pool.enqueue(key);
      pool.enqueue(keyOf(object));
      for (const each of this.#unfinishedJobs(keyOf(object))) job.enqueue(keyOf(each));
    });
    caches.pinMaps.on(({ object }) => {
      pool.enqueue(keyOf(object));
      for (const key of this.#waiting.jobsOf(keyOf(object))) job.enqueue(key);
    });
    caches.workers.on(({ object }) => {
      const key = `${object.metadata.namespace}/${object.spec.poolName}`;
      pool.enqueue(key);
      for (const waiting of this.#waiting.jobsOf(key)) job.enqueue(waiting);
    });
    caches.leases.on(({ type, object }) => {
      if (type !== "deleted") this.#liveness.observe(object);
    });
    caches.pods.on(({ type, object }) => {
      if (type !== "deleted" && hasEnded(object)) this.#liveness.observeEnd(keyOf(object));
      this.#enqueuePoolOf(object);
    });
    caches.deployments.on(({ object }) => this.#enqueuePoolOf(object));
  }

  #enqueuePoolOf({ metadata }: KubernetesObject): void {
    const name = metadata.labels?.[POOL_LABEL];
    if (name !== undefined) this.#controllers.pool.enqueue(`${metadata.namespace}/${name}`);
  }

  /** A worker came to life or was lost: its pool places anew, and the jobs with tasks on it look again. */
  #onWorkerChanged(worker: ObjectKey): void {
    const { caches } = this;
    const known = caches.workers.get(worker);
    const lease = caches.leases.get(worker);
    const namespace = worker.slice(0, worker.indexOf("/"));
    const pool = known?.spec.poolName ?? lease?.metadata.labels?.[POOL_LABEL];
    if (pool !== undefined) {
      this.#controllers.pool.enqueue(`${namespace}/${pool}`);
      for (const key of this.#waiting.jobsOf(`${namespace}/${pool}`)) this.#controllers.job.enqueue(key);
    }
    for (const task of caches.tasks.by("worker", worker))
      this.#controllers.job.enqueue(`${namespace}/${task.spec.jobRef.name}`);
  }

  #unfinishedJobs(pool: ObjectKey): NetJob[] {
    return this.caches.jobs.by("pool", pool).filter((job) => !job.status?.completionTime);
  }

  /** An Event on the task says why its devices were pinned where they are; a device pinned long ago has none. */
  #explain(task: NetTask): void {
    const pool = `${task.metadata.namespace}/${task.spec.poolName}`;
    const reasons = new Set<string>();
    for (const { name } of task.spec.devices) {
      const why = this.#explanations.get(`${pool} ${name}`);
      if (why === undefined) continue;
      this.#explanations.delete(`${pool} ${name}`);
      reasons.add(why);
    }
    for (const why of reasons)
      this.#events.event(
        { apiVersion: netTasks.apiVersion, kind: netTasks.kind, metadata: task.metadata },
        "Normal",
        "Pinned",
        why,
        { action: "Pin" },
      );
  }

  #onFinished(job: NetJob): void {
    const verdict = job.status?.conditions?.find(({ type }) => type === "Succeeded");
    if (verdict && verdict.status === "False")
      this.#events.event(
        { apiVersion: netJobs.apiVersion, kind: netJobs.kind, metadata: job.metadata },
        "Warning",
        verdict.reason,
        verdict.message,
        { action: "Run" },
      );
    if (hasPendingWebhooks(job)) this.#controllers.webhook.enqueue(keyOf(job));
  }
}

/** Deletions of old jobs wait a little, so that many that finish together are looked at once. */
const RETENTION_DELAY_MS = 1000;

/**
 * The kubelet says that the worker's container has terminated, and the pod's phase that it will not be started again. A phase
 * alone is no proof: the control plane also sets it for pods of nodes that it has lost sight of.
 */
function hasEnded({ status }: Pod): boolean {
  const over = status?.phase === "Succeeded" || status?.phase === "Failed";
  const worker = status?.containerStatuses?.find(({ name }) => name === "worker");
  return over && worker?.state?.terminated !== undefined;
}

function poolOf(job: NetJob): ObjectKey {
  return `${job.metadata.namespace}/${job.spec.poolRef.name}`;
}

function hasPendingWebhooks({ status }: NetJob): boolean {
  return status?.webhooks?.some(({ state }) => state === "Pending") ?? false;
}
