import type { DevicePool, NetJob } from "../api/index.ts";

/** Marks of Argo CD and Flux: an object with one would be applied, and so run, again if it were deleted. */
const TRACKING = [
  "argocd.argoproj.io/tracking-id",
  "argocd.argoproj.io/instance",
  "app.kubernetes.io/instance",
  "kustomize.toolkit.fluxcd.io/name",
  "helm.toolkit.fluxcd.io/name",
];

/** How many more than the limit are left alone, so that a limit of many is not enforced one deletion at a time. */
const SLACK = 0.05;

export interface Expiry {
  /** Jobs to be deleted now, the oldest first. */
  readonly jobs: readonly NetJob[];
  /** Tracked jobs that keep their object and lose their tasks and outputs. */
  readonly tasksOf: readonly NetJob[];
  /** When the next one's time is over, in milliseconds. */
  readonly nextAt?: number;
}

/** Which finished jobs of a pool have had their time: `ttlSecondsAfterFinished` first, then the pool's history limits. */
export function expired(pool: DevicePool | undefined, jobs: readonly NetJob[], now: number): Expiry {
  const finished = jobs
    .filter((job) => job.status?.completionTime && !job.metadata.deletionTimestamp && webhooksDone(job))
    .toSorted((a, b) => ended(a) - ended(b));
  const due = new Set(finished.filter((job) => ttlEnd(job) <= now));
  if (pool) {
    const succeeded = finished.filter((job) => !due.has(job) && hasSucceeded(job));
    const failed = finished.filter((job) => !due.has(job) && !hasSucceeded(job));
    for (const job of surplus(succeeded, pool.spec.successfulJobsHistoryLimit)) due.add(job);
    for (const job of surplus(failed, pool.spec.failedJobsHistoryLimit)) due.add(job);
  }
  const nextAt = Math.min(...finished.filter((job) => !due.has(job)).map(ttlEnd));
  return {
    jobs: [...due].filter((job) => !isTracked(job)),
    tasksOf: [...due].filter(isTracked),
    ...(Number.isFinite(nextAt) && { nextAt }),
  };
}

function isTracked({ metadata }: NetJob): boolean {
  return TRACKING.some(
    (key) => metadata.labels?.[key] !== undefined || metadata.annotations?.[key] !== undefined,
  );
}

function surplus(jobs: readonly NetJob[], limit: number): readonly NetJob[] {
  return jobs.length > limit + Math.floor(limit * SLACK) ? jobs.slice(0, jobs.length - limit) : [];
}

function webhooksDone({ status }: NetJob): boolean {
  return (status?.webhooks ?? []).every(({ state }) => state !== "Pending");
}

function hasSucceeded({ status }: NetJob): boolean {
  return status?.conditions?.some(({ type, status }) => type === "Succeeded" && status === "True") ?? false;
}

function ended({ status }: NetJob): number {
  return Date.parse(status?.completionTime ?? "");
}

function ttlEnd(job: NetJob): number {
  const ttl = job.spec.ttlSecondsAfterFinished;
  return ttl === undefined ? Number.POSITIVE_INFINITY : ended(job) + ttl * 1000;
}
