import type { DeviceResult, NetTask } from "../../api/index.ts";
import { jobErrors } from "../../errors/job.ts";

/**
 * How far one device of a run is, read from the last task that has it.
 * - `open`: its task is on the way or at work;
 * - `lost`: the same, but its worker is gone and the task not yet revoked;
 * - `replace`: nothing was begun, or the job asks for a repetition: it may be given to another task;
 * - `done`: final.
 */
export interface DeviceOutcome {
  readonly state: "open" | "lost" | "replace" | "done";
  readonly result: DeviceResult;
  readonly task: NetTask;
}

const FINAL = new Set(["Succeeded", "Failed", "Interrupted", "Cancelled"]);

/** Outcomes by device of one task. `isLost` says whether a worker is gone for good. */
export function outcomesOf(task: NetTask, isLost: (worker: string) => boolean): Map<string, DeviceOutcome> {
  const outcomes = new Map<string, DeviceOutcome>();
  const reported = new Map((task.status?.devices ?? []).map((result) => [result.device, result]));
  const revoked = new Set(task.spec.revoked ?? []);
  const lost = isLost(task.spec.workerName);
  for (const { name } of task.spec.devices)
    outcomes.set(name, outcomeOf(task, name, reported.get(name), revoked.has(name), lost));
  return outcomes;
}

function outcomeOf(
  task: NetTask,
  device: string,
  result: DeviceResult | undefined,
  revoked: boolean,
  lost: boolean,
): DeviceOutcome {
  const base = { device, worker: task.spec.workerName, task: task.metadata.name };
  // The revocation was written at a resourceVersion: a claim that is not there by then can never come to be.
  if (revoked)
    // A detached program is started once whoever starts it: whether it was may be asked by the next worker.
    return task.status?.claims?.[device] && !task.spec.options?.detach
      ? { state: "done", result: { ...base, ...interrupted(task, result) }, task }
      : { state: "replace", result: { ...base, state: "NotStarted", reason: "WorkerLost" }, task };
  if (result && FINAL.has(result.state)) return { state: "done", result: { ...result, ...base }, task };
  if (result?.state === "NotStarted") return { state: "replace", result: { ...result, ...base }, task };
  return { state: lost ? "lost" : "open", result: { ...(result ?? { state: "Pending" }), ...base }, task };
}

function interrupted(
  task: NetTask,
  result: DeviceResult | undefined,
): Pick<DeviceResult, "state" | "reason" | "message"> {
  const worker = task.spec.workerName;
  const seconds = task.spec.options?.commit?.confirmTimeoutSeconds;
  const error =
    seconds === undefined
      ? jobErrors.WorkerLost({ worker })
      : jobErrors.CommitUnconfirmed({ worker, seconds });
  return {
    ...(result?.startTime && { startTime: result.startTime }),
    state: "Interrupted",
    reason: error.code,
    message: error.message,
  };
}
