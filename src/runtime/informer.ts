import type { ApiClient } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Logger, silentLogger } from "./logger.ts";
import {
  compareResourceVersions,
  type KubernetesObject,
  keyOf,
  type ObjectKey,
  type Resource,
} from "./objects.ts";
import { Reflector, type ReflectorTiming } from "./reflector.ts";
import { type Change, type Indexes, Store } from "./store.ts";
import type { WatchEvent } from "./watch-stream.ts";

export interface InformerOptions<T extends KubernetesObject> {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  indexes?: Indexes<T>;
  /** Changes an object before it is stored, to save memory; may do so in place. Default: `withoutBallast`. */
  transform?: (object: T) => T;
  clock?: Clock;
  /** Uniform in [0, 1). */
  random?: () => number;
  log?: Logger;
  timing?: Partial<ReflectorTiming>;
}

/** Counts that should stay at zero. */
export interface InformerFaults {
  /** Exceptions thrown by handlers. */
  handler: number;
  /** Changes that a relist found and the watch had not told. */
  missedEvents: number;
}

/**
 * A local copy of the objects of one kind, kept current by a watch. Reading costs nothing; the objects are shared and to be
 * treated as frozen. With a field or label selector "deleted" means "no longer selected", which is not the same as gone.
 *
 * @example
 * const pods = new Informer(client, podResource, { indexes: { node: (pod) => [pod.spec?.nodeName ?? ""] } });
 * pods.on((change) => controller.enqueue(keyOf(change.object)));
 * const running = pods.run(signal);
 * await pods.synced();
 * pods.by("node", "node-1");
 */
export class Informer<T extends KubernetesObject> {
  readonly resource: Resource<T>;
  /** The kind's plural name. */
  readonly name: string;
  readonly faults: InformerFaults = { handler: 0, missedEvents: 0 };
  readonly #options: InformerOptions<T>;
  readonly #transform: (object: T) => T;
  readonly #store: Store<T>;
  readonly #reflector: Reflector<T>;
  readonly #log: Logger;
  readonly #handlers = new Set<(change: Change<T>) => void>();
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  /** What `upsert` put in since the last list was asked for: newer than that list can know. */
  #sinceListing = new Set<ObjectKey>();

  constructor(client: ApiClient, resource: Resource<T>, options: InformerOptions<T> = {}) {
    const { namespace, labelSelector, fieldSelector, timing } = options;
    this.resource = resource;
    this.name = resource.plural;
    this.#options = options;
    this.#transform = options.transform ?? withoutBallast;
    this.#store = new Store(options.indexes);
    this.#log = options.log ?? silentLogger;
    this.#reflector = new Reflector({
      client,
      resource,
      namespace,
      labelSelector,
      fieldSelector,
      timing,
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      log: this.#log,
      sink: {
        listing: () => this.#sinceListing.clear(),
        replace: (items, version, authoritative) => this.#replace(items, version, authoritative),
        apply: (event) => this.#apply(event),
      },
    });
  }

  get(key: ObjectKey): T | undefined {
    return this.#store.get(key);
  }

  list(): T[] {
    return this.#store.list();
  }

  /** The objects with this value in the named index. */
  by(index: string, value: string): T[] {
    return this.#store.by(index, value);
  }

  get size(): number {
    return this.#store.size;
  }

  /**
   * Calls the handler for each change from now on, and first as "added" for each object already here. An exception is
   * logged and counted, and keeps neither other handlers nor later changes from being called. Returns the way to stop it.
   */
  on(handler: (change: Change<T>) => void): () => void {
    this.#handlers.add(handler);
    for (const object of this.#store.list()) this.#call(handler, { type: "added", object, initial: true });
    return () => this.#handlers.delete(handler);
  }

  /** The first list is in. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Resolves with the first list. */
  synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** The version up to which this copy is current; "" before the first list. */
  get resourceVersion(): string {
    return this.#reflector.resourceVersion;
  }

  /** When the server last sent anything, in ms since the epoch; 0 for never. */
  get progressAt(): number {
    return this.#reflector.progressAt;
  }

  /** Keeps the copy current until the signal aborts. Never fails. */
  run(signal: AbortSignal): Promise<void> {
    return this.#reflector.run(signal);
  }

  /**
   * Puts in the object that a write returned, if it is newer than what is here, so that a controller sees its own writes
   * at once instead of when the watch tells them; handlers are called now, and not again when the watch tells the same.
   */
  upsert(object: T): void {
    if (!this.#hasSynced || !this.#isInScope(object)) return;
    const key = keyOf(object);
    // Absent here although the watch is past this version: it was deleted since, or is not selected.
    if (!this.#store.get(key) && !isLater(object, this.resourceVersion)) return;
    this.#sinceListing.add(key);
    this.#emit(this.#store.put(this.#transform(object)));
  }

  #isInScope(object: T): boolean {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    if (namespace && object.metadata.namespace !== namespace) return false;
    // Only the server can tell whether an object is selected; if one is here already, the watch will tell of its leaving.
    return (!labelSelector && !fieldSelector) || this.#store.get(keyOf(object)) !== undefined;
  }

  #apply({ type, object }: WatchEvent & { object: T }): void {
    if (type === "DELETED") this.#emit(this.#store.remove(object));
    else this.#emit(this.#store.put(this.#transform(object)));
  }

  /**
   * A list from a server's cache may be older than what is here, so what is newer here stays. The latest list is the truth,
   * even if it is older (etcd was restored from a backup), but for what `upsert` brought since it was asked for.
   */
  #replace(items: T[], version: string, authoritative: boolean): void {
    const known = this.#reflector.resourceVersion;
    const mayKeep = (key: ObjectKey) => !authoritative || this.#sinceListing.has(key);
    const listed = new Set<ObjectKey>();
    for (const item of items) {
      const key = keyOf(item);
      listed.add(key);
      const change = this.#store.put(this.#transform(item), !mayKeep(key));
      if (!change) continue;
      if (this.#hasSynced && isAtMost(item, known)) this.faults.missedEvents++;
      this.#emit({ ...change, initial: !this.#hasSynced });
    }
    for (const object of this.#store.list()) {
      const key = keyOf(object);
      if (listed.has(key) || (mayKeep(key) && isLater(object, version))) continue;
      this.#emit(this.#store.discard(key));
    }
    if (this.#hasSynced) return;
    this.#hasSynced = true;
    this.#synced.resolve();
  }

  #emit(change: Change<T> | undefined): void {
    if (!change) return;
    for (const handler of this.#handlers) this.#call(handler, change);
  }

  #call(handler: (change: Change<T>) => void, change: Change<T>): void {
    try {
      handler(change);
    } catch (error) {
      this.faults.handler++;
      this.#log.error(
        { err: error, key: keyOf(change.object), change: change.type },
        "a handler of an informer failed",
      );
    }
  }
}

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Takes out of the object, in place, what no controller reads: `managedFields`, a quarter of a typical object, and kubectl's
 * copy of the last applied configuration. An update without `managedFields` leaves the server's as they are.
 */
export function withoutBallast<T extends KubernetesObject>(object: T): T {
  const { metadata } = object;
  // Set to undefined rather than deleted: a deleted property turns the object into a slower kind.
  if (metadata.managedFields !== undefined) metadata.managedFields = undefined;
  if (metadata.annotations?.[LAST_APPLIED] !== undefined) {
    const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations;
    metadata.annotations = annotations;
  }
  return object;
}

function isLater(object: KubernetesObject, version: string): boolean {
  const order = compareResourceVersions(object.metadata.resourceVersion, version);
  return order !== undefined && order > 0;
}

function isAtMost(object: KubernetesObject, version: string): boolean {
  const order = compareResourceVersions(object.metadata.resourceVersion, version);
  return order !== undefined && order <= 0;
}
