import type { NetTask } from "../../api/index.ts";
import type { Informer } from "../../runtime/index.ts";
import { TaskRun, type TaskRunOptions } from "./task-run.ts";
import { TaskStore, type TaskStoreOptions } from "./task-store.ts";

export type TaskLoopOptions = Omit<TaskRunOptions, "store"> &
  TaskStoreOptions & { readonly tasks: Informer<NetTask> };

/** Takes up each task of this worker once, and passes on what later happens to it. */
export class TaskLoop {
  readonly #options: TaskLoopOptions;
  readonly #running = new Map<string, { readonly store: TaskStore; readonly done: Promise<void> }>();
  /** Every task that this process took up and that still exists: a late watch event must not begin one again. */
  readonly #taken = new Set<string>();

  constructor(options: TaskLoopOptions) {
    this.#options = options;
    options.tasks.on(({ type, object }) => {
      const { uid } = object.metadata;
      const known = this.#running.get(uid);
      if (type === "deleted") {
        this.#taken.delete(uid);
        known?.store.observeDeleted();
      } else if (known) known.store.observe(object);
      else if (!this.#taken.has(uid) && !object.status?.completionTime) this.#take(object);
    });
  }

  /** Resolves when the tasks at hand have ended. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #take(task: NetTask): void {
    const { log, signal } = this.#options;
    if (signal.aborted) return;
    this.#taken.add(task.metadata.uid);
    const store = new TaskStore(task, this.#options);
    const done = new TaskRun({ ...this.#options, store })
      .run()
      .catch((error: unknown) =>
        log.error({ task: task.metadata.name, reason: String(error) }, "A task failed in an unforeseen way"),
      )
      .finally(() => this.#running.delete(task.metadata.uid));
    this.#running.set(task.metadata.uid, { store, done });
  }
}
