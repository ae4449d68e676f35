import { type NetTask, type NetTaskStatus, netTasks } from "../../api/index.ts";
import { type ApiClient, isConflict, isNotFound } from "../../runtime/index.ts";
import { type Patience, patiently } from "../patience.ts";

export interface TaskStoreOptions extends Patience {
  readonly client: ApiClient;
}

/**
 * One task as this worker knows it: the watch's latest, or what a write of its own returned. All writes to its status go
 * through here, one after another, each with the resourceVersion that it was made from.
 */
export class TaskStore {
  readonly #options: TaskStoreOptions;
  #task: NetTask;
  #gone = false;
  readonly #over = new AbortController();
  #writes: Promise<unknown> = Promise.resolve();

  constructor(task: NetTask, options: TaskStoreOptions) {
    this.#task = task;
    this.#options = options;
    this.#take(task);
  }

  get task(): NetTask {
    return this.#task;
  }

  /** The object was deleted: nothing more can be stored. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Aborted once nothing more of the task may begin: it was cancelled or deleted. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** The watch delivered a version; older ones than ours are ignored. */
  observe(task: NetTask): void {
    if (Number(task.metadata.resourceVersion) > Number(this.#task.metadata.resourceVersion)) this.#take(task);
  }

  observeDeleted(): void {
    this.#disappear();
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
    const { client, signal } = this.#options;
    while (!this.#gone && !signal.aborted) {
      try {
        const stored = await patiently(
          "Storing the status of a task",
          () => client.replaceStatus<NetTask>(netTasks, { ...this.#task, status: change(this.#task) }),
          this.#options,
        );
        this.#take(stored);
        return true;
      } catch (error) {
        if (isNotFound(error)) this.#disappear();
        else if (isConflict(error)) await this.#reread();
        else if (!signal.aborted) throw error;
      }
    }
    return false;
  }

  async #reread(): Promise<void> {
    const { namespace, name, uid } = this.#task.metadata;
    try {
      const present = await patiently(
        "Reading a task",
        () => this.#options.client.get(netTasks, namespace, name),
        this.#options,
      );
      if (present.metadata.uid === uid) this.#take(present);
      else this.#disappear();
    } catch (error) {
      if (isNotFound(error)) this.#disappear();
      else if (!this.#options.signal.aborted) throw error;
    }
  }

  #take(task: NetTask): void {
    this.#task = task;
    if (task.spec.cancelled) this.#over.abort();
  }

  #disappear(): void {
    this.#gone = true;
    this.#over.abort();
  }
}
