import { isConflict, isNotFound } from "../../runtime/api-error.ts";
import { type Pod, pods } from "../../runtime/builtin-resources.ts";
import type { ApiClient } from "../../runtime/client.ts";
import { type Clock, sleep } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import { keyOf } from "../../runtime/objects.ts";
import { type ContainerView, podStatus } from "./pod-status.ts";

const RETRY_MS = 500;

/** A pod's object in the API, as far as the agent writes it: the status, and the end. */
export class PodObject {
  #pod: Pod;
  readonly #client: ApiClient;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #containers: () => readonly ContainerView[];
  #dirty = false;
  #silent = false;
  #closing = false;
  #writing: Promise<void> | undefined;

  constructor(
    pod: Pod,
    options: { client: ApiClient; clock: Clock; log: Logger },
    containers: () => readonly ContainerView[],
  ) {
    this.#pod = pod;
    this.#client = options.client;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#containers = containers;
  }

  get current(): Pod {
    return this.#pod;
  }

  /** The object as the watch told it. */
  update(pod: Pod): void {
    this.#pod = pod;
  }

  /** Writes the status soon; changes that come while one is being written go into the next. */
  changed(): void {
    this.#dirty = true;
    this.#writing ??= this.#writeStatus().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Removes the object for good, after its last status was written. */
  async remove(): Promise<void> {
    this.changed();
    await this.#writing;
    const { namespace, name = "", uid } = this.#pod.metadata;
    await this.#retry(() => this.#client.delete(pods, namespace, name, { gracePeriodSeconds: 0, uid }));
  }

  /** From now on nothing is written. */
  silence(): void {
    this.#silent = true;
  }

  /** Resolves when what was to be written has been tried once more. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#writing;
  }

  async #writeStatus(): Promise<void> {
    await Promise.resolve(); // changes of this turn belong together
    while (this.#dirty && !this.#silent) {
      this.#dirty = false;
      const { namespace, name = "", uid } = this.#pod.metadata;
      const patch = {
        metadata: { uid },
        status: podStatus(this.#pod, this.#containers(), this.#clock.now()),
      };
      await this.#retry(async () => {
        this.#pod = await this.#client.mergePatch(pods, namespace, name, patch, { subresource: "status" });
      });
    }
  }

  /** Until it works, or the object is no longer there or is another one of that name. */
  async #retry(write: () => Promise<void>): Promise<void> {
    while (!this.#silent) {
      try {
        return await write();
      } catch (error) {
        if (isNotFound(error) || isConflict(error) || this.#closing) return;
        this.#log.warn({ pod: keyOf(this.#pod), err: error }, "the pod could not be written");
        await sleep(this.#clock, RETRY_MS);
      }
    }
  }
}
