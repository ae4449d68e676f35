import { Plugin } from "./plugin.ts";

/** A worker that may take devices. `pinned` can exceed `capacity` after the capacity was lowered. */
export interface WorkerLoad {
  readonly name: string;
  readonly pinned: number;
  readonly capacity: number;
}

/** The device to be placed. */
export interface DeviceIdentity {
  readonly name: string;
  readonly host: string;
}

/** Places left on a worker; never negative, so that an over-committed worker cannot take room from the others. */
export function free(worker: WorkerLoad): number {
  return Math.max(0, worker.capacity - worker.pinned);
}

/** The workers with at least one place left, in the given order. */
export function withRoom(workers: readonly WorkerLoad[]): WorkerLoad[] {
  return workers.filter((worker) => free(worker) > 0);
}

/** Something to compare workers by; the lower one comes first. */
export type SortKey = (worker: WorkerLoad) => number | string;

/**
 * The worker whose keys are lowest, the first key deciding before the second and so on; the first of equals. One pass, no
 * sorting: it runs once per device of a batch.
 *
 * @example lowest(withRoom(workers), (w) => w.pinned, (w) => -free(w), (w) => w.name)
 */
export function lowest(workers: readonly WorkerLoad[], ...keys: readonly SortKey[]): WorkerLoad | undefined {
  let best: WorkerLoad | undefined;
  for (const worker of workers) {
    if (!best || isLower(worker, best, keys)) best = worker;
  }
  return best;
}

function isLower(worker: WorkerLoad, than: WorkerLoad, keys: readonly SortKey[]): boolean {
  for (const key of keys) {
    const [a, b] = [key(worker), key(than)];
    if (a !== b) return a < b;
  }
  return false;
}

/**
 * A scheduler plugin chooses the worker that a device is pinned to. It keeps no state: everything it may look at is in its
 * arguments, and chance comes from `this.random`.
 *
 * @example
 * export class FirstScheduler extends BaseScheduler {
 *   static override readonly schedulerName = "first";
 *   override readonly measure = "first with room";
 *   override selectNode(workers: readonly WorkerLoad[]) { return withRoom(workers)[0]; }
 * }
 */
export abstract class BaseScheduler<Config = unknown> extends Plugin<Config> {
  static readonly schedulerName: string;

  /** The measure it decides by, for the Event that explains a decision, such as "fewest pinned devices". */
  abstract readonly measure: string;

  /** The worker for one device, or undefined when none has room. Must return one of `workers`. */
  abstract selectNode(workers: readonly WorkerLoad[], device: DeviceIdentity): WorkerLoad | undefined;

  /**
   * Workers for many devices, in the devices' order: exactly what repeated single choices would give, each seeing the ones
   * before it. What does not fit is undefined; what fits is placed. The results are objects of `workers`.
   */
  selectNodes(
    workers: readonly WorkerLoad[],
    devices: readonly DeviceIdentity[],
  ): (WorkerLoad | undefined)[] {
    const loads = [...workers];
    const places = new Map(workers.map((worker, place) => [worker.name, place]));
    return devices.map((device) => {
      const chosen = this.selectNode(loads, device);
      const place = chosen && places.get(chosen.name);
      const load = place === undefined ? undefined : loads[place];
      // A plugin that answers with a full or unknown worker places nothing: capacity is not its to give.
      if (place === undefined || !load || free(load) === 0) return undefined;
      loads[place] = { ...load, pinned: load.pinned + 1 };
      return workers[place];
    });
  }
}
