import type { DeviceResult, NetJob } from "../../api/index.ts";
import { specHash } from "../../api/spec-hash.ts";
import type { NetPulseError } from "../../errors/define.ts";
import { jobErrors } from "../../errors/job.ts";
import type { Verdict } from "./roll-up.ts";
import type { Run } from "./run.ts";

export interface Stop {
  /** Why nothing further of the run may begin; undefined while it may go on. */
  readonly verdict?: Verdict;
  /** The tasks that exist go on to their end; only further ones are held back. */
  readonly lettingTasksEnd?: boolean;
  /** When a time limit may next stop it, in milliseconds. */
  readonly nextAt?: number | undefined;
}

/** The rules that stop a run before all its devices are done, in the order of their precedence. */
export function stopOf(
  job: NetJob,
  view: { readonly queuedAt: number },
  run: Run,
  results: readonly DeviceResult[],
  now: number,
): Stop {
  const { cancel, maxFailedDevices, queueTimeoutSeconds, activeDeadlineSeconds } = job.spec;
  if (cancel) return stop(jobErrors.Cancelled());

  const failed = results.filter(({ state }) => state === "Failed" || state === "Interrupted").length;
  if (maxFailedDevices !== undefined && failed > maxFailedDevices)
    return stop(jobErrors.TooManyFailures({ failed, allowed: maxFailedDevices }));

  if (run.state === "active" && specHash(job.spec) !== run.hash)
    return { ...stop(jobErrors.SpecChanged()), lettingTasksEnd: true };

  const startedAt = Math.min(
    ...run.tasks.map(({ status }) => Date.parse(status?.startTime ?? "") || Number.POSITIVE_INFINITY),
  );
  if (Number.isFinite(startedAt)) {
    if (activeDeadlineSeconds === undefined) return {};
    const deadline = startedAt + activeDeadlineSeconds * 1000;
    return now >= deadline
      ? stop(jobErrors.DeadlineExceeded({ seconds: activeDeadlineSeconds }))
      : { nextAt: deadline };
  }
  if (queueTimeoutSeconds === undefined) return {};
  const deadline = view.queuedAt + queueTimeoutSeconds * 1000;
  return now >= deadline
    ? stop(jobErrors.QueueTimeout({ seconds: queueTimeoutSeconds }))
    : { nextAt: deadline };
}

function stop(error: NetPulseError): Stop {
  return { verdict: { succeeded: false, reason: error.code, message: error.message } };
}
