import { compareResourceVersions, type KubernetesObject, keyOf, type ObjectKey } from "./objects.ts";

/** Index functions by name: each gives the values under which an object is found. */
export type Indexes<T> = Record<string, (object: T) => readonly string[]>;

/** What happened to an object in a store. */
export interface Change<T> {
  readonly type: "added" | "updated" | "deleted";
  readonly object: T;
  /** The object before; absent for "added". */
  readonly previous?: T;
  /** Part of a list rather than of a watch: at the start, or after a gap. Nothing may really have happened. */
  readonly initial?: boolean;
}

/** Objects by key, with indexes. The objects are shared and to be treated as frozen. */
export class Store<T extends KubernetesObject> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #indexes: {
    name: string;
    of: (object: T) => readonly string[];
    keys: Map<string, Set<ObjectKey>>;
  }[];

  constructor(indexes: Indexes<T> = {}) {
    this.#indexes = Object.entries(indexes).map(([name, of]) => ({ name, of, keys: new Map() }));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  keys(): IterableIterator<ObjectKey> {
    return this.#objects.keys();
  }

  list(): T[] {
    return [...this.#objects.values()];
  }

  /** The objects with this value in the index. Throws a RangeError for an index that was not defined. */
  by(index: string, value: string): T[] {
    const found = this.#indexes.find(({ name }) => name === index);
    if (!found) throw new RangeError(`There is no index ${JSON.stringify(index)}.`);
    const objects: T[] = [];
    for (const key of found.keys.get(value) ?? []) {
      const object = this.#objects.get(key);
      if (object) objects.push(object);
    }
    return objects;
  }

  /**
   * Puts the object in, and says what changed: nothing when the store holds this version or a newer one. With `evenIfOlder`
   * only the same version changes nothing.
   */
  put(object: T, evenIfOlder = false): Change<T> | undefined {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (previous && !isNewer(object, previous, evenIfOlder)) return undefined;
    // Index functions may throw: then nothing has changed.
    const values = this.#indexes.map(({ of }) => of(object));
    if (previous) this.#unindex(key, previous);
    this.#objects.set(key, object);
    this.#indexes.forEach(({ keys }, i) => {
      for (const value of values[i] ?? []) addTo(keys, value, key);
    });
    return previous ? { type: "updated", object, previous } : { type: "added", object };
  }

  /** Takes out what `object` says was deleted: nothing when the store holds a newer one, made since under the same name. */
  remove(object: T): Change<T> | undefined {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    if (!previous) return undefined;
    const order = compareResourceVersions(previous.metadata.resourceVersion, object.metadata.resourceVersion);
    if (order !== undefined && order > 0) return undefined;
    return { ...this.#take(key, previous), object };
  }

  /** Takes out the object with this key, whatever its version. */
  discard(key: ObjectKey): Change<T> | undefined {
    const previous = this.#objects.get(key);
    return previous && this.#take(key, previous);
  }

  #take(key: ObjectKey, previous: T): Change<T> {
    this.#objects.delete(key);
    this.#unindex(key, previous);
    return { type: "deleted", object: previous, previous };
  }

  #unindex(key: ObjectKey, object: T): void {
    for (const { of, keys } of this.#indexes) {
      for (const value of of(object)) {
        const set = keys.get(value);
        if (!set?.delete(key)) continue;
        if (set.size === 0) keys.delete(value);
      }
    }
  }
}

/** Versions that cannot be compared count as newer: the server's word goes. */
function isNewer(object: KubernetesObject, than: KubernetesObject, evenIfOlder: boolean): boolean {
  const order = compareResourceVersions(object.metadata.resourceVersion, than.metadata.resourceVersion);
  return order === undefined || order > 0 || (evenIfOlder && order < 0);
}

function addTo(sets: Map<string, Set<ObjectKey>>, value: string, key: ObjectKey): void {
  const set = sets.get(value);
  if (set) set.add(key);
  else sets.set(value, new Set([key]));
}
