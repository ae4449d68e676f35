import { BaseScheduler, free, lowest, type WorkerLoad, withRoom } from "netpulse/plugin";

/** Least load: the worker with the fewest pinned devices; then the most free places; then the first by name. */
export class LeastLoadScheduler extends BaseScheduler {
  static override readonly schedulerName = "least_load";
  override readonly measure = "fewest pinned devices, then most free places, then name";

  override selectNode(workers: readonly WorkerLoad[]): WorkerLoad | undefined {
    return lowest(
      withRoom(workers),
      (worker) => worker.pinned,
      (worker) => -free(worker),
      (worker) => worker.name,
    );
  }
}
