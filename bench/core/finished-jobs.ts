import { type NetJob, netJobs } from "../../src/api/index.ts";
import { type ApiClient, Informer } from "../../src/runtime/index.ts";

/** Watches NetJobs as a user's tool would, and tells when one is seen to have ended. */
export class FinishedJobs {
  readonly #informer: Informer<NetJob>;
  readonly #waiting = new Map<string, (job: NetJob) => void>();
  readonly #stop = new AbortController();

  constructor(client: ApiClient, namespace: string) {
    this.#informer = new Informer(client, netJobs, { namespace });
    this.#informer.on(({ object }) => {
      if (!object.status?.completionTime) return;
      this.#waiting.get(object.metadata.name)?.(object);
      this.#waiting.delete(object.metadata.name);
    });
  }

  async start(): Promise<void> {
    void this.#informer.run(this.#stop.signal);
    await this.#informer.synced();
  }

  /** Resolves when the job of this name is seen finished; call it before the job is created. */
  end(name: string): Promise<NetJob> {
    return new Promise((resolve) => this.#waiting.set(name, resolve));
  }

  stop(): void {
    this.#stop.abort();
  }
}
