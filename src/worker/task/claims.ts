import { type Claim, type NetJob, type NetTask, netJobs } from "../../api/index.ts";
import { specHash } from "../../api/spec-hash.ts";
import { type ApiClient, isNotFound } from "../../runtime/index.ts";
import { type Patience, patiently } from "../patience.ts";
import type { TaskStore } from "./task-store.ts";

/** Why a change may not be begun. `again`: the operator may place the device once more. */
export class ClaimRefused extends Error {
  readonly again: boolean;

  constructor(why: string, again = false) {
    super(why);
    this.again = again;
  }
}

/**
 * Claims of one task. Before the first byte of anything that changes a device, the job is read past all caches, and the claim
 * is written with the task's resourceVersion: if the operator has revoked the task in the meantime, the write conflicts and
 * the change is not begun. Devices that start together share both.
 */
export class Claims {
  readonly #client: ApiClient;
  readonly #store: TaskStore;
  readonly #instance: string;
  readonly #patience: Patience;
  #batch: { readonly devices: Set<string>; readonly done: Promise<void> } | undefined;

  constructor(client: ApiClient, store: TaskStore, instance: string, patience: Patience) {
    this.#client = client;
    this.#store = store;
    this.#instance = instance;
    this.#patience = patience;
  }

  /** Resolves when the device is claimed. @throws ClaimRefused */
  claim(device: string): Promise<void> {
    if (!this.#batch) {
      const devices = new Set<string>();
      const begin = new Promise<void>((resolve) => setImmediate(resolve));
      this.#batch = { devices, done: begin.then(() => this.#write(devices)) };
    }
    this.#batch.devices.add(device);
    return this.#batch.done;
  }

  async #write(devices: ReadonlySet<string>): Promise<void> {
    this.#batch = undefined;
    const { task } = this.#store;
    const job = await this.#readJob(task);
    const refusal = refusalOf(job, task);
    if (refusal) throw refusal;
    const claim = { instance: this.#instance, time: new Date(this.#patience.clock.now()).toISOString() };
    const stored = await this.#store.update((current) => {
      if (current.spec.revoked?.some((device) => devices.has(device)))
        throw new ClaimRefused("the task was revoked");
      if (current.spec.cancelled) throw new ClaimRefused(current.spec.cancelled);
      // A detached program is started once whoever starts it, so another process may ask for it again.
      for (const device of devices)
        if (!current.spec.options?.detach && isAnother(current.status?.claims?.[device], claim))
          throw new ClaimRefused("this change was begun before");
      const claims = Object.fromEntries([...devices].map((device) => [device, claim]));
      return { ...current.status, claims: { ...current.status?.claims, ...claims } };
    });
    if (!stored) throw new ClaimRefused("the task is gone");
  }

  async #readJob({ metadata, spec }: NetTask): Promise<NetJob | undefined> {
    try {
      return await patiently(
        "Reading the NetJob before a change",
        () => this.#client.get(netJobs, metadata.namespace, spec.jobRef.name),
        this.#patience,
      );
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

/** Our own claim is met again when the answer to the first attempt to write it was lost. */
function isAnother(present: Claim | undefined, own: Claim): boolean {
  return present !== undefined && (present.instance !== own.instance || present.time !== own.time);
}

function refusalOf(job: NetJob | undefined, { spec }: NetTask): ClaimRefused | undefined {
  const { uid, run, specHash: hash } = spec.jobRef;
  if (!job || job.metadata.uid !== uid) return new ClaimRefused("the NetJob was deleted");
  if (job.metadata.deletionTimestamp) return new ClaimRefused("the NetJob is being deleted");
  if (job.spec.cancel) return new ClaimRefused("the NetJob was cancelled");
  if (job.spec.suspend) return new ClaimRefused("the NetJob is suspended", true);

  const { run: recorded = 0, completionTime } = job.status ?? {};
  if (recorded === run) return completionTime ? new ClaimRefused("the run has finished") : undefined;
  // A run of one task is not recorded before it ends: then the job must be exactly where such a run can begin.
  const mayBegin =
    recorded === run - 1 && (recorded === 0 || (completionTime !== undefined && specHash(job.spec) === hash));
  return mayBegin
    ? undefined
    : new ClaimRefused(`the NetJob is in run ${recorded}, this task belongs to run ${run}`);
}
