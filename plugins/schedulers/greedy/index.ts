import { BaseScheduler, type WorkerLoad, withRoom } from "netpulse/plugin";

/** Greedy: the first worker in the given order that has room. */
export class GreedyScheduler extends BaseScheduler {
  static override readonly schedulerName = "greedy";
  override readonly measure = "first in the list with room";

  override selectNode(workers: readonly WorkerLoad[]): WorkerLoad | undefined {
    return withRoom(workers)[0];
  }
}
