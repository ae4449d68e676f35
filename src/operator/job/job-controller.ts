import { isDeepStrictEqual } from "node:util";
import {
  type DevicePool,
  type NetJob,
  type NetJobStatus,
  type NetTask,
  netJobs,
  netTasks,
} from "../../api/index.ts";
import type { PluginRegistry } from "../../plugin/index.ts";
import {
  type ApiClient,
  type Clock,
  isAlreadyExists,
  isNotFound,
  keyOf,
  type Logger,
  type ObjectKey,
  type Result,
} from "../../runtime/index.ts";
import type { Caches } from "../caches.ts";
import type { HostIndex } from "../pool/host-index.ts";
import type { WorkerLiveness } from "../pool/worker-liveness.ts";
import { type Decision, decide, type JobView, QUIET_MS } from "./decide.ts";
import { taskName } from "./names.ts";
import { currentRun } from "./run.ts";
import { targetsOf } from "./targets.ts";
import type { NewTask } from "./task.ts";
import { transitionOf } from "./transition.ts";
import { problemsOf } from "./validation.ts";
import type { WaitingJobs } from "./waiting-jobs.ts";

/** Intermediate statuses of one job are written at most this often. */
const PROGRESS_MS = 1000;

export interface JobControllerOptions {
  readonly client: ApiClient;
  readonly caches: Caches;
  readonly liveness: WorkerLiveness;
  readonly hosts: HostIndex;
  readonly plugins: PluginRegistry;
  readonly waiting: WaitingJobs;
  readonly clock: Clock;
  readonly log: Logger;
  /** A task was created: the Event that explains a fresh pin is due. */
  readonly onTaskCreated: (task: NetTask) => void;
  /** A run came to its end and its status is stored, or stored already when the operator began. */
  readonly onFinished: (job: NetJob) => void;
  /** A run began, or its reason changed; only for webhooks, and only while this operator lives. */
  readonly onProgress: (job: NetJob, reason: string) => void;
}

/** What is remembered of a job between looks; losing it costs a status write, nothing else. */
interface Memory {
  readonly run: number;
  readonly firstSeen: number;
  lastWrite: number;
  problems?: { readonly of: string; readonly found: readonly string[] };
}

/** Carries NetJobs through their runs: a thin shell around `decide`. */
export class JobController {
  readonly #options: JobControllerOptions;
  readonly #memory = new Map<string, Memory>();

  constructor(options: JobControllerOptions) {
    this.#options = options;
  }

  async reconcile(key: ObjectKey): Promise<Result> {
    const { caches, clock, waiting, onFinished } = this.#options;
    const job = caches.jobs.get(key);
    if (!job) {
      waiting.forget(key);
      return {};
    }
    const tasks = caches.tasks.by("job", job.metadata.uid);
    const run = currentRun(job, tasks);
    if (run.state === "finished") {
      this.#memory.delete(job.metadata.uid);
      waiting.forget(key);
    }
    const now = clock.now();
    const memory = this.#remember(job, run.number, now);
    const view = await this.#view(job, tasks, memory);
    const decision = decide(job, view, now);

    waiting.update(key, `${job.metadata.namespace}/${job.spec.poolRef.name}`, decision.unplaced);
    const stored = await this.#carryOut(job, decision, memory, now);
    if (stored?.status?.completionTime && run.state !== "finished") onFinished(stored);
    return this.#nextLook(job, decision, memory);
  }

  /** The job was deleted: nothing of it needs to be remembered. */
  forget(job: NetJob): void {
    this.#memory.delete(job.metadata.uid);
    this.#options.waiting.forget(keyOf(job));
  }

  #remember(job: NetJob, run: number, now: number): Memory {
    const known = this.#memory.get(job.metadata.uid);
    if (known?.run === run) return known;
    const memory: Memory = { run, firstSeen: now, lastWrite: 0 };
    this.#memory.set(job.metadata.uid, memory);
    return memory;
  }

  async #view(job: NetJob, tasks: readonly NetTask[], memory: Memory): Promise<JobView> {
    const { caches, liveness, hosts } = this.#options;
    const { namespace } = job.metadata;
    const poolKey = `${namespace}/${job.spec.poolRef.name}`;
    const pool = caches.pools.get(poolKey);
    const sameRun = job.status?.run === memory.run && !job.status.completionTime;
    return {
      pool,
      pins: caches.pinMaps.get(poolKey)?.pins ?? {},
      isReady: (worker) => {
        const known = caches.workers.get(`${namespace}/${worker}`);
        const instance = liveness.instanceOf(`${namespace}/${worker}`);
        return instance !== undefined && known?.status?.instance === instance && !known.status.draining;
      },
      isLost: (worker) => liveness.isLost(`${namespace}/${worker}`),
      conflicts: pool ? hosts.conflictsOf(pool) : new Map(),
      tasks,
      problems: pool && tasks.length === 0 ? await this.#problems(job, pool, memory) : [],
      queuedAt: Date.parse((sameRun && job.status?.queuedTime) || "") || memory.firstSeen,
    };
  }

  /** Checked once per generation of job and pool: plugins' schemas do not change while the operator runs. */
  async #problems(job: NetJob, pool: DevicePool, memory: Memory): Promise<readonly string[]> {
    const of = `${job.metadata.generation}/${pool.metadata.uid}/${pool.metadata.generation}`;
    if (memory.problems?.of !== of) {
      const { devices } = targetsOf(job, pool);
      memory.problems = { of, found: await problemsOf(job, pool, devices, this.#options.plugins) };
    }
    return memory.problems.found;
  }

  async #carryOut(job: NetJob, decision: Decision, memory: Memory, now: number): Promise<NetJob | undefined> {
    const { client, caches, onProgress } = this.#options;
    const { namespace } = job.metadata;
    for (const { task, devices } of decision.revoke) {
      // At the resourceVersion at which its devices were seen unclaimed: a conflict means look again.
      const metadata = { resourceVersion: task.metadata.resourceVersion };
      const patch = { metadata, spec: { revoked: devices } };
      caches.tasks.upsert(await client.mergePatch(netTasks, namespace, task.metadata.name, patch));
    }
    for (const { task, reason } of decision.cancel)
      caches.tasks.upsert(
        await client.mergePatch(netTasks, namespace, task.metadata.name, { spec: { cancelled: reason } }),
      );

    const { status } = decision;
    let stored: NetJob | undefined;
    if (status && status !== job.status && this.#due(job, status, decision.urgent, memory, now)) {
      if (status.completionTime && !job.status?.completionTime)
        await this.#lookForUnseenTask(job, memory.run);
      stored = await this.#writeStatus(job, status);
      memory.lastWrite = now;
    }
    for (const task of decision.create) await this.#createTask(task);
    const reason = stored?.status && transitionOf(job.status, stored.status);
    if (stored && reason !== undefined) onProgress(stored, reason);
    return stored;
  }

  /** Whether a status is written now: plans and ends always, what is between only if the run lasts, and not too often. */
  #due(job: NetJob, status: NetJobStatus, urgent: boolean, memory: Memory, now: number): boolean {
    if (urgent) return true;
    if (sameStatus(job.status, status)) return false;
    if (job.status?.completionTime && status.completionTime) return true;
    return now - memory.firstSeen >= QUIET_MS && now - memory.lastWrite >= PROGRESS_MS;
  }

  async #writeStatus(job: NetJob, status: NetJobStatus): Promise<NetJob | undefined> {
    const { client, caches } = this.#options;
    try {
      const stored = await client.replaceStatus<NetJob>(netJobs, { ...job, status });
      caches.jobs.upsert(stored);
      return stored;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /**
   * A run of one task leaves no trace in the job while it is on. Before a run ends without a task, somebody else's that the
   * watch has not told of yet is looked for past the cache.
   */
  async #lookForUnseenTask(job: NetJob, run: number): Promise<void> {
    const { client, caches } = this.#options;
    if (caches.tasks.by("job", job.metadata.uid).some(({ spec }) => spec.jobRef.run === run)) return;
    const name = taskName(job, run, 0);
    const present = await client.get(netTasks, job.metadata.namespace, name).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (!present) return;
    caches.tasks.upsert(present);
    throw new Error(`task ${name} exists already; looking again`);
  }

  /** A task that is there already is right whatever we wanted: the name is the decision, and somebody made it first. */
  async #createTask(task: NewTask): Promise<void> {
    const { client, caches, log, onTaskCreated } = this.#options;
    const { name, namespace } = task.metadata as { name: string; namespace: string };
    try {
      const created = await client.create<NetTask>(netTasks, task as NetTask);
      caches.tasks.upsert(created);
      onTaskCreated(created);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const present = await client.get(netTasks, namespace, name);
      caches.tasks.upsert(present);
      if (!sameTask(present, task)) {
        log.warn({ task: name, namespace }, "This task exists and is another one than was wanted; it stands");
        throw new Error(`task ${name} exists and is another one than was wanted; looking again`);
      }
    }
  }

  #nextLook(job: NetJob, decision: Decision, memory: Memory): Result {
    const now = this.#options.clock.now();
    const times = [decision.wakeUpAt];
    if (decision.status && !decision.urgent && !sameStatus(job.status, decision.status))
      times.push(Math.max(memory.firstSeen + QUIET_MS, memory.lastWrite + PROGRESS_MS));
    const next = Math.min(...times.filter((time) => time !== undefined));
    return Number.isFinite(next) ? { requeueAfterMs: Math.max(1, next - now) } : {};
  }
}

function sameTask({ spec: a }: NetTask, { spec: b }: NewTask): boolean {
  const names = (spec: NetTask["spec"]) => spec.devices.map(({ name }) => name).join();
  return (
    a.jobRef.uid === b.jobRef.uid &&
    a.workerName === b.workerName &&
    a.cancelled === b.cancelled &&
    names(a) === names(b)
  );
}

/** The API server gives keys back in an order of its own. */
function sameStatus(a: NetJobStatus | undefined, b: NetJobStatus): boolean {
  return isDeepStrictEqual(a, b);
}
