import { Worker } from "node:worker_threads";
import { NetPulseError } from "../../errors/define.ts";
import type { Logger } from "../../plugin/plugin.ts";
import type { PluginRegistryOptions } from "../../plugin/registry.ts";
import type { Engine, TemplateTask, ThreadMessage, ThreadRequest, ThreadSettings } from "./messages.ts";

export interface TemplateThreadOptions extends ThreadSettings {
  readonly maxMemoryMiB: number;
  readonly log: Logger;
  readonly onInvalid?: PluginRegistryOptions["onInvalid"];
}

/** Why a thread is no more: ended by the worker (for the time limit or on request), out of memory, or by itself. */
export type ThreadEnd =
  | { readonly cause: "timeout"; readonly limitMs: number }
  | { readonly cause: "memory" }
  | { readonly cause: "stopped" | "failed"; readonly why: string };

/** Thrown to whoever waits for a thread that ended. */
export class ThreadEndedError extends Error {
  readonly end: ThreadEnd;

  constructor(end: ThreadEnd) {
    super(`thread ended: ${end.cause}`);
    this.end = end;
  }
}

interface Waiter {
  resolve(text: string): void;
  reject(error: Error): void;
}

/** One thread with template engines. It takes one request at a time and can be ended in the middle of one. */
export class TemplateThread {
  /** Resolves when the first request may be sent; rejects when the thread ended before. */
  readonly ready: Promise<void>;
  /** Resolves when the thread is gone, for whatever reason. */
  readonly ended: Promise<ThreadEnd>;
  /** Whether it was ever given a task. */
  used = false;
  private readonly worker: Worker;
  private readonly options: TemplateThreadOptions;
  private readonly loaded: Set<string>;
  private waiter: Waiter | undefined;
  private end: ThreadEnd | undefined;

  constructor(options: TemplateThreadOptions) {
    this.options = options;
    this.loaded = new Set(options.warm.map(engineKey));
    this.worker = startWorker(options);
    const ready = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<ThreadEnd>();
    this.ready = ready.promise;
    this.ended = ended.promise;
    // Nobody has to wait for it: whoever sends a request to a thread that ended hears of it there.
    this.ready.catch(() => undefined);

    this.worker.on("message", (message: ThreadMessage) => {
      if (message.type === "ready") ready.resolve();
      else this.receive(message);
    });
    this.worker.on("error", (error: Error & { code?: string }) => {
      const memory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      this.finish(memory ? { cause: "memory" } : { cause: "failed", why: error.message });
    });
    this.worker.on("exit", (code) => {
      const end = this.finish({ cause: "failed", why: `it exited with code ${code}` });
      ready.reject(new ThreadEndedError(end));
      ended.resolve(end);
    });
  }

  /** False from the moment its end is known or asked for. */
  get alive(): boolean {
    return this.end === undefined;
  }

  /** Whether a task for the engine can begin at once. */
  has(engine: Engine): boolean {
    return this.loaded.has(engineKey(engine));
  }

  /** Imports the engine, so that a task's time limit is not spent on it. */
  async load({ kind, name }: Engine): Promise<void> {
    await this.request({ type: "load", engine: { kind, name } });
    this.loaded.add(engineKey({ kind, name }));
  }

  /** The rendered text, or parsed data as JSON text. Throws the engine's NetPulseError, or ThreadEndedError. */
  run(task: TemplateTask): Promise<string> {
    this.used = true;
    return this.request({ type: "run", task });
  }

  /** Memory that the thread uses now, in bytes: its heap and what its buffers hold. */
  async memoryUsed(): Promise<number> {
    const { used_heap_size: heap, external_memory: buffers } = await this.worker.getHeapStatistics();
    return heap + buffers;
  }

  /** Ends the thread at once, whatever it is doing. Who waits for it hears of it before this resolves. */
  async terminate(end: ThreadEnd): Promise<void> {
    this.finish(end);
    // V8 cannot interrupt some of its own functions; the process need not wait for them in order to end.
    this.worker.unref();
    await this.worker.terminate();
  }

  /** The first cause counts: what follows from it, such as the exit code, says less. */
  private finish(end: ThreadEnd): ThreadEnd {
    this.end ??= end;
    this.waiter?.reject(new ThreadEndedError(this.end));
    this.waiter = undefined;
    return this.end;
  }

  private request(request: ThreadRequest): Promise<string> {
    if (this.end) return Promise.reject(new ThreadEndedError(this.end));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.waiter = { resolve, reject };
    try {
      this.worker.postMessage(request);
    } catch (error) {
      this.waiter = undefined;
      reject(error instanceof Error ? error : new Error(String(error)));
    }
    return promise;
  }

  private receive(message: Exclude<ThreadMessage, { type: "ready" }>): void {
    const { log, onInvalid } = this.options;
    if (message.type === "log") log[message.level](message.fields, message.message);
    else if (message.type === "invalid") onInvalid?.(message.folder, message.location, message.reason);
    else this.answer(message);
  }

  private answer(message: Extract<ThreadMessage, { type: "result" | "error" }>): void {
    const { waiter } = this;
    this.waiter = undefined;
    if (message.type === "result") {
      waiter?.resolve(message.text);
    } else {
      const { code, message: text, retry } = message.error;
      waiter?.reject(new NetPulseError(code, text, retry));
    }
  }
}

// When a thread reaches V8's own limit by one large allocation, V8 ends the whole process. So the limit that counts is
// watched from outside (memory-watch.ts), and V8's lies further up: above it by two of the largest objects that V8 can
// make (1 GiB, an array of 2^27 elements).
const HEADROOM_MIB = 2048;

function startWorker({
  directories,
  config,
  warm,
  maxOutputBytes,
  maxMemoryMiB,
}: TemplateThreadOptions): Worker {
  const settings: ThreadSettings = { directories, config, warm, maxOutputBytes };
  return new Worker(new URL("./engine-thread.ts", import.meta.url), {
    workerData: settings,
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMiB + HEADROOM_MIB },
    env: engineEnvironment(),
    execArgv: [],
  });
}

/** The variables that the engines' originals know; with the rest of the worker's environment they have no business. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const names = ["NET_TEXTFSM", "TTP_TEMPLATES_DIR", "TZ"];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function engineKey({ kind, name }: Engine): string {
  return `${kind}/${name}`;
}
