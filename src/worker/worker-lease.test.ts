import { expect, onTestFinished, test } from "vitest";
import { ApiClient, FakeClock, type Lease, silentLogger } from "../runtime/index.ts";
import { FakeApiServer, refuse, until } from "../runtime/testing/fake-api-server.ts";
import { FencedError, WorkerLease } from "./worker-lease.ts";

async function start() {
  const server = await FakeApiServer.start();
  onTestFinished(() => server.stop());
  const who = { headers: [], tls: {} };
  const client = new ApiClient({
    server: server.url,
    current: () => who,
    refresh: () => Promise.resolve(who),
  });
  onTestFinished(() => client.close());
  const clock = new FakeClock();
  const fenced: string[] = [];
  /** The Lease of a process of worker `w1`. */
  const process = (instance: string) => {
    const lease = new WorkerLease({
      client,
      identity: { namespace: "lab", name: "w1", uid: "u1", pool: "pool", instance },
      clock,
      monotonic: () => clock.now(),
      log: silentLogger,
      onFenced: (why) => fenced.push(why),
    });
    onTestFinished(() => lease.abandon());
    return lease;
  };
  const stored = () => [...server.objects.values()][0] as unknown as Lease | undefined;
  return { server, clock, process, fenced, stored };
}

test("a worker may touch devices once it holds its Lease, which names the process", async () => {
  const { process, stored } = await start();
  const lease = process("i1");
  await lease.acquire();
  expect(lease.check).not.toThrow();
  expect(stored()?.spec).toMatchObject({ holderIdentity: "i1", leaseDurationSeconds: 15 });
  expect(process("i2").check).toThrow(FencedError);
});

test("renewals keep the right for as long as they succeed", async () => {
  const { clock, process, stored } = await start();
  const lease = process("i1");
  await lease.acquire();
  for (let n = 0; n < 4; n++) {
    const before = stored()?.spec.renewTime;
    await clock.advance(5000);
    await until("it was renewed", () => stored()?.spec.renewTime !== before);
    expect(lease.check).not.toThrow();
  }
});

test("without a renewal the worker fences itself 5 s before its Lease can be taken, once and for all", async () => {
  const { server, clock, process, fenced } = await start();
  const lease = process("i1");
  await lease.acquire();
  server.intercepts.push((_, response) => refuse(response, 403, "Forbidden", "no") !== undefined);
  await clock.advance(10_000);
  expect(lease.check).not.toThrow();
  await clock.advance(1);
  expect(lease.check).toThrow("not renewed for 10 s");
  server.intercepts.length = 0;
  await clock.advance(20_000);
  expect(lease.check).toThrow(FencedError);
  expect(fenced).toHaveLength(1);
});

test("a process whose successor took the Lease is fenced at its next renewal", async () => {
  const { clock, process, fenced, stored } = await start();
  const first = process("i1");
  await first.acquire();
  const second = process("i2");
  await second.acquire();
  expect(stored()?.spec).toMatchObject({ holderIdentity: "i2", leaseTransitions: 1 });
  await clock.advance(5000);
  await until("the first is fenced", () => fenced.length > 0);
  expect(first.check).toThrow("held by i2");
  expect(second.check).not.toThrow();
});

test("a Lease that was deleted is never made again", async () => {
  const { server, clock, process, fenced, stored } = await start();
  const lease = process("i1");
  await lease.acquire();
  server.remove("leases", "w1");
  await clock.advance(5000);
  await until("it is fenced", () => fenced.length > 0);
  expect(lease.check).toThrow("deleted");
  expect(stored()).toBeUndefined();
});

test("a Lease that was released is nobody's", async () => {
  const { process, stored } = await start();
  const lease = process("i1");
  await lease.acquire();
  await lease.release();
  expect(stored()?.spec.holderIdentity).toBe("");
});
