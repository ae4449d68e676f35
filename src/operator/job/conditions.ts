import type { Condition, DeviceResult, NetJob } from "../../api/index.ts";
import { jobErrors } from "../../errors/job.ts";
import { setCondition } from "../../runtime/conditions.ts";
import type { Verdict } from "./roll-up.ts";

/** A run that is on: what it waits for, or that it runs. */
export interface Progress {
  readonly scheduled: boolean;
  readonly reason: string;
  readonly message: string;
}

/**
 * Conditions of a run that is on. `Reconciling` and `Ready` are those of the kstatus convention, which Flux, Argo CD and
 * `kubectl wait` read; `Stalled` is present only when true.
 */
export function progressConditions(
  job: NetJob,
  { scheduled, reason, message }: Progress,
  now: number,
): Condition[] {
  const base = { observedGeneration: job.metadata.generation, reason, message };
  return apply(
    previousOf(job),
    now,
    ["Finished", "Stalled", "WebhooksDelivered", "Compliant"],
    [
      {
        ...base,
        type: "Scheduled",
        status: scheduled ? "True" : "False",
        ...(scheduled && { reason: "Placed", message: "" }),
      },
      { ...base, type: "Succeeded", status: "Unknown" },
      { ...base, type: "Reconciling", status: "True" },
      { ...base, type: "Ready", status: "False" },
    ],
  );
}

/** Conditions of a finished run. `Compliant` is there where devices have a compliance report. */
export function finishedConditions(
  job: NetJob,
  verdict: Verdict,
  scheduled: boolean,
  results: readonly DeviceResult[],
  now: number,
): Condition[] {
  const base = {
    observedGeneration: job.metadata.generation,
    reason: verdict.reason,
    message: verdict.message,
  };
  const status = verdict.succeeded ? "True" : "False";
  const compliance = complianceOf(results);
  return apply(
    previousOf(job),
    now,
    ["Reconciling", "WebhooksDelivered", "Compliant", ...(verdict.succeeded ? ["Stalled"] : [])],
    [
      {
        ...base,
        type: "Scheduled",
        status: scheduled ? "True" : "False",
        ...(scheduled && { reason: "Placed", message: "" }),
      },
      { ...base, type: "Succeeded", status },
      { ...base, type: "Finished", status: "True" },
      { ...base, type: "Ready", status },
      ...(verdict.succeeded ? [] : [{ ...base, type: "Stalled", status: "True" as const }]),
      ...(compliance ? [{ ...base, type: "Compliant", ...compliance }] : []),
    ],
  );
}

/** What the reports of a run say together: one that is missing leaves it open, unless another device does not comply. */
function complianceOf(
  results: readonly DeviceResult[],
): Pick<Condition, "status" | "reason" | "message"> | undefined {
  const reported = results.filter(({ complies }) => complies !== undefined);
  if (reported.length === 0) return undefined;
  const total = results.length;
  const failing = reported.filter(({ complies }) => !complies).map(({ device }) => device);
  if (failing.length > 0) {
    const first = failing.slice(0, 5).join(", ");
    const error = jobErrors.NotCompliant({ failing: failing.length, total, first });
    return { status: "False", reason: error.code, message: error.message };
  }
  const missing = total - reported.length;
  if (missing > 0)
    return {
      status: "Unknown",
      reason: "ReportsMissing",
      message: `${missing} of ${total} device(s) have no report`,
    };
  return { status: "True", reason: "Complies", message: `${total} device(s) comply` };
}

type NewCondition = Omit<Condition, "lastTransitionTime">;

function previousOf(job: NetJob): readonly Condition[] {
  return job.status?.conditions ?? [];
}

function apply(
  previous: readonly Condition[],
  now: number,
  removed: readonly string[],
  wanted: readonly NewCondition[],
): Condition[] {
  const kept = previous.filter(({ type }) => !removed.includes(type));
  return wanted.reduce<Condition[]>(
    (conditions, condition) =>
      setCondition(conditions, { ...condition, message: condition.message.slice(0, 4096) }, now),
    kept,
  );
}
