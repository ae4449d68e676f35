import { expect, test } from "vitest";
import { FakeClock, type Lease } from "../../runtime/index.ts";
import { LEASE_MS, WorkerLiveness } from "./worker-liveness.ts";

function start(clock = new FakeClock()) {
  const changes: string[] = [];
  let version = 0;
  const liveness = new WorkerLiveness(clock, (worker) => changes.push(worker));
  const renew = (holderIdentity: string) => {
    version += 1;
    const metadata = { namespace: "lab", name: "w1", resourceVersion: String(version) };
    liveness.observe({ metadata, spec: { holderIdentity } } as Lease);
  };
  return { clock, changes, liveness, renew };
}

test("a worker lives as long as renewals are seen, whatever times they carry", async () => {
  const { clock, liveness, renew } = start();
  renew("i1");
  for (let n = 0; n < 5; n++) {
    await clock.advance(LEASE_MS);
    expect(liveness.isLost("lab/w1")).toBe(false);
    renew("i1");
  }
  expect(liveness.instanceOf("lab/w1")).toBe("i1");
});

test("a worker is lost when a Lease's time has passed since the last renewal was seen, and somebody is told then", async () => {
  const { clock, changes, liveness, renew } = start();
  renew("i1");
  changes.length = 0;
  await clock.advance(LEASE_MS);
  expect([liveness.isLost("lab/w1"), changes]).toEqual([false, []]);
  await clock.advance(1);
  expect([liveness.isLost("lab/w1"), changes]).toEqual([true, ["lab/w1"]]);
  expect(liveness.instanceOf("lab/w1")).toBeUndefined();
});

test("the same version seen again is no renewal", async () => {
  const { clock, liveness } = start();
  const lease = {
    metadata: { namespace: "lab", name: "w1", resourceVersion: "5" },
    spec: { holderIdentity: "i1" },
  } as Lease;
  liveness.observe(lease);
  await clock.advance(LEASE_MS);
  liveness.observe(lease);
  await clock.advance(1);
  expect(liveness.isLost("lab/w1")).toBe(true);
});

test("a released Lease is nobody's at once; a new process makes the worker live again", () => {
  const { changes, liveness, renew } = start();
  renew("i1");
  renew("");
  expect(liveness.isLost("lab/w1")).toBe(true);
  renew("i2");
  expect(liveness.isLost("lab/w1")).toBe(false);
  expect(liveness.instanceOf("lab/w1")).toBe("i2");
  expect(changes).toHaveLength(3);
});

test("a missing Lease counts as one that was renewed just now", async () => {
  const { clock, changes, liveness } = start();
  expect(liveness.isLost("lab/w9")).toBe(false);
  expect(liveness.instanceOf("lab/w9")).toBeUndefined();
  await clock.advance(LEASE_MS + 1);
  expect(changes).toEqual(["lab/w9"]);
  expect(liveness.isLost("lab/w9")).toBe(true);
});

test("after it was stopped no timer is left", () => {
  const { clock, liveness, renew } = start();
  renew("i1");
  liveness.stop();
  expect(clock.pending).toBe(0);
});

test("whoever is told finds the worker lost, also where timers fire a moment early", async () => {
  class HastyClock extends FakeClock {
    override setTimeout(fn: () => void, ms: number) {
      return super.setTimeout(fn, Math.max(1, ms - 2));
    }
  }
  const clock = new HastyClock();
  const found: boolean[] = [];
  const liveness: WorkerLiveness = new WorkerLiveness(clock, (worker) => found.push(liveness.isLost(worker)));
  const metadata = { namespace: "lab", name: "w1", resourceVersion: "1" };
  liveness.observe({ metadata, spec: { holderIdentity: "i1" } } as Lease);
  found.length = 0;
  for (let ms = 0; ms <= LEASE_MS + 1; ms += 1000) await clock.advance(1000);
  expect(found).toEqual([true]);
});

test("a worker whose process the kubelet reports as ended is lost at once, whatever its Lease still says", () => {
  const { changes, liveness, renew } = start();
  renew("i1");
  changes.length = 0;
  liveness.observeEnd("lab/w1");
  liveness.observeEnd("lab/w1");
  expect([liveness.isLost("lab/w1"), liveness.instanceOf("lab/w1"), changes]).toEqual([
    true,
    undefined,
    ["lab/w1"],
  ]);
  renew("i1");
  expect(liveness.isLost("lab/w1")).toBe(true);
});
