import { FinishedJobs } from "./finished-jobs.ts";
import type { BenchSystem } from "./system.ts";

/** Creates jobs on one pool and measures until a watch sees their end. */
export class JobRunner {
  readonly #system: BenchSystem;
  readonly #pool: string;
  readonly #finished: FinishedJobs;
  #next = 0;

  private constructor(system: BenchSystem, pool: string, finished: FinishedJobs) {
    this.#system = system;
    this.#pool = pool;
    this.#finished = finished;
  }

  static async start(system: BenchSystem, pool: string): Promise<JobRunner> {
    const finished = new FinishedJobs(system.client, system.namespace);
    await finished.start();
    return new JobRunner(system, pool, finished);
  }

  /** Milliseconds from the creation of a job until its success is seen. Throws when it does not succeed. */
  async run(spec: Record<string, unknown>): Promise<number> {
    const name = `${this.#pool}-${this.#next++}`;
    const seen = this.#finished.end(name);
    const startedAt = performance.now();
    await this.#system.createJob(name, this.#pool, spec);
    const job = await seen;
    const verdict = job.status?.conditions?.find(({ type }) => type === "Succeeded");
    if (verdict?.status !== "True")
      throw new Error(`${name} did not succeed: ${verdict?.reason}: ${verdict?.message}`);
    return performance.now() - startedAt;
  }

  stop(): void {
    this.#finished.stop();
  }
}
