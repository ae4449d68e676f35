import { type NetJob, netJobs, netTasks } from "../api/index.ts";
import {
  type ApiClient,
  type Clock,
  isConflict,
  isNotFound,
  type ObjectKey,
  type Result,
} from "../runtime/index.ts";
import type { Caches } from "./caches.ts";
import { expired } from "./retention.ts";

export interface RetentionControllerOptions {
  readonly client: ApiClient;
  readonly caches: Caches;
  readonly clock: Clock;
}

/** Deletes what `expired` names, one pool at a time. */
export class RetentionController {
  readonly #options: RetentionControllerOptions;

  constructor(options: RetentionControllerOptions) {
    this.#options = options;
  }

  async reconcile(pool: ObjectKey): Promise<Result> {
    const { caches, clock } = this.#options;
    const now = clock.now();
    const { jobs, tasksOf, nextAt } = expired(caches.pools.get(pool), caches.jobs.by("pool", pool), now);
    for (const job of jobs) await this.#deleteJob(job);
    for (const job of tasksOf) await this.#deleteTasks(job);
    return nextAt === undefined ? {} : { requeueAfterMs: Math.max(1, nextAt - now) };
  }

  /** Only the very object that was judged: an edit since then may have begun another run. */
  async #deleteJob({ metadata }: NetJob): Promise<void> {
    const { uid, resourceVersion, namespace, name } = metadata;
    await this.#options.client
      .delete(netJobs, namespace, name, { uid, resourceVersion, propagationPolicy: "Background" })
      .catch(ignoreGone);
  }

  async #deleteTasks({ metadata }: NetJob): Promise<void> {
    const { client, caches } = this.#options;
    for (const task of caches.tasks.by("job", metadata.uid))
      await client
        .delete(netTasks, metadata.namespace, task.metadata.name, { propagationPolicy: "Background" })
        .catch(ignoreGone);
  }
}

function ignoreGone(error: unknown): void {
  if (!isNotFound(error) && !isConflict(error)) throw error;
}
