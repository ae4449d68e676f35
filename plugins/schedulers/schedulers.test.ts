import fc from "fast-check";
import type { BaseScheduler, DeviceIdentity, WorkerLoad } from "netpulse/plugin";
import { describe, expect, test } from "vitest";
import { BUILT_IN_PLUGINS, PluginRegistry } from "../../src/plugin/registry.ts";

const NAMES = ["greedy", "least_load", "least_load_random", "load_weighted_random"] as const;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The scheduler as the operator gets it, with a repeatable stream of chance. */
function scheduler(name: string, random: () => number = seeded(1)): Promise<BaseScheduler> {
  return new PluginRegistry({ directories: [BUILT_IN_PLUGINS], log: silent, random }).scheduler(name);
}

/** Park and Miller's generator: numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}

const workerLoads = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,7}$/),
    pinned: fc.nat({ max: 12 }),
    capacity: fc.nat({ max: 8 }),
  }),
  { selector: (worker) => worker.name, maxLength: 8 },
);
const deviceLists = fc
  .array(fc.domain(), { maxLength: 40 })
  .map((hosts) => hosts.map((host, index) => ({ name: `device-${index}`, host })));

const room = (workers: readonly WorkerLoad[]) =>
  workers.reduce((sum, worker) => sum + Math.max(0, worker.capacity - worker.pinned), 0);
const worker = (name: string, pinned: number, capacity: number): WorkerLoad => ({ name, pinned, capacity });
const device = (host: string): DeviceIdentity => ({ name: host, host });
const devices = (count: number) => Array.from({ length: count }, (_, index) => device(`10.0.0.${index}`));
const names = (chosen: readonly (WorkerLoad | undefined)[]) => chosen.map((load) => load?.name);

describe.each(NAMES)("%s", (name) => {
  test("places as many devices as fit, never above capacity, on workers of the given list", async () => {
    await fc.assert(
      fc.asyncProperty(workerLoads, deviceLists, fc.nat(), async (workers, list, seed) => {
        const chosen = (await scheduler(name, seeded(seed))).selectNodes(workers, list);
        expect(chosen).toHaveLength(list.length);
        expect(chosen.filter((load) => load !== undefined)).toHaveLength(
          Math.min(list.length, room(workers)),
        );
        for (const load of workers) {
          const given = chosen.filter((one) => one === load).length;
          expect(given).toBeLessThanOrEqual(Math.max(0, load.capacity - load.pinned));
        }
        for (const load of chosen) if (load) expect(workers).toContain(load);
      }),
    );
  });

  test("a batch is what single choices one after another give, with the same chance", async () => {
    await fc.assert(
      fc.asyncProperty(workerLoads, deviceLists, fc.nat(), async (workers, list, seed) => {
        const batch = (await scheduler(name, seeded(seed))).selectNodes(workers, list);
        const single = await scheduler(name, seeded(seed));
        let loads = workers;
        const expected = list.map((one) => {
          const chosen = single.selectNode(loads, one);
          loads = loads.map((load) => (load === chosen ? { ...load, pinned: load.pinned + 1 } : load));
          return chosen?.name;
        });
        expect(names(batch)).toEqual(expected);
      }),
    );
  });

  test("an over-committed worker takes no room from the others", async () => {
    const workers = [worker("a", 5, 2), worker("b", 0, 3)];
    expect(names((await scheduler(name)).selectNodes(workers, devices(4)))).toEqual([
      "b",
      "b",
      "b",
      undefined,
    ]);
  });

  test("without any worker, or any room, there is no choice", async () => {
    const chooser = await scheduler(name);
    expect(chooser.selectNode([], device("r1"))).toBeUndefined();
    expect(chooser.selectNode([worker("a", 2, 2)], device("r1"))).toBeUndefined();
    expect(chooser.selectNodes([worker("a", 0, 2)], [])).toEqual([]);
  });

  test("leaves the given workers as they are and says what it measures", async () => {
    const workers = Object.freeze([Object.freeze(worker("a", 0, 2))]);
    const chooser = await scheduler(name);
    chooser.selectNodes(workers, devices(3));
    expect(workers).toEqual([worker("a", 0, 2)]);
    expect(chooser.measure).not.toBe("");
  });

  test("500 devices on 100 workers are placed at once", async () => {
    const workers = Array.from({ length: 100 }, (_, index) => worker(`worker-${index}`, index % 7, 10));
    const chooser = await scheduler(name);
    const list = devices(500);
    const times = [1, 2, 3, 4, 5].map(() => {
      const start = performance.now();
      chooser.selectNodes(workers, list);
      return performance.now() - start;
    });
    // A few milliseconds; the bound leaves room for a busy machine, and a quadratic batch takes seconds.
    expect(Math.min(...times)).toBeLessThan(100);
  });
});

describe("greedy", () => {
  test("takes the first worker with room in the given order, until it is full", async () => {
    const workers = [worker("full", 1, 1), worker("b", 1, 3), worker("a", 0, 9)];
    expect(names((await scheduler("greedy")).selectNodes(workers, devices(3)))).toEqual(["b", "b", "a"]);
  });
});

describe("least_load", () => {
  test.each([
    ["fewest pinned devices", [worker("a", 2, 9), worker("b", 1, 2)], "b"],
    ["then most free places", [worker("a", 1, 2), worker("b", 1, 3)], "b"],
    ["then the first by name", [worker("b", 1, 3), worker("a", 1, 3)], "a"],
    ["a full worker is passed over", [worker("a", 0, 0), worker("b", 7, 8)], "b"],
  ])("%s", async (_rule, workers, expected) => {
    expect((await scheduler("least_load")).selectNode(workers, device("r1"))?.name).toBe(expected);
  });

  test("a batch is spread evenly", async () => {
    const chosen = names(
      (await scheduler("least_load")).selectNodes([worker("a", 0, 128), worker("b", 0, 128)], devices(100)),
    );
    expect(chosen.filter((name) => name === "a")).toHaveLength(50);
  });
});

describe("least_load_random", () => {
  test("keeps to the fewest pinned devices, then the most free places, and draws among equals alike", async () => {
    const workers = [
      worker("a", 1, 4),
      worker("b", 1, 4),
      worker("c", 1, 3),
      worker("d", 2, 9),
      worker("e", 1, 4),
    ];
    const chooser = await scheduler("least_load_random", seeded(7));
    const drawn = Array.from({ length: 3000 }, () => chooser.selectNode(workers, device("r1"))?.name);
    const share = (name: string) => drawn.filter((one) => one === name).length / drawn.length;
    // The standard deviation of a share of 1/3 in 3000 draws is 0.0086: five of them.
    for (const name of ["a", "b", "e"]) expect(Math.abs(share(name) - 1 / 3)).toBeLessThan(0.043);
    expect(share("c") + share("d")).toBe(0);
  });

  test("a worker with fewer free places gets devices once its turn comes", async () => {
    const chosen = names(
      (await scheduler("least_load_random")).selectNodes([worker("a", 1, 3), worker("b", 1, 2)], devices(3)),
    );
    expect(chosen.toSorted()).toEqual(["a", "a", "b"]);
  });
});

describe("load_weighted_random", () => {
  test("a worker is drawn about as often as its share of the free places", async () => {
    const chooser = await scheduler("load_weighted_random", seeded(11));
    const workers = [worker("big", 0, 90), worker("small", 0, 30), worker("full", 5, 5)];
    const drawn = Array.from(
      { length: 4000 },
      (_, index) => chooser.selectNode(workers, device(`r${index}`))?.name,
    );
    const share = drawn.filter((name) => name === "big").length / drawn.length;
    // 0.75 with a standard deviation of 0.0068, and the host's factor moves it by 0.01 at most.
    expect(Math.abs(share - 0.75)).toBeLessThan(0.045);
    expect(drawn).not.toContain("full");
  });

  test("a host's own factor moves the border between workers, the same way every time", async () => {
    const workers = [worker("a", 0, 50), worker("b", 0, 50)];
    const border = async (host: string) => {
      const steps = Array.from({ length: 1000 }, (_, index) => index / 1000);
      const chosen = await Promise.all(
        steps.map(
          async (chance) =>
            (await scheduler("load_weighted_random", () => chance)).selectNode(workers, device(host))?.name,
        ),
      );
      return chosen.lastIndexOf("a") / 1000;
    };
    const borders = await Promise.all(["10.0.0.1", "10.0.0.2", "10.0.0.3", "core.example.net"].map(border));
    expect(new Set(borders).size).toBeGreaterThan(1);
    // (0.95 + 0.1 · f) against (0.95 + 0.1 · (f + 1/2 mod 1)): half of the free places, moved by 1.3 % at most.
    for (const one of borders) expect(Math.abs(one - 0.5)).toBeLessThan(0.015);
    expect(await border("10.0.0.1")).toBe(borders[0]);
  });

  test("whatever the chance, somebody with room is chosen", async () => {
    await fc.assert(
      fc.asyncProperty(
        workerLoads,
        fc.domain(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (workers, host, chance) => {
          const chosen = (await scheduler("load_weighted_random", () => chance)).selectNode(
            workers,
            device(host),
          );
          expect(chosen === undefined).toBe(room(workers) === 0);
        },
      ),
    );
  });
});
