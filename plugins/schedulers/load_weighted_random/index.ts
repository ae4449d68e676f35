import { BaseScheduler, type DeviceIdentity, free, type WorkerLoad, withRoom } from "netpulse/plugin";

/**
 * Load-weighted chance: a worker is drawn with a weight of its free places, times a factor between 0.95 and 1.05 that
 * depends on the device's host, so that hosts drawn at the same moment lean to different workers.
 */
export class LoadWeightedRandomScheduler extends BaseScheduler {
  static override readonly schedulerName = "load_weighted_random";
  override readonly measure = "at random, weighted by free places";

  override selectNode(workers: readonly WorkerLoad[], device: DeviceIdentity): WorkerLoad | undefined {
    const candidates = withRoom(workers);
    const lean = hash(device.host);
    const weights = candidates.map((worker, index) => {
      return free(worker) * (0.95 + 0.1 * ((lean + index / candidates.length) % 1));
    });
    return draw(candidates, weights, this.random());
  }
}

/** The candidate in whose share of the weights `chance`, in [0, 1), falls; the last where rounding leaves a tail. */
function draw(
  candidates: readonly WorkerLoad[],
  weights: readonly number[],
  chance: number,
): WorkerLoad | undefined {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let rest = chance * total;
  const chosen = weights.findIndex((weight) => {
    rest -= weight;
    return rest < 0;
  });
  return candidates.at(chosen);
}

/** A number in [0, 1) with three digits, the same for a host in every process (FNV-1a). */
function hash(host: string): number {
  let sum = 0x811c9dc5;
  for (const character of host) sum = Math.imul(sum ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return ((sum >>> 0) % 1000) / 1000;
}
