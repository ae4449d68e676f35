/** A set of JavaScript may not hold more than 2^24 keys; and each takes about 40 bytes. */
const MOST = 4_000_000;

/** Keys of states that failed. Most matches end before there is any. */
export class FailedStates {
  #keys: Set<number> | undefined;

  /** Whether it was there; with `fromNowOn` it is. Keys that are no exact integers are not kept, nor any beyond `MOST`. */
  seen(key: number, fromNowOn: boolean): boolean {
    if (key > Number.MAX_SAFE_INTEGER) return false;
    this.#keys ??= new Set();
    if (this.#keys.has(key)) return true;
    if (fromNowOn && this.#keys.size < MOST) this.#keys.add(key);
    return false;
  }

  /** Makes room: to be called where forgetting costs little. */
  forgetIfLarge(): void {
    if (this.#keys !== undefined && this.#keys.size > MOST / 4) this.#keys.clear();
  }
}
