/** Signals that ask for the end, and failures of something that runs beside the tour. */
export class Interruption {
  /** Resolves when the end was asked for; rejects when something failed. */
  readonly happened: Promise<void>;
  readonly #controller = new AbortController();
  readonly #process: NodeJS.Process;
  readonly #now: () => number;
  readonly #settle: PromiseWithResolvers<void> = Promise.withResolvers();
  readonly #onSignal = () => this.#askedFor();
  #askedAt: number | undefined;
  #failure: Error | undefined;

  constructor(onProcess: NodeJS.Process, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#process = onProcess;
    this.happened = this.#settle.promise;
    this.happened.catch(() => {}); // nobody may be waiting when something fails
    for (const signal of SIGNALS) onProcess.on(signal, this.#onSignal);
  }

  /** Aborts in both cases. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A signal came, as opposed to a failure. */
  get isAskedFor(): boolean {
    return this.#askedAt !== undefined;
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Something that must run has ended. */
  fail(error: Error): void {
    if (this.signal.aborted) return;
    this.#failure = error;
    this.#controller.abort(error);
    this.#settle.reject(error);
  }

  /** The signals have their usual effect again. */
  end(): void {
    for (const signal of SIGNALS) this.#process.off(signal, this.#onSignal);
  }

  #askedFor(): void {
    const now = this.#now();
    // Ctrl-C reaches this process from the terminal and again through npm; only a later one means impatience. The
    // programs that were started die with this process.
    if (this.#askedAt !== undefined && now - this.#askedAt > SAME_KEYPRESS_MS) this.#process.exit(130);
    this.#askedAt ??= now;
    this.#controller.abort(new Error("interrupted"));
    this.#settle.resolve();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const SAME_KEYPRESS_MS = 1_000;
