import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type NetJob, netJobs } from "../../api/index.ts";
import { type Manifest, readManifests } from "../../localcluster/manifests.ts";
import { type ApiClient, isNotFound, sleep, systemClock } from "../../runtime/index.ts";

const FOLDER = join(import.meta.dirname, "lab");
const POLL_MS = 50;

/** The lab's NetJobs in the order in which they are to run. */
export function labJobs(namespace: string): (NetJob & Manifest)[] {
  const files = readdirSync(FOLDER).toSorted();
  return files
    .flatMap((name) => readManifests(join(FOLDER, name)))
    .map((job) => ({ ...job, metadata: { ...job.metadata, namespace } }) as NetJob & Manifest);
}

/** Removes what an earlier run left, so that each job runs anew. */
export async function removeJobs(client: ApiClient, jobs: readonly NetJob[]): Promise<void> {
  for (const { metadata } of jobs) {
    await client
      .delete(netJobs, metadata.namespace, metadata.name, { propagationPolicy: "Background" })
      .catch(ignoreNotFound);
  }
  for (const { metadata } of jobs) {
    const gone = () => client.get(netJobs, metadata.namespace, metadata.name).then(() => false, isNotFound);
    while (!(await gone())) await sleep(systemClock, POLL_MS);
  }
}

/** Creates the job and resolves with it once it has finished; `note` is told how far it is. */
export async function runJob(
  client: ApiClient,
  job: NetJob,
  options: { note: (text: string) => void; signal: AbortSignal },
): Promise<NetJob> {
  const { signal } = options;
  const created = await client.create(netJobs, job, { signal });
  const fieldSelector = `metadata.name=${job.metadata.name}`;
  const { namespace, resourceVersion } = created.metadata;
  // A watch may be cut at any time; what matters is then seen by reading again.
  for (let since = resourceVersion; ; ) {
    try {
      for await (const event of client.watch(netJobs, {
        namespace,
        fieldSelector,
        resourceVersion: since,
        signal,
      })) {
        if (event.type === "DELETED") throw new JobDeletedError(`NetJob ${job.metadata.name} was deleted.`);
        if (event.type !== "ADDED" && event.type !== "MODIFIED") continue;
        options.note(progressOf(event.object));
        since = event.object.metadata.resourceVersion;
        if (isFinished(event.object)) return event.object;
      }
    } catch (error) {
      if (signal.aborted || error instanceof JobDeletedError) throw error;
    }
    await sleep(systemClock, POLL_MS, signal);
    signal.throwIfAborted();
    const now = await client.get(netJobs, namespace, job.metadata.name, { signal });
    if (isFinished(now)) return now;
    since = now.metadata.resourceVersion;
  }
}

class JobDeletedError extends Error {
  override readonly name = "JobDeletedError";
}

export function conditionOf(job: NetJob, type: string) {
  return job.status?.conditions?.find((condition) => condition.type === type);
}

export function succeeded(job: NetJob): boolean {
  return conditionOf(job, "Succeeded")?.status === "True";
}

function isFinished(job: NetJob): boolean {
  return conditionOf(job, "Finished")?.status === "True";
}

function progressOf(job: NetJob): string {
  const { summary } = job.status ?? {};
  if (summary === undefined) return "waiting";
  const failed = summary.failed + summary.interrupted;
  return `${summary.succeeded} of ${summary.total} devices succeeded${failed > 0 ? `, ${failed} failed` : ""}`;
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
