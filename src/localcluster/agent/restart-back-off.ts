// As the kubelet: 10 s, doubled up to 5 min, and from the start again after a run of 10 min.
const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;
const STABLE_MS = 600_000;

/** How long to wait before a container that ended is started again. The first time it is started at once. */
export class RestartBackOff {
  #next = 0;

  /** @param ranMs how long the container ran before it ended. */
  after(ranMs: number): number {
    const wait = ranMs >= STABLE_MS ? 0 : this.#next;
    this.#next = wait === 0 ? FIRST_MS : Math.min(wait * 2, LONGEST_MS);
    return wait;
  }
}
