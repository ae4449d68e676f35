import {
  type DeviceResult,
  type NetTask,
  type NetTaskStatus,
  netTasks,
  type TaskDevice,
  type TransferProgress,
} from "../../api/index.ts";
import { jobErrors } from "../../errors/job.ts";
import type { ApiClient, Clock, EventRecorder, Logger, TimerHandle } from "../../runtime/index.ts";
import { addressOf, type DeviceQueues } from "../device-queue.ts";
import type { WorkerIdentity } from "../identity.ts";
import { patiently } from "../patience.ts";
import { ClaimRefused, Claims } from "./claims.ts";
import { DetachedRun } from "./detached-run.ts";
import type { Execution, Executor } from "./execute.ts";
import { keepContent, moveLargeOutputs } from "./overflow.ts";
import { asError, failureOf } from "./perform.ts";
import type { TaskStore } from "./task-store.ts";

export interface TaskRunOptions {
  readonly client: ApiClient;
  readonly store: TaskStore;
  readonly identity: WorkerIdentity;
  readonly executor: Executor;
  readonly queues: DeviceQueues;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether the device is pinned to this worker, asked past all caches before the answer is no. */
  readonly isPinned: (device: string) => Promise<boolean>;
  readonly isDraining: () => boolean;
  readonly events: EventRecorder;
  /** Ends everything at once: the worker is fenced. */
  readonly signal: AbortSignal;
}

/** While a task lasts, its progress is stored at most this often; one that ends sooner is stored once. */
const PROGRESS_MS = 1000;
/** How far transfers are changes all the time. */
const TRANSFER_PROGRESS_MS = 2000;

const FINAL = new Set<DeviceResult["state"]>([
  "Succeeded",
  "Failed",
  "Interrupted",
  "Cancelled",
  "NotStarted",
]);

/** One task from its first sight to its stored end. */
export class TaskRun {
  readonly #options: TaskRunOptions;
  readonly #claims: Claims;
  readonly #results = new Map<string, DeviceResult>();
  readonly #abort = new AbortController();
  #startedAt: number | undefined;
  #deadlineTimer: TimerHandle | undefined;
  #progressTimer: TimerHandle | undefined;
  #lastStored: number;
  #ended = false;
  readonly #followed: DetachedRun[] = [];

  constructor(options: TaskRunOptions) {
    this.#options = options;
    this.#claims = new Claims(options.client, options.store, options.identity.instance, options);
    this.#lastStored = options.clock.now();
  }

  async run(): Promise<void> {
    const { store, signal, clock } = this.#options;
    const { spec } = store.task;
    const onFence = () => this.#abort.abort(signal.reason);
    signal.addEventListener("abort", onFence, { once: true });
    try {
      this.#adopt(store.task);
      await Promise.all(
        spec.devices
          .filter(({ name }) => !this.#results.has(name))
          .map((device) =>
            spec.options?.detach
              ? this.#runDevice(device)
              : this.#inTurn(device, () => this.#runDevice(device)),
          ),
      );
      if (!signal.aborted && !store.gone) await this.#storeEnd();
      if (!signal.aborted) await this.#forgetDetached();
    } finally {
      this.#ended = true;
      signal.removeEventListener("abort", onFence);
      clock.clearTimeout(this.#deadlineTimer);
      clock.clearTimeout(this.#progressTimer);
    }
  }

  /** What an earlier process of this worker left: its results stand, and what it had claimed is never executed again. */
  #adopt({ spec, status }: NetTask): void {
    for (const result of status?.devices ?? [])
      if (FINAL.has(result.state)) this.#results.set(result.device, result);
    for (const [device, claim] of Object.entries(status?.claims ?? {})) {
      if (this.#results.has(device) || claim.instance === this.#options.identity.instance) continue;
      // The program of a detached work goes on without its worker: it is found again, not started again.
      if (spec.options?.detach) continue;
      const worker = this.#options.identity.name;
      const seconds = spec.options?.commit?.confirmTimeoutSeconds;
      const error =
        seconds === undefined
          ? jobErrors.WorkerLost({ worker })
          : jobErrors.CommitUnconfirmed({ worker, seconds });
      const { reason, message } = failureOf(error);
      this.#results.set(device, {
        device,
        state: "Interrupted",
        reason,
        message,
        worker: this.#options.identity.name,
      });
    }
  }

  /** Waits for the device. Who no longer has to is not held up by what others do there: the work finds out by itself. */
  #inTurn(device: TaskDevice, work: () => Promise<void>): Promise<void> {
    const { queues, store } = this.#options;
    return queues
      .run(addressOf(device), store.task.spec.priority, work, store.over)
      .catch((error: unknown) => {
        if (error !== store.over.reason) throw error;
        return work();
      });
  }

  async #runDevice(device: TaskDevice): Promise<void> {
    const result = await this.#resultOf(device).catch((cause: unknown): DeviceResult => {
      const { reason, message } = failureOf(asError(cause, device.name));
      return { device: device.name, state: "Failed", reason, message };
    });
    this.#results.set(device.name, result);
    this.#scheduleProgress();
  }

  async #resultOf(device: TaskDevice): Promise<DeviceResult> {
    const { executor, isPinned, isDraining, identity, store } = this.#options;
    const refused = this.#refusal();
    if (refused) return { device: device.name, state: "Cancelled", ...refused };
    if (store.task.spec.revoked?.includes(device.name))
      return notStarted(device.name, jobErrors.WorkerLost({ worker: identity.name }));
    if (isDraining()) return notStarted(device.name, jobErrors.WorkerDraining({ worker: identity.name }));
    if (!(await patiently("Reading the pins", () => isPinned(device.name), this.#options)))
      return notStarted(device.name, jobErrors.PinMoved({ device: device.name, worker: identity.name }));

    this.#begin();
    this.#results.set(device.name, {
      device: device.name,
      state: "Running",
      startTime: new Date(this.#options.clock.now()).toISOString(),
    });
    this.#scheduleProgress();
    const execution: Execution = {
      spec: store.task.spec,
      device,
      signal: this.#abort.signal,
      stopReason: () => this.#refusal()?.reason,
      notify: (reason, message) => this.#notify(reason, message),
      claim: () => this.#claims.claim(device.name),
      progress: (progress) => this.#transferring(device.name, progress),
      keepOutput: (place, content, encoding) =>
        patiently(
          "Storing a fetched file",
          () =>
            keepContent(
              this.#options.client,
              store.task,
              { ...place, device: device.name },
              content,
              encoding,
            ),
          this.#options,
        ),
    };
    try {
      return await (execution.spec.options?.detach ? this.#follow(execution) : executor.execute(execution));
    } catch (error) {
      const { over } = store;
      if (over.aborted && error === over.reason)
        return {
          device: device.name,
          state: "Cancelled",
          ...(this.#refusal() ?? failureOf(jobErrors.Cancelled())),
        };
      if (!(error instanceof ClaimRefused)) throw error;
      if (error.again)
        return { device: device.name, state: "NotStarted", reason: "Suspended", message: error.message };
      return {
        device: device.name,
        state: "Cancelled",
        reason: this.#refusal()?.reason ?? "Cancelled",
        message: error.message,
      };
    }
  }

  /** A detached program, whose device is free for others while it runs. */
  async #follow(execution: Execution): Promise<DeviceResult> {
    const { executor, queues, clock, isDraining, store } = this.#options;
    const { device, spec } = execution;
    // A program that was begun is followed to its end whatever happens, and be it to cancel it.
    const isBegun = () => store.task.status?.claims?.[device.name] !== undefined;
    const run = new DetachedRun(
      {
        executor,
        clock,
        isDraining,
        inTurn: (work) =>
          queues.run(addressOf(device), spec.priority, work, isBegun() ? undefined : store.over),
        onProgress: (detached) => {
          const { startTime } = this.#results.get(device.name) ?? {};
          this.#results.set(device.name, {
            device: device.name,
            state: "Running",
            ...(startTime !== undefined && { startTime }),
            detached,
          });
          this.#scheduleProgress();
        },
      },
      execution,
    );
    const result = await run.run();
    if (result.state !== "NotStarted") this.#followed.push(run);
    return result;
  }

  /** What devices keep of programs whose end is stored; what stays behind after a failure can be removed by `detached.forget`. */
  async #forgetDetached(): Promise<void> {
    const { log, store } = this.#options;
    for (const run of this.#followed.splice(0))
      await run
        .forget()
        .catch((error: unknown) =>
          log.warn(
            { task: store.task.metadata.name, reason: String(error) },
            "A detached program could not be removed",
          ),
        );
  }

  #transferring(device: string, progress: TransferProgress): void {
    const present = this.#results.get(device);
    if (present?.state !== "Running") return;
    this.#results.set(device, { ...present, progress });
    this.#scheduleProgress(TRANSFER_PROGRESS_MS);
  }

  #notify(reason: string, message: string): void {
    const { events, store } = this.#options;
    const task = { apiVersion: netTasks.apiVersion, kind: netTasks.kind, metadata: store.task.metadata };
    events.event(task, "Warning", reason, message, { action: "Run" });
  }

  /** Why nothing more of the task may begin. */
  #refusal(): { reason: string; message: string } | undefined {
    const { store, clock } = this.#options;
    const { cancelled, queueDeadline, maxFailedDevices, activeDeadlineSeconds } = store.task.spec;
    if (store.gone) return { reason: "Cancelled", message: "the task was deleted" };
    if (cancelled) return { reason: cancelled, message: `the job ended: ${cancelled}` };
    if (
      this.#startedAt === undefined &&
      queueDeadline !== undefined &&
      clock.now() >= Date.parse(queueDeadline)
    )
      return { reason: "QueueTimeout", message: "the device was not reached within queueTimeoutSeconds" };
    if (
      this.#startedAt !== undefined &&
      activeDeadlineSeconds !== undefined &&
      clock.now() - this.#startedAt >= activeDeadlineSeconds * 1000
    )
      return {
        reason: "DeadlineExceeded",
        message: `the run took longer than activeDeadlineSeconds (${activeDeadlineSeconds} s)`,
      };
    const failed = [...this.#results.values()].filter(
      ({ state }) => state === "Failed" || state === "Interrupted",
    ).length;
    if (maxFailedDevices !== undefined && failed > maxFailedDevices)
      return failureOf(jobErrors.TooManyFailures({ failed, allowed: maxFailedDevices }));
    return undefined;
  }

  /** The first device begins: from now on the running time counts. */
  #begin(): void {
    if (this.#startedAt !== undefined) return;
    const { clock, store } = this.#options;
    this.#startedAt = clock.now();
    const { activeDeadlineSeconds } = store.task.spec;
    if (activeDeadlineSeconds === undefined) return;
    // A change ends by its own time limits; only what reads is ended in the middle.
    this.#deadlineTimer = clock.setTimeout(() => {
      if (Object.keys(store.task.status?.claims ?? {}).length === 0)
        this.#abort.abort(`the run took longer than activeDeadlineSeconds (${activeDeadlineSeconds} s)`);
    }, activeDeadlineSeconds * 1000);
  }

  #scheduleProgress(everyMs = PROGRESS_MS): void {
    if (this.#progressTimer || this.#ended) return;
    const { clock } = this.#options;
    const wait = Math.max(0, this.#lastStored + everyMs - clock.now());
    this.#progressTimer = clock.setTimeout(() => {
      this.#progressTimer = undefined;
      this.#lastStored = clock.now();
      if (!this.#ended) void this.#storeProgress();
    }, wait);
  }

  async #storeProgress(): Promise<void> {
    const { store, log } = this.#options;
    try {
      await store.update((task) => ({ ...this.#status(task, withoutOutputs([...this.#results.values()])) }));
    } catch (error) {
      log.warn({ task: store.task.metadata.name, reason: String(error) }, "Progress could not be stored");
    }
  }

  async #storeEnd(): Promise<void> {
    const { store, client, clock, log } = this.#options;
    this.#ended = true;
    const results = [...this.#results.values()];
    const completionTime = new Date(clock.now()).toISOString();
    try {
      const kept = await patiently(
        "Storing large outputs",
        () => moveLargeOutputs(client, store.task, results),
        this.#options,
      );
      await store.update((task) => ({ ...this.#status(task, kept), completionTime }));
    } catch (error) {
      if (this.#options.signal.aborted) return;
      // The API server refuses what a driver or parser gave: the outcome still has to be told.
      log.error(
        { task: store.task.metadata.name, reason: String(error) },
        "The results could not be stored; their outputs are left out",
      );
      const bare = withoutOutputs(results).map((result) => ({
        ...result,
        message:
          `${(result.message ?? "").slice(0, 2048)} (its output could not be stored: ${String(error).slice(0, 512)})`.trim(),
      }));
      await store.update((task) => ({ ...this.#status(task, bare), completionTime }));
    }
  }

  #status(task: NetTask, devices: DeviceResult[]): NetTaskStatus {
    return {
      ...task.status,
      devices,
      instance: this.#options.identity.instance,
      ...(this.#startedAt !== undefined && { startTime: new Date(this.#startedAt).toISOString() }),
    };
  }
}

function notStarted(device: string, error: { code: string; message: string }): DeviceResult {
  return { device, state: "NotStarted", reason: error.code, message: error.message };
}

/** Progress tells how far devices are, not yet what they said. */
function withoutOutputs(results: readonly DeviceResult[]): DeviceResult[] {
  return results.map(({ commands, ...result }) => result);
}
