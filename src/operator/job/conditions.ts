import type { Condition, NetJob } from "../../api/index.ts";
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

/** Conditions of a finished run. */
export function finishedConditions(
  job: NetJob,
  verdict: Verdict,
  scheduled: boolean,
  now: number,
): Condition[] {
  const base = {
    observedGeneration: job.metadata.generation,
    reason: verdict.reason,
    message: verdict.message,
  };
  const status = verdict.succeeded ? "True" : "False";
  return apply(
    previousOf(job),
    now,
    ["Reconciling", "WebhooksDelivered", ...(verdict.succeeded ? ["Stalled"] : [])],
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
    ],
  );
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
