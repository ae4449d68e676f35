import type { Pin } from "../../api/index.ts";
import type { BaseScheduler, WorkerLoad } from "../../plugin/index.ts";

/** A worker of the pool, as far as placing needs to know it. */
export interface PlacementWorker {
  readonly name: string;
  readonly capacity: number;
  /** Takes further devices: alive, not cordoned, not draining. */
  readonly open: boolean;
  /** Gone for good: its pins mean nothing any more. */
  readonly lost: boolean;
  /** Devices whose session it has closed as asked, with the epoch of the pin that asked. */
  readonly releases: Readonly<Record<string, { readonly epoch: number }>>;
}

export interface PlacementView {
  /** Devices of the pool that may be run from here, by name. */
  readonly devices: ReadonlyMap<string, { readonly host: string }>;
  readonly pins: Readonly<Record<string, Pin>>;
  readonly workers: ReadonlyMap<string, PlacementWorker>;
  /** Devices that jobs wait for, in the order in which they asked. */
  readonly wanted: readonly string[];
  /** Devices with an unfinished task. */
  readonly busy: ReadonlySet<string>;
  /** When a device was last worked on, in milliseconds; absent: not since this operator began. */
  readonly lastUsed: ReadonlyMap<string, number>;
  /** Pins idle longer than this are released; absent: only when their place is needed. */
  readonly idleTimeoutMs?: number | undefined;
  /** Larger than the epoch of every pin ever written. */
  readonly epoch: number;
}

export interface Placement {
  readonly pins: Readonly<Record<string, Pin>>;
  readonly changed: boolean;
  /** Explains each new pin: chosen of how many workers. */
  readonly chosen: ReadonlyMap<string, { readonly worker: string; readonly of: number }>;
  /** Wanted devices that found no place. */
  readonly unplaced: readonly string[];
}

/** The pins as they should be: a pure function of the snapshot, the scheduler and the time. */
export function place(view: PlacementView, scheduler: BaseScheduler, now: number): Placement {
  const pins = new Map<string, Pin>();
  for (const [device, pin] of Object.entries(view.pins)) {
    const kept = keepPin(device, pin, view, now);
    if (kept) pins.set(device, kept);
  }

  const unpinned = view.wanted.filter((device) => !pins.has(device) && view.devices.has(device));
  const loads = openWorkers(view.workers, pins);
  const nodes = scheduler.selectNodes(
    loads,
    unpinned.map((name) => ({ name, host: view.devices.get(name)?.host ?? "" })),
  );
  const chosen = new Map<string, { worker: string; of: number }>();
  unpinned.forEach((device, index) => {
    const worker = nodes[index]?.name;
    if (worker === undefined) return;
    pins.set(device, { worker, epoch: view.epoch });
    chosen.set(device, { worker, of: loads.length });
  });

  const unplaced = unpinned.filter((device) => !chosen.has(device));
  for (const device of leastRecentlyUsed(pins, view).slice(0, roomNeeded(unplaced.length, pins)))
    pins.set(device, { ...(pins.get(device) as Pin), releasing: true });

  return { pins: Object.fromEntries(pins), changed: !samePins(view.pins, pins), chosen, unplaced };
}

/** A pin goes when its worker is lost or has acknowledged its release, and is asked back when nobody may use it any more. */
function keepPin(device: string, pin: Pin, view: PlacementView, now: number): Pin | undefined {
  const worker = view.workers.get(pin.worker);
  if (!worker || worker.lost) return undefined;
  if (pin.releasing) return (worker.releases[device]?.epoch ?? 0) >= pin.epoch ? undefined : pin;
  const idle =
    view.idleTimeoutMs !== undefined &&
    !view.busy.has(device) &&
    !view.wanted.includes(device) &&
    now - (view.lastUsed.get(device) ?? now) >= view.idleTimeoutMs;
  const gone = !view.devices.has(device);
  return idle || gone ? { ...pin, releasing: true } : pin;
}

function openWorkers(workers: PlacementView["workers"], pins: ReadonlyMap<string, Pin>): WorkerLoad[] {
  const counts = new Map<string, number>();
  for (const { worker } of pins.values()) counts.set(worker, (counts.get(worker) ?? 0) + 1);
  return [...workers.values()]
    .filter(({ open, lost }) => open && !lost)
    .map(({ name, capacity }) => ({ name, capacity, pinned: counts.get(name) ?? 0 }));
}

/** Idle pins of open workers, the longest unused first; those never used since the operator began come first of all. */
function leastRecentlyUsed(pins: ReadonlyMap<string, Pin>, view: PlacementView): string[] {
  const wanted = new Set(view.wanted);
  return [...pins]
    .filter(([device, pin]) => !pin.releasing && !wanted.has(device) && !view.busy.has(device))
    .filter(([, pin]) => view.workers.get(pin.worker)?.open)
    .map(([device]) => device)
    .toSorted((a, b) => (view.lastUsed.get(a) ?? 0) - (view.lastUsed.get(b) ?? 0));
}

/** Places that releases on the way will not yet give. */
function roomNeeded(unplaced: number, pins: ReadonlyMap<string, Pin>): number {
  const onTheWay = [...pins.values()].filter(({ releasing }) => releasing).length;
  return Math.max(0, unplaced - onTheWay);
}

function samePins(before: Readonly<Record<string, Pin>>, after: ReadonlyMap<string, Pin>): boolean {
  const names = Object.keys(before);
  return names.length === after.size && names.every((name) => before[name] === after.get(name));
}
