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

/**
 * A scheduler plugin chooses the worker that a device is pinned to. It keeps no state: everything it may look at is in its
 * arguments, and chance comes from `this.random`.
 *
 * @example
 * export class FirstScheduler extends BaseScheduler {
 *   static readonly schedulerName = "first";
 *   selectNode(workers: readonly WorkerLoad[]) { return withRoom(workers)[0]; }
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
   * before it. What does not fit is undefined; what fits is placed.
   */
  selectNodes(
    workers: readonly WorkerLoad[],
    devices: readonly DeviceIdentity[],
  ): (WorkerLoad | undefined)[] {
    let loads = [...workers];
    return devices.map((device) => {
      const chosen = this.selectNode(loads, device);
      if (!chosen || free(chosen) === 0) return undefined;
      loads = loads.map((load) => (load.name === chosen.name ? { ...load, pinned: load.pinned + 1 } : load));
      return chosen;
    });
  }
}
