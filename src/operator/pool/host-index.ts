import type { DevicePool } from "../../api/index.ts";
import { keyOf, type ObjectKey } from "../../runtime/index.ts";

/** Port that stands for "the driver's usual one" in the index: two devices that leave it open mean the same. */
const USUAL = 0;

interface Claimant {
  readonly pool: ObjectKey;
  readonly device: string;
  readonly since: string;
}

/**
 * Devices of all pools by host and port. Two pools with the same address would open two queues to one device; the pool that
 * was made first keeps it, the others see a conflict.
 */
export class HostIndex {
  readonly #claimants = new Map<string, Claimant[]>();
  readonly #addresses = new Map<ObjectKey, string[]>();
  /** Asked for with every look at every job, and changed only with a pool: kept until then. */
  readonly #conflicts = new Map<ObjectKey, ReadonlyMap<string, string>>();

  /** A pool as it now is. Returns the other pools whose conflicts may have changed. */
  update(pool: DevicePool): Set<ObjectKey> {
    const key = keyOf(pool);
    const affected = this.remove(key);
    const addresses = (pool.spec.devices ?? []).map((device) => {
      const address = `${device.host.toLowerCase()}:${device.port ?? USUAL}`;
      const claimant = { pool: key, device: device.name, since: pool.metadata.creationTimestamp };
      const others = this.#claimants.get(address) ?? [];
      for (const other of others) if (other.pool !== key) affected.add(other.pool);
      this.#claimants.set(address, [...others, claimant].toSorted(earlierFirst));
      return address;
    });
    this.#addresses.set(key, addresses);
    return affected;
  }

  remove(pool: ObjectKey): Set<ObjectKey> {
    const affected = new Set<ObjectKey>();
    this.#conflicts.clear();
    for (const address of this.#addresses.get(pool) ?? []) {
      const others = (this.#claimants.get(address) ?? []).filter((claimant) => claimant.pool !== pool);
      for (const other of others) affected.add(other.pool);
      if (others.length > 0) this.#claimants.set(address, others);
      else this.#claimants.delete(address);
    }
    this.#addresses.delete(pool);
    return affected;
  }

  /** Devices of the pool whose address somebody has with more right, with that somebody's name. */
  conflictsOf(pool: DevicePool): ReadonlyMap<string, string> {
    const key = keyOf(pool);
    const known = this.#conflicts.get(key) ?? this.#findConflicts(key);
    this.#conflicts.set(key, known);
    return known;
  }

  #findConflicts(pool: ObjectKey): ReadonlyMap<string, string> {
    const conflicts = new Map<string, string>();
    for (const address of new Set(this.#addresses.get(pool))) {
      const [first, ...others] = this.#claimants.get(address) ?? [];
      if (!first) continue;
      for (const other of others)
        if (other.pool === pool) conflicts.set(other.device, `${first.device} of pool ${first.pool}`);
    }
    return conflicts;
  }
}

function earlierFirst(a: Claimant, b: Claimant): number {
  if (a.since !== b.since) return a.since < b.since ? -1 : 1;
  return a.pool < b.pool ? -1 : a.pool > b.pool ? 1 : 0;
}
