import type {
  DevicePool,
  DeviceResult,
  NetJob,
  NetJobStatus,
  NetTask,
  Pin,
  PlannedTask,
} from "../../api/index.ts";
import { specHash } from "../../api/spec-hash.ts";
import type { NetPulseError } from "../../errors/define.ts";
import { jobErrors } from "../../errors/job.ts";
import { dueDeliveries } from "../webhooks/subscription.ts";
import { finishedConditions, type Progress, progressConditions } from "./conditions.ts";
import { type DeviceOutcome, outcomesOf } from "./device-outcome.ts";
import { listResults, summarize, type Verdict, verdictOf } from "./roll-up.ts";
import { currentRun, type Run } from "./run.ts";
import { split } from "./split.ts";
import { stopOf } from "./stop.ts";
import { type Targets, targetsOf } from "./targets.ts";
import { makeTask, type NewTask } from "./task.ts";

/** What the decision is made from: a snapshot of caches, no calls. */
export interface JobView {
  readonly pool: DevicePool | undefined;
  readonly pins: Readonly<Record<string, Pin>>;
  /** Tasks may be given to this worker now. */
  readonly isReady: (worker: string) => boolean;
  /** This worker is gone for good: it cannot touch a device any more. */
  readonly isLost: (worker: string) => boolean;
  /** Devices that an earlier pool has, with a name for it. */
  readonly conflicts: ReadonlyMap<string, string>;
  /** All tasks of the job, of any run. */
  readonly tasks: readonly NetTask[];
  /** What is wrong with the spec beyond what admission can see. */
  readonly problems: readonly string[];
  /** When the current run was first seen, in milliseconds. */
  readonly queuedAt: number;
}

export interface Decision {
  /** The status that the job should have; the very object it has when nothing changed. */
  readonly status: NetJobStatus | undefined;
  /** Whether the status must be written before anything is created, because it holds the plan, or because it is final. */
  readonly urgent: boolean;
  readonly create: readonly NewTask[];
  readonly revoke: readonly { readonly task: NetTask; readonly devices: readonly string[] }[];
  readonly cancel: readonly { readonly task: NetTask; readonly reason: string }[];
  /** Devices that wait for a pin. */
  readonly unplaced: readonly string[];
  readonly wakeUpAt?: number | undefined;
}

/** A run that ends within this time writes no intermediate status: most one-device jobs do. */
export const QUIET_MS = 1000;

/** How often a device may be begun again after an interruption, with `onInterrupted: Retry`, beyond `backoffLimit`. */
const INTERRUPTION_RETRIES = 3;

/** What to do next for a job: a pure function of the snapshot and the time. */
export function decide(job: NetJob, view: JobView, now: number): Decision {
  const run = currentRun(job, view.tasks);
  if (run.state === "finished") return nothing(observed(job));
  if (job.metadata.deletionTimestamp) return nothing(job.status);

  const { pool } = view;
  if (!pool && run.tasks.length === 0) return waitForPool(job, view, run, now);
  const targets: Targets = pool ? targetsOf(job, pool) : { devices: [] };
  const problems = [...(targets.problem ? [targets.problem] : []), ...view.problems];
  if (run.tasks.length === 0 && problems.length > 0) {
    const verdict = failure(jobErrors.InvalidSpec({ problems }));
    return finish(job, view, run, [], verdict, false, now);
  }
  return carryOn(job, view, run, targets, now);
}

function carryOn(job: NetJob, view: JobView, run: Run, targets: Targets, now: number): Decision {
  const outcomes = latestOutcomes(job, run, view);
  const results = resultsOf(targets, outcomes, view.conflicts);
  const stop = stopOf(job, view, run, results, now);
  const open = [...outcomes.values()].filter(({ state }) => state === "open" || state === "lost");
  const plan = planOf(job, run);
  const pending = pendingPlan(run, plan);
  const planned = new Set(pending.flatMap(({ devices }) => devices));
  const waiting = waitingDevices(targets, outcomes, view.conflicts, planned);

  const revoke = revocations(outcomes);
  const cancel =
    stop.verdict && !stop.lettingTasksEnd ? cancellations(run, outcomes, stop.verdict.reason) : [];
  const missing = missingTasks(job, view.pool, run, pending, stop.verdict);

  if (open.length === 0 && missing.length === 0 && (stop.verdict || waiting.length === 0)) {
    const final = results.map((result) => (isFinal(result) ? result : dropped(result, stop.verdict)));
    const verdict = verdictOf(summarize(final), final, stop.verdict);
    return {
      ...finish(job, view, run, final, verdict, run.tasks.length > 0 || verdict.succeeded, now),
      revoke,
    };
  }

  const mayPlace =
    !stop.verdict && !job.spec.suspend && specHash(job.spec) === run.hash && view.pool !== undefined;
  const room = Math.max(
    0,
    (job.spec.parallelism ?? Number.POSITIVE_INFINITY) - open.length - plannedOnly(missing),
  );
  const placeable = mayPlace ? waiting.slice(0, room) : [];
  const placed = placeable.flatMap((device) => placementOf(device, view));
  const unplaced = placeable.filter((device) => !placed.some((each) => each.device === device));

  const fresh = split(job, run.number, placed, plan.length);
  const wholePlan = [...plan, ...fresh];
  const single =
    wholePlan.length === 1 && wholePlan[0]?.devices.length === targets.devices.length && !job.status?.tasks;
  const attempts = (planned: PlannedTask) => attemptOf(planned, run.tasks);
  const create = view.pool
    ? [
        ...missing,
        ...fresh.map((planned, index) =>
          makeTask(job, view.pool as DevicePool, run, plan.length + index, planned, attempts(planned)),
        ),
      ]
    : missing;

  const progress = progressOf(job, view, waiting, unplaced, open);
  const planChanges = fresh.length > 0 && !single;
  const status = progressStatus(
    job,
    run,
    results,
    progress,
    planChanges ? wholePlan : undefined,
    view.queuedAt,
    now,
  );
  return {
    status,
    urgent: planChanges,
    create,
    revoke,
    cancel,
    unplaced,
    wakeUpAt: earliest(stop.nextAt, view.queuedAt + QUIET_MS > now ? view.queuedAt + QUIET_MS : undefined),
  };
}

/** The outcome of each device in the last task that has it; an interruption counts as open to repetition where the job asks. */
function latestOutcomes(job: NetJob, run: Run, view: JobView): Map<string, DeviceOutcome> {
  const latest = new Map<string, DeviceOutcome>();
  for (const task of run.tasks)
    for (const [device, outcome] of outcomesOf(task, view.isLost)) latest.set(device, outcome);
  if (job.spec.onInterrupted !== "Retry") return latest;
  for (const [device, outcome] of latest) {
    if (outcome.result.state !== "Interrupted") continue;
    const begun = run.tasks.filter((task) => task.spec.devices.some(({ name }) => name === device)).length;
    if (begun <= job.spec.backoffLimit + INTERRUPTION_RETRIES)
      latest.set(device, { ...outcome, state: "replace" });
  }
  return latest;
}

function resultsOf(
  targets: Targets,
  outcomes: ReadonlyMap<string, DeviceOutcome>,
  conflicts: ReadonlyMap<string, string>,
): DeviceResult[] {
  const names = new Set([...targets.devices.map(({ name }) => name), ...outcomes.keys()]);
  return [...names].map((device) => {
    const outcome = outcomes.get(device);
    if (outcome?.state === "replace") return { ...outcome.result, state: "NotStarted" };
    if (outcome) return outcome.result;
    const other = conflicts.get(device);
    if (other === undefined) return { device, state: "Pending" };
    const error = jobErrors.Conflict({ device, other });
    return { device, state: "Failed", reason: error.code, message: error.message };
  });
}

/** Devices with nothing on the way that may still be begun. */
function waitingDevices(
  targets: Targets,
  outcomes: ReadonlyMap<string, DeviceOutcome>,
  conflicts: ReadonlyMap<string, string>,
  planned: ReadonlySet<string>,
): string[] {
  return targets.devices
    .map(({ name }) => name)
    .filter((name) => {
      if (planned.has(name)) return false;
      const outcome = outcomes.get(name);
      return outcome ? outcome.state === "replace" : !conflicts.has(name);
    });
}

/** Tasks of the run as planned: what the status says, or, for a run of one task, the task itself. */
function planOf(job: NetJob, run: Run): PlannedTask[] {
  const recorded =
    job.status?.run === run.number && !job.status.completionTime ? (job.status.tasks ?? []) : [];
  if (recorded.length > 0) return [...recorded];
  return run.tasks.map(({ metadata, spec }) => ({
    name: metadata.name,
    worker: spec.workerName,
    devices: spec.devices.map(({ name }) => name),
  }));
}

interface PendingTask extends PlannedTask {
  readonly slice: number;
}

/** Planned tasks that are not seen yet: an operator ended before it made them, or the watch has not told of them. */
function pendingPlan(run: Run, plan: readonly PlannedTask[]): PendingTask[] {
  const existing = new Set(run.tasks.map(({ metadata }) => metadata.name));
  const strayed = devicesBesidesPlan(run.tasks, plan);
  return plan
    .map((planned, slice) => ({
      ...planned,
      slice,
      devices: planned.devices.filter((name) => !strayed.has(name)),
    }))
    .filter(({ name, devices }) => !existing.has(name) && devices.length > 0);
}

/**
 * The pending tasks, to be created. One may exist and be at work already, so a run that is to stop cannot just forget them:
 * they are made as cancelled ones, and whoever made them first decides.
 */
function missingTasks(
  job: NetJob,
  pool: DevicePool | undefined,
  run: Run,
  pending: readonly PendingTask[],
  stopped: Verdict | undefined,
): NewTask[] {
  if (!pool) return [];
  return pending.map(({ slice, ...planned }) => {
    const before = run.tasks.filter((task) => task.spec.slice < slice);
    const task = makeTask(job, pool, run, slice, planned, attemptOf(planned, before));
    return stopped ? { ...task, spec: { ...task.spec, cancelled: stopped.reason } } : task;
  });
}

/**
 * Devices in tasks that the plan has elsewhere: another operator, which knew no plan, had put them there first. They are on
 * their way and must not be begun a second time.
 */
function devicesBesidesPlan(tasks: readonly NetTask[], plan: readonly PlannedTask[]): Set<string> {
  const planned = new Map(plan.map(({ name, devices }) => [name, new Set(devices)]));
  return new Set(
    tasks.flatMap(({ metadata, spec }) =>
      spec.devices.map(({ name }) => name).filter((name) => !planned.get(metadata.name)?.has(name)),
    ),
  );
}

function plannedOnly(tasks: readonly NewTask[]): number {
  return tasks.reduce((sum, { spec }) => sum + spec.devices.length, 0);
}

/** How many tasks of the run had one of these devices before. */
function attemptOf(planned: PlannedTask, tasks: readonly NetTask[]): number {
  const devices = new Set(planned.devices);
  return tasks.filter((task) => task.spec.devices.some(({ name }) => devices.has(name))).length;
}

function placementOf(device: string, view: JobView): { device: string; worker: string }[] {
  const pin = view.pins[device];
  return pin && !pin.releasing && view.isReady(pin.worker) ? [{ device, worker: pin.worker }] : [];
}

function revocations(outcomes: ReadonlyMap<string, DeviceOutcome>): Decision["revoke"] {
  const lost = [...outcomes].filter(([, { state }]) => state === "lost");
  return [...Map.groupBy(lost, ([, { task }]) => task)].map(([task, devices]) => ({
    task,
    devices: [...(task.spec.revoked ?? []), ...devices.map(([device]) => device)],
  }));
}

function cancellations(
  run: Run,
  outcomes: ReadonlyMap<string, DeviceOutcome>,
  reason: string,
): Decision["cancel"] {
  return run.tasks
    .filter((task) => !task.spec.cancelled && isOpen(task, outcomes))
    .map((task) => ({ task, reason }));
}

function isOpen(task: NetTask, outcomes: ReadonlyMap<string, DeviceOutcome>): boolean {
  return task.spec.devices.some(({ name }) => {
    const outcome = outcomes.get(name);
    return outcome?.task === task && outcome.state === "open";
  });
}

function isFinal({ state }: DeviceResult): boolean {
  return state !== "Pending" && state !== "NotStarted" && state !== "Running";
}

function dropped(result: DeviceResult, stop: Verdict | undefined): DeviceResult {
  return { ...result, state: "Cancelled", reason: stop?.reason ?? "Cancelled", message: stop?.message ?? "" };
}

function progressOf(
  job: NetJob,
  view: JobView,
  waiting: readonly string[],
  unplaced: readonly string[],
  open: readonly DeviceOutcome[],
): Progress {
  if (job.spec.suspend) {
    const error = jobErrors.Suspended();
    return { scheduled: open.length > 0, reason: error.code, message: error.message };
  }
  if (unplaced.length > 0) {
    const ready = Object.values(view.pins).some(({ worker }) => view.isReady(worker));
    const error = jobErrors.Unschedulable({
      waiting: unplaced.length,
      why: ready ? "the workers that are ready have no free place" : "no worker of the pool is ready",
    });
    return { scheduled: false, reason: error.code, message: error.message };
  }
  const running = open.some(({ result }) => result.state === "Running");
  const message = `${open.length} device(s) on the way, ${waiting.length} waiting`;
  return { scheduled: true, reason: running ? "Running" : "Pending", message };
}

function progressStatus(
  job: NetJob,
  run: Run,
  results: readonly DeviceResult[],
  progress: Progress,
  plan: readonly PlannedTask[] | undefined,
  queuedAt: number,
  now: number,
): NetJobStatus {
  const sameRun = job.status?.run === run.number && !job.status.completionTime;
  const started = startTimeOf(run);
  return {
    observedGeneration: job.metadata.generation,
    run: run.number,
    specHash: run.hash,
    queuedTime: (sameRun && job.status?.queuedTime) || new Date(queuedAt).toISOString(),
    ...(started && { startTime: started }),
    conditions: progressConditions(job, progress, now),
    summary: summarize(results),
    // Programs that run for hours are looked at while they do.
    ...(job.spec.options?.detach && { results: listResults(results) }),
    ...((plan ?? (sameRun && job.status?.tasks)) && { tasks: [...(plan ?? job.status?.tasks ?? [])] }),
  };
}

function finish(
  job: NetJob,
  view: JobView,
  run: Run,
  results: readonly DeviceResult[],
  verdict: Verdict,
  scheduled: boolean,
  now: number,
): Decision {
  const sameRun = job.status?.run === run.number && !job.status.completionTime;
  const started = startTimeOf(run);
  const webhooks = dueDeliveries(job, view.pool, run.number, verdict.succeeded);
  const status: NetJobStatus = {
    observedGeneration: job.metadata.generation,
    run: run.number,
    specHash: run.hash,
    queuedTime: (sameRun && job.status?.queuedTime) || new Date(view.queuedAt).toISOString(),
    ...(started && { startTime: started }),
    completionTime: new Date(now).toISOString(),
    conditions: finishedConditions(job, verdict, scheduled, results, now),
    summary: summarize(results),
    ...(sameRun && job.status?.tasks && { tasks: job.status.tasks }),
    results: listResults(results),
    ...(webhooks.length > 0 && { webhooks }),
  };
  return { ...nothing(status), urgent: true };
}

function startTimeOf(run: Run): string | undefined {
  return run.tasks.flatMap(({ status }) => (status?.startTime ? [status.startTime] : [])).sort()[0];
}

function waitForPool(job: NetJob, view: JobView, run: Run, now: number): Decision {
  const stop = stopOf(job, view, run, [], now);
  if (stop.verdict) return finish(job, view, run, [], stop.verdict, false, now);
  const error = jobErrors.PoolNotFound({ pool: job.spec.poolRef.name });
  const progress = { scheduled: false, reason: error.code, message: error.message };
  return {
    ...nothing(progressStatus(job, run, [], progress, undefined, view.queuedAt, now)),
    wakeUpAt: stop.nextAt,
  };
}

/** A finished job only acknowledges that it has seen the present generation. */
function observed(job: NetJob): NetJobStatus | undefined {
  const { status, metadata } = job;
  if (!status || status.observedGeneration === metadata.generation) return status;
  return {
    ...status,
    observedGeneration: metadata.generation,
    conditions: (status.conditions ?? []).map((condition) => ({
      ...condition,
      observedGeneration: metadata.generation,
    })),
  };
}

function nothing(status: NetJobStatus | undefined): Decision {
  return { status, urgent: false, create: [], revoke: [], cancel: [], unplaced: [] };
}

function failure(error: NetPulseError): Verdict {
  return { succeeded: false, reason: error.code, message: error.message };
}

function earliest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
