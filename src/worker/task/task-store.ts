import { type NetTask, type NetTaskStatus, netTasks } from "../../api/index.ts";
import {
  type ApiClient,
  type Clock,
  isConflict,
  isInvalid,
  isNotFound,
  type Logger,
  sleep,
} from "../../runtime/index.ts";

/** Back-off between attempts to store a status while the API server does not answer. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

export interface TaskStoreOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the attempts: the worker is fenced or the process ends. */
  readonly signal: AbortSignal;
}

/**
 * One task as this worker knows it: the watch's latest, or what a write of its own returned. All writes to its status go
 * through here, one after another, each with the resourceVersion that it was made from.
 */
export class TaskStore {
  readonly #options: TaskStoreOptions;
  #task: NetTask;
  #gone = false;
  #writes: Promise<unknown> = Promise.resolve();

  constructor(task: NetTask, options: TaskStoreOptions) {
    this.#task = task;
    this.#options = options;
  }

  get task(): NetTask {
    return this.#task;
  }

  /** The object was deleted: nothing more can be stored. */
  get gone(): boolean {
    return this.#gone;
  }

  /** The watch delivered a version; older ones than ours are ignored. */
  observe(task: NetTask): void {
    if (Number(task.metadata.resourceVersion) > Number(this.#task.metadata.resourceVersion))
      this.#task = task;
  }

  observeDeleted(): void {
    this.#gone = true;
  }

  /**
   * Stores the status that `change` makes from the present one. `change` runs again on each conflict, on the newest object,
   * and may throw to give up. Failures of the API server are retried until the worker is fenced. False: the task is gone.
   */
  update(change: (task: NetTask) => NetTaskStatus): Promise<boolean> {
    const write = this.#writes.then(() => this.#write(change));
    this.#writes = write.catch(() => undefined);
    return write;
  }

  async #write(change: (task: NetTask) => NetTaskStatus): Promise<boolean> {
    const { client, clock, log, signal } = this.#options;
    for (let delay = FIRST_RETRY_MS; !this.#gone && !signal.aborted; ) {
      const status = change(this.#task);
      try {
        this.#task = await client.replaceStatus<NetTask>(netTasks, { ...this.#task, status });
        return true;
      } catch (error) {
        if (isNotFound(error)) this.#gone = true;
        else if (isConflict(error)) await this.#reread();
        else if (isInvalid(error)) throw error;
        else {
          log.warn(
            { task: this.#task.metadata.name, reason: String(error) },
            "The status of a task could not be stored; trying again",
          );
          await sleep(clock, delay, signal);
          delay = Math.min(delay * 2, LONGEST_RETRY_MS);
        }
      }
    }
    return false;
  }

  async #reread(): Promise<void> {
    const { namespace, name, uid } = this.#task.metadata;
    try {
      const present = await this.#options.client.get(netTasks, namespace, name);
      if (present.metadata.uid === uid) this.#task = present;
      else this.#gone = true;
    } catch (error) {
      if (isNotFound(error)) this.#gone = true;
    }
  }
}
