import { BaseScheduler, free, lowest, type WorkerLoad, withRoom } from "netpulse/plugin";

/** Least load with chance: the fewest pinned devices; then the most free places; among equals any, all alike likely. */
export class LeastLoadRandomScheduler extends BaseScheduler {
  static override readonly schedulerName = "least_load_random";
  override readonly measure = "fewest pinned devices, then most free places, then at random";

  override selectNode(workers: readonly WorkerLoad[]): WorkerLoad | undefined {
    const candidates = withRoom(workers);
    const best = lowest(
      candidates,
      (worker) => worker.pinned,
      (worker) => -free(worker),
    );
    const equals = candidates.filter(
      (worker) => worker.pinned === best?.pinned && free(worker) === free(best),
    );
    return equals[Math.floor(this.random() * equals.length)];
  }
}
