import fc from "fast-check";
import { expect, test } from "vitest";
import type { Pin } from "../../api/index.ts";
import { BUILT_IN_PLUGINS, PluginRegistry } from "../../plugin/registry.ts";
import { silentLogger } from "../../runtime/index.ts";
import { type PlacementView, type PlacementWorker, place } from "./placement.ts";

const leastLoad = await new PluginRegistry({ directories: [BUILT_IN_PLUGINS], log: silentLogger }).scheduler(
  "least_load",
);
const NOW = 1_000_000;

function worker(name: string, more: Partial<PlacementWorker> = {}): [string, PlacementWorker] {
  return [name, { name, capacity: 2, open: true, lost: false, releases: {}, ...more }];
}

function placed(view: Partial<PlacementView>) {
  const devices = new Map(["r1", "r2", "r3", "r4", "r5"].map((name) => [name, { host: name }]));
  const base: PlacementView = {
    devices,
    pins: {},
    workers: new Map([worker("w1")]),
    wanted: [],
    busy: new Set(),
    lastUsed: new Map(),
    epoch: 7,
  };
  return place({ ...base, ...view }, leastLoad, NOW);
}

test("wanted devices are pinned with the next epoch, and the choice can be explained", () => {
  const { pins, changed, chosen } = placed({
    wanted: ["r1"],
    workers: new Map([worker("w1"), worker("w2")]),
  });
  expect(pins).toEqual({ r1: { worker: "w1", epoch: 7 } });
  expect(changed).toBe(true);
  expect(chosen.get("r1")).toEqual({ worker: "w1", of: 2 });
});

test("what fits is placed; for the rest the devices unused for longest are asked back, busy and wanted ones never", () => {
  const pins = { r1: { worker: "w1", epoch: 1 }, r2: { worker: "w1", epoch: 2 } };
  const lastUsed = new Map([
    ["r1", NOW - 10],
    ["r2", NOW - 1000],
  ]);
  const idle = placed({ pins, wanted: ["r3"], lastUsed });
  expect(idle.unplaced).toEqual(["r3"]);
  expect(idle.pins).toEqual({ r1: pins.r1, r2: { ...pins.r2, releasing: true } });

  const busy = placed({ pins, wanted: ["r3"], lastUsed, busy: new Set(["r2"]) });
  expect(busy.pins).toEqual({ r1: { ...pins.r1, releasing: true }, r2: pins.r2 });
  expect(placed({ pins, wanted: ["r1", "r2", "r3"] })).toMatchObject({
    pins,
    changed: false,
    unplaced: ["r3"],
  });
});

test("no more places are asked back than are still missing", () => {
  const pins = { r1: { worker: "w1", epoch: 1, releasing: true }, r2: { worker: "w1", epoch: 2 } };
  expect(placed({ pins, wanted: ["r3"] })).toMatchObject({ pins, changed: false });
});

test("a pin that is given back moves only when the worker has acknowledged that very pin", () => {
  const pins = { r1: { worker: "w1", epoch: 3, releasing: true } };
  const after = (epoch: number) =>
    placed({ pins, wanted: ["r1"], workers: new Map([worker("w1", { releases: { r1: { epoch } } })]) }).pins;
  expect(after(2)).toEqual(pins);
  expect(after(3)).toEqual({ r1: { worker: "w1", epoch: 7 } });
});

test("pins of a lost worker are free at once; those of one that only closes stay until it has let go", () => {
  const pins = { r1: { worker: "w1", epoch: 3 } };
  const second = worker("w2");
  const lost = new Map([worker("w1", { lost: true, open: false }), second]);
  expect(placed({ pins, wanted: ["r1"], workers: lost }).pins).toEqual({ r1: { worker: "w2", epoch: 7 } });
  const closing = new Map([worker("w1", { open: false }), second]);
  expect(placed({ pins, wanted: ["r1"], workers: closing }).pins).toEqual(pins);
});

test("a device that left the pool, or was idle for too long, is given back", () => {
  const pins = { gone: { worker: "w1", epoch: 3 }, r1: { worker: "w1", epoch: 4 } };
  const lastUsed = new Map([["r1", NOW - 5000]]);
  expect(placed({ pins, lastUsed, idleTimeoutMs: 5001 }).pins).toMatchObject({
    gone: { releasing: true },
    r1: pins.r1,
  });
  expect(placed({ pins, lastUsed, idleTimeoutMs: 5000 }).pins).toMatchObject({ r1: { releasing: true } });
});

test("no worker is ever given more than its capacity, and every device that fits is placed", () => {
  const names = fc.constantFrom("r1", "r2", "r3", "r4", "r5");
  fc.assert(
    fc.property(
      fc.array(fc.record({ capacity: fc.integer({ min: 0, max: 3 }), open: fc.boolean() }), { maxLength: 4 }),
      fc.uniqueArray(names),
      fc.dictionary(names, fc.nat(3)),
      (sizes, wanted, pinned) => {
        const workers = new Map(sizes.map((size, n) => worker(`w${n}`, size)));
        const pins: Record<string, Pin> = {};
        for (const [device, n] of Object.entries(pinned)) {
          const { capacity = 0 } = workers.get(`w${n}`) ?? {};
          if (Object.values(pins).filter((pin) => pin.worker === `w${n}`).length < capacity)
            pins[device] = { worker: `w${n}`, epoch: 1 };
        }
        const result = placed({ workers, wanted, pins });
        const held = (name: string) => Object.values(result.pins).filter((pin) => pin.worker === name).length;
        for (const { name, capacity } of workers.values()) expect(held(name)).toBeLessThanOrEqual(capacity);
        const free = [...workers.values()].some(({ name, capacity, open }) => open && held(name) < capacity);
        if (free) expect(result.unplaced).toEqual([]);
      },
    ),
  );
});
