/** Keys of states that failed. Most matches end before there is any. */
export class FailedStates {
  #keys: Set<number> | undefined;

  /** Whether it was there; with `fromNowOn` it is. Keys that are no exact integers are not kept. */
  seen(key: number, fromNowOn: boolean): boolean {
    if (key > Number.MAX_SAFE_INTEGER) return false;
    this.#keys ??= new Set();
    if (this.#keys.has(key)) return true;
    if (fromNowOn) this.#keys.add(key);
    return false;
  }
}
