import type { NetPulseError } from "../../errors/define.ts";
import { pluginErrors } from "../../errors/plugin.ts";
import { templateErrors } from "../../errors/template.ts";
import type { Logger } from "../../plugin/plugin.ts";
import type { PluginRegistryOptions, PluginSections } from "../../plugin/registry.ts";
import type { ParseRequest, RenderRequest } from "../../plugin/template.ts";
import { watchMemory } from "./memory-watch.ts";
import { type Engine, type TemplateTask, templateName } from "./messages.ts";
import { TemplateThread, type ThreadEnd, ThreadEndedError } from "./template-thread.ts";

export interface TemplateThreadsOptions {
  /** Plugin directories and sections, as for the registry. */
  readonly directories: readonly string[];
  readonly config?: PluginSections;
  /** Number of threads: tasks that run at the same time. */
  readonly threads: number;
  readonly maxMemoryMiB: number;
  readonly maxOutputBytes: number;
  /** Engines to import before the first task. */
  readonly warm?: readonly Engine[];
  readonly log: Logger;
  readonly onInvalid?: PluginRegistryOptions["onInvalid"];
}

export interface TemplateTaskOptions {
  /** Time for the engine, counted from when it begins; waiting for a free thread is not in it. */
  readonly timeoutMs: number;
  /** Ends the task, also while it waits. */
  readonly signal?: AbortSignal;
}

/** An engine may take this long to be imported at its first use in a thread. */
const LOAD_LIMIT_MS = 30_000;

interface WaitingTask {
  readonly task: TemplateTask;
  readonly options: TemplateTaskOptions;
  readonly forget: () => void;
  resolve(text: string): void;
  reject(error: unknown): void;
}

/**
 * Template engines in threads of their own, so that no template and no regular expression can hold up device sessions. A
 * task that exceeds its time or memory is ended together with its thread, which is replaced; other tasks do not notice.
 * Threads stay, and with them what engines have compiled.
 *
 * @example
 * const templates = new TemplateThreads({ directories: [BUILT_IN_PLUGINS], threads: 2, maxMemoryMiB: 256, maxOutputBytes: 1e7, log });
 * const rows = await templates.parse("textfsm", { template, input, options: {} }, { timeoutMs: 10_000 });
 */
export class TemplateThreads {
  private readonly options: TemplateThreadsOptions;
  private readonly threads = new Set<TemplateThread>();
  private readonly idle: TemplateThread[] = [];
  private readonly waiting: WaitingTask[] = [];
  private closed = false;

  constructor(options: TemplateThreadsOptions) {
    this.options = options;
    while (this.threads.size < options.threads) this.startThread();
  }

  /**
   * @throws RenderFailed, TemplateTimeout, TemplateMemoryExceeded, TemplateOutputTooLarge, TemplateThreadEnded,
   *   TemplateAborted, PluginNotFound, PluginInvalid: each a NetPulseError that names the template
   */
  render(engine: string, request: RenderRequest, options: TemplateTaskOptions): Promise<string> {
    return this.enqueue({ kind: "renderer", name: engine, request }, options);
  }

  /** The parsed data. Throws as `render`, with ParseFailed in place of RenderFailed. */
  async parse(engine: string, request: ParseRequest, options: TemplateTaskOptions): Promise<unknown> {
    return JSON.parse(await this.enqueue({ kind: "parser", name: engine, request }, options));
  }

  /** Resolves when all threads have imported the engines they are to start with. */
  async ready(): Promise<void> {
    await Promise.all([...this.threads].map((thread) => thread.ready));
  }

  /** Ends all threads; tasks that run or wait fail with TemplateAborted. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { task, forget, reject } of this.waiting.splice(0)) {
      forget();
      reject(aborted(task, CLOSED));
    }
    const threads = [...this.threads];
    await Promise.all(threads.map((thread) => thread.terminate({ cause: "stopped", why: CLOSED })));
  }

  private enqueue(task: TemplateTask, options: TemplateTaskOptions): Promise<string> {
    const { signal } = options;
    if (this.closed) return Promise.reject(aborted(task, CLOSED));
    if (signal?.aborted) return Promise.reject(aborted(task, reasonOf(signal)));

    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const onAbort = () => this.cancel(waiting);
    const forget = () => signal?.removeEventListener("abort", onAbort);
    const waiting: WaitingTask = { task, options, forget, resolve, reject };
    signal?.addEventListener("abort", onAbort);
    this.waiting.push(waiting);
    if (this.threads.size < this.options.threads) this.startThread();
    this.dispatch();
    return promise;
  }

  private cancel(waiting: WaitingTask): void {
    const place = this.waiting.indexOf(waiting);
    if (place < 0) return;
    this.waiting.splice(place, 1);
    waiting.forget();
    waiting.reject(aborted(waiting.task, reasonOf(waiting.options.signal)));
  }

  private dispatch(): void {
    while (this.idle.length > 0 && this.waiting.length > 0) {
      // The thread that was busy last has the warmest caches.
      const thread = this.idle.pop();
      const next = thread?.alive ? this.waiting.shift() : undefined;
      if (thread && next) void this.work(thread, next);
    }
  }

  private async work(
    thread: TemplateThread,
    { task, options, forget, resolve, reject }: WaitingTask,
  ): Promise<void> {
    forget();
    try {
      if (!thread.has(task))
        await within(thread, { ...options, timeoutMs: LOAD_LIMIT_MS }, () => thread.load(task));
      resolve(await within(thread, options, () => this.watched(thread, () => thread.run(task))));
    } catch (error) {
      reject(error instanceof ThreadEndedError ? this.explain(error.end, task) : error);
    }
    if (thread.alive) this.idle.push(thread);
    this.dispatch();
  }

  private async watched<T>(thread: TemplateThread, request: () => Promise<T>): Promise<T> {
    const watch = watchMemory(thread, this.options.maxMemoryMiB);
    try {
      return await request();
    } finally {
      watch.stop();
    }
  }

  private startThread(): void {
    const {
      directories,
      config = {},
      warm = [],
      maxMemoryMiB,
      maxOutputBytes,
      log,
      onInvalid,
    } = this.options;
    const settings = { directories, config, warm, maxMemoryMiB, maxOutputBytes, log };
    const thread = new TemplateThread(onInvalid ? { ...settings, onInvalid } : settings);
    this.threads.add(thread);

    let started = false;
    void thread.ready.then(
      () => {
        started = true;
        this.idle.push(thread);
        this.dispatch();
      },
      () => undefined,
    );
    void thread.ended.then((end) => {
      this.threads.delete(thread);
      if (this.closed) return;
      // One that ended without having had a task is replaced only when there is one, lest it goes round and round.
      if (thread.used || (started && this.waiting.length > 0)) this.startThread();
      else if (!started) this.refuseWaiting(end);
    });
  }

  /** A thread that does not even start would not start again either: the next task tries anew. */
  private refuseWaiting(end: ThreadEnd): void {
    if (this.threads.size > 0) return;
    for (const { task, forget, reject } of this.waiting.splice(0)) {
      forget();
      reject(this.explain(end, task));
    }
  }

  private explain(end: ThreadEnd, task: TemplateTask): NetPulseError {
    const template = templateName(task);
    if (end.cause === "timeout") return pluginErrors.TemplateTimeout({ template, limitMs: end.limitMs });
    if (end.cause === "stopped") return templateErrors.TemplateAborted({ template, why: end.why });
    if (end.cause === "failed") return templateErrors.TemplateThreadEnded({ template, why: end.why });
    return templateErrors.TemplateMemoryExceeded({ template, limitMiB: this.options.maxMemoryMiB });
  }
}

const CLOSED = "the worker is stopping";

/** Runs one request on the thread; ends the thread when the time is over or the signal fires. */
async function within<T>(
  thread: TemplateThread,
  { timeoutMs, signal }: TemplateTaskOptions,
  request: () => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw new ThreadEndedError({ cause: "stopped", why: reasonOf(signal) });
  const onAbort = () => void thread.terminate({ cause: "stopped", why: reasonOf(signal) });
  const timer = setTimeout(() => void thread.terminate({ cause: "timeout", limitMs: timeoutMs }), timeoutMs);
  signal?.addEventListener("abort", onAbort);
  try {
    return await request();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function aborted(task: TemplateTask, why: string): NetPulseError {
  return templateErrors.TemplateAborted({ template: templateName(task), why });
}

function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason.message : String(reason ?? "cancelled");
}
