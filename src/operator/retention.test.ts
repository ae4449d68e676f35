import { expect, test } from "vitest";
import type { NetJob } from "../api/index.ts";
import { expired } from "./retention.ts";
import { job, pool, START } from "./testing/objects.ts";

interface Past {
  readonly succeeded?: boolean;
  readonly ttl?: number;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly webhook?: "Pending" | "Delivered";
}

/** A job that ended so many seconds after the start. */
function past(
  name: string,
  endedAt: number,
  { succeeded = true, ttl, webhook, ...marks }: Past = {},
): NetJob {
  const base = job(["r1"], ttl === undefined ? {} : { ttlSecondsAfterFinished: ttl });
  const time = new Date(START + endedAt * 1000).toISOString();
  const status = succeeded ? ("True" as const) : ("False" as const);
  return {
    ...base,
    metadata: { ...base.metadata, name, ...marks },
    status: {
      observedGeneration: 1,
      completionTime: time,
      conditions: [{ type: "Succeeded", status, reason: "Any", message: "", lastTransitionTime: time }],
      ...(webhook && { webhooks: [{ name: "hook", event: "e", attempts: 0, state: webhook }] }),
    },
  };
}

function names(jobs: readonly NetJob[], limits: { ok?: number; failed?: number } = {}, afterSeconds = 100) {
  const of = pool(["r1"], {
    successfulJobsHistoryLimit: limits.ok ?? 100,
    failedJobsHistoryLimit: limits.failed ?? 100,
  });
  const { jobs: gone, tasksOf, nextAt } = expired(of, jobs, START + afterSeconds * 1000);
  return {
    gone: gone.map(({ metadata }) => metadata.name),
    tasksOf: tasksOf.map(({ metadata }) => metadata.name),
    nextAt,
  };
}

test("the oldest beyond the limits go, each kind by its own limit", () => {
  const jobs = [past("new", 3), past("old", 1), past("bad", 2, { succeeded: false })];
  expect(names(jobs, { ok: 1, failed: 1 }).gone).toEqual(["old"]);
  expect(names(jobs, { ok: 2, failed: 0 }).gone).toEqual(["bad"]);
});

test("a ttl ends a job to the millisecond, and says when the next one is due", () => {
  const jobs = [past("one", 0, { ttl: 100 }), past("two", 0, { ttl: 200 })];
  expect(names(jobs, {}, 99).gone).toEqual([]);
  expect(names(jobs, {}, 100)).toEqual({ gone: ["one"], tasksOf: [], nextAt: START + 200_000 });
});

test.each([
  ["argocd.argoproj.io/tracking-id", "annotations"],
  ["argocd.argoproj.io/instance", "labels"],
  ["app.kubernetes.io/instance", "labels"],
  ["kustomize.toolkit.fluxcd.io/name", "labels"],
  ["helm.toolkit.fluxcd.io/name", "labels"],
])("a job that %s tracks stays, and loses only its tasks", (key, where) => {
  const tracked = past("tracked", 0, { ttl: 0, [where]: { [key]: "x" } });
  expect(names([tracked])).toMatchObject({ gone: [], tasksOf: ["tracked"] });
});

test("nothing goes before its webhooks are done, and nothing unfinished goes at all", () => {
  const unfinished = job(["r1"], { ttlSecondsAfterFinished: 0 });
  expect(names([past("told", 0, { ttl: 0, webhook: "Pending" }), unfinished]).gone).toEqual([]);
  expect(names([past("told", 0, { ttl: 0, webhook: "Delivered" })]).gone).toEqual(["told"]);
});

test("a large limit is enforced twenty at a time rather than one at a time", () => {
  const jobs = (count: number) => Array.from({ length: count }, (_, n) => past(`j${n}`, n));
  expect(names(jobs(420), { ok: 400 }, 1000).gone).toEqual([]);
  expect(names(jobs(421), { ok: 400 }, 1000).gone).toHaveLength(21);
});
