import type { DevicePool, DeviceResult, NetJob, NetTask, TaskDevice } from "../../api/index.ts";
import type { NetPulseError } from "../../errors/define.ts";
import { jobErrors } from "../../errors/job.ts";
import { finishedConditions } from "../../operator/job/conditions.ts";
import { summarize, verdictOf } from "../../operator/job/roll-up.ts";
import { currentRun } from "../../operator/job/run.ts";
import { targetsOf } from "../../operator/job/targets.ts";
import { makeTask } from "../../operator/job/task.ts";
import { problemsOf } from "../../operator/job/validation.ts";
import type { PluginRegistry } from "../../plugin/index.ts";
import type { Clock } from "../../runtime/index.ts";
import { addressOf, type DeviceQueues } from "../../worker/device-queue.ts";
import { Limit } from "../../worker/session/limit.ts";
import { DetachedRun } from "../../worker/task/detached-run.ts";
import type { Execution, Executor } from "../../worker/task/execute.ts";
import { asError, failureOf } from "../../worker/task/perform.ts";
import { fetchedFiles } from "./fetched-files.ts";

export interface LocalJobOptions {
  readonly plugins: PluginRegistry;
  readonly executor: Executor;
  readonly queues: DeviceQueues;
  readonly clock: Clock;
  /** Asked to stop: what runs ends safely, the rest is not begun. */
  readonly stopping: () => boolean;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  readonly onStart: (device: string) => void;
  readonly onEnd: (result: DeviceResult) => void;
  readonly notify: (device: string, reason: string, message: string) => void;
  /** Folder for what jobs fetch and is no short text. */
  readonly fetched: string;
}

/** Devices at once, where the job says nothing. */
const PARALLELISM = 100;

/**
 * Carries out a job in this process, by the operator's own rules for targets, checks and outcomes and the worker's own executor. Resolves
 * with the job and its status as a cluster would store it; never throws for a job that is wrong or fails.
 */
export async function runLocally(job: NetJob, pool: DevicePool, options: LocalJobOptions): Promise<NetJob> {
  const queued = options.clock.now();
  const { devices, problem } = targetsOf(job, pool);
  const problems = [
    ...(problem === undefined ? [] : [problem]),
    ...(await problemsOf(job, pool, devices, options.plugins)),
  ];
  if (problems.length > 0)
    return ended(job, [], queued, options.clock, { failure: jobErrors.InvalidSpec({ problems }) });

  const names = devices.map(({ name }) => name);
  const run = currentRun(job, []);
  const planned = { name: "local", worker: "local", devices: names };
  const { spec } = makeTask(job, pool, run, 0, planned, 0) as NetTask;
  const limit = new Limit(job.spec.parallelism ?? PARALLELISM);
  const results = new Map<string, DeviceResult>();
  await Promise.all(
    spec.devices.map((device) =>
      limit.run(async () => {
        const refused = refusal(job, results, options);
        const result = refused
          ? {
              device: device.name,
              state: "Cancelled" as const,
              reason: refused.code,
              message: refused.message,
            }
          : await runDevice(spec, device, options);
        results.set(device.name, result);
        options.onEnd(result);
      }),
    ),
  );
  const stopped = options.stopping() ? jobErrors.Cancelled() : undefined;
  return ended(
    job,
    names.flatMap((name) => results.get(name) ?? []),
    queued,
    options.clock,
    { stopped },
  );
}

function refusal(
  { spec }: NetJob,
  results: ReadonlyMap<string, DeviceResult>,
  { stopping }: LocalJobOptions,
): NetPulseError | undefined {
  if (stopping()) return jobErrors.Cancelled();
  const failed = [...results.values()].filter(({ state }) => state === "Failed").length;
  const allowed = spec.maxFailedDevices;
  return allowed !== undefined && failed > allowed
    ? jobErrors.TooManyFailures({ failed, allowed })
    : undefined;
}

async function runDevice(
  spec: NetTask["spec"],
  device: TaskDevice,
  options: LocalJobOptions,
): Promise<DeviceResult> {
  const { executor, queues, clock, stopping, signal, onStart, notify } = options;
  const execution: Execution = {
    spec,
    device,
    signal,
    stopReason: () => (stopping() ? "Cancelled" : undefined),
    notify: (reason, message) => notify(device.name, reason, message),
    // Nobody else can take up this job: there is nothing to claim.
    claim: () => Promise.resolve(),
    keepOutput: fetchedFiles(options.fetched, device.name),
  };
  const inTurn = <T>(work: () => Promise<T>) => queues.run(addressOf(device), spec.priority, work);
  onStart(device.name);
  try {
    if (!spec.options?.detach) return await inTurn(() => executor.execute(execution));
    const detached = new DetachedRun(
      { executor, clock, inTurn, isDraining: () => false, onProgress: () => {} },
      execution,
    );
    const result = await detached.run();
    await detached.forget().catch(() => undefined);
    return result;
  } catch (cause) {
    return { device: device.name, state: "Failed", ...failureOf(asError(cause, device.name)) };
  }
}

function ended(
  job: NetJob,
  results: DeviceResult[],
  queued: number,
  clock: Clock,
  why: { readonly failure?: NetPulseError; readonly stopped?: NetPulseError | undefined } = {},
): NetJob {
  const now = clock.now();
  const summary = summarize(results);
  const { failure, stopped } = why;
  const verdict = failure
    ? verdictFrom(failure)
    : verdictOf(summary, results, stopped && verdictFrom(stopped));
  return {
    ...job,
    status: {
      observedGeneration: job.metadata.generation,
      run: 1,
      queuedTime: new Date(queued).toISOString(),
      completionTime: new Date(now).toISOString(),
      conditions: finishedConditions(job, verdict, !failure, results, now),
      summary,
      results,
    },
  };
}

function verdictFrom({ code, message }: NetPulseError) {
  return { succeeded: false, reason: code, message };
}
