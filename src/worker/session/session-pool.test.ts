import { expect, test } from "vitest";
import { z } from "zod";
import {
  BaseDriver,
  type DeviceTarget,
  type DriverSession,
  type OperationContext,
} from "../../plugin/index.ts";
import { FakeClock, silentLogger } from "../../runtime/index.ts";
import { addressOf, DeviceQueues } from "../device-queue.ts";
import { SessionPool, type SessionPoolOptions } from "./session-pool.ts";

interface LineSession extends DriverSession {
  readonly number: number;
  end(): void;
}

/** A driver whose sessions are numbered and do nothing. */
class LineDriver extends BaseDriver<LineSession> {
  static override readonly driverName = "line";
  override readonly argsSchema = z.record(z.string(), z.unknown());
  override readonly readOnly = { commands: [], methods: [] };
  readonly events: string[] = [];
  alive = true;
  #count = 0;

  override async connect(): Promise<LineSession> {
    this.#count += 1;
    const number = this.#count;
    const { promise: closed, resolve } = Promise.withResolvers<Error | undefined>();
    this.events.push(`connect ${number}`);
    return { number, closed, end: () => resolve(undefined) };
  }

  override async executeCommand() {
    return { command: "", output: "" };
  }

  override async disconnect({ number }: LineSession): Promise<void> {
    this.events.push(`disconnect ${number}`);
  }

  override async isAlive({ number }: LineSession): Promise<boolean> {
    this.events.push(`ask ${number}`);
    return this.alive;
  }
}

const target: DeviceTarget = {
  name: "r1",
  host: "r1",
  credential: { data: {} },
  hostKeys: { policy: "Insecure" },
  args: {},
};
const context: OperationContext = {
  signal: new AbortController().signal,
  log: silentLogger,
  beforeWrite: () => {},
};

function start(options: Partial<SessionPoolOptions> = {}) {
  const clock = new FakeClock();
  const queues = new DeviceQueues();
  const driver = new LineDriver({ config: {}, log: silentLogger, random: () => 0 });
  const pool = new SessionPool({
    clock,
    log: silentLogger,
    queues,
    idleTimeoutMs: 10_000,
    maxAgeMs: 60_000,
    keepaliveMs: 0,
    maxConcurrentConnects: 2,
    beforeWrite: () => {},
    onCount: () => {},
    ...options,
  });
  const use = async (key = "a") => {
    const held = await pool.acquire(key, driver, target, context);
    pool.release(key);
    return held;
  };
  return { clock, queues, driver, pool, use };
}

test("a session is used again under its key, and another key has another", async () => {
  const { driver, pool, use } = start();
  expect((await use()).reused).toBe(false);
  expect((await use()).reused).toBe(true);
  expect((await use("b")).reused).toBe(false);
  expect(driver.events).toEqual(["connect 1", "connect 2"]);
  expect(pool.size).toBe(2);
});

test("a session idle for too long is closed; use puts it off", async () => {
  const { clock, driver, pool, use } = start();
  await use();
  await clock.advance(9000);
  await use();
  await clock.advance(9999);
  expect(pool.size).toBe(1);
  await clock.advance(1);
  expect(pool.size).toBe(0);
  expect(driver.events).toEqual(["connect 1", "disconnect 1"]);
  expect(clock.pending).toBe(0);
});

test("a session that is too old is replaced at its next use", async () => {
  const { clock, driver, use } = start({ maxAgeMs: 5000 });
  await use();
  await clock.advance(5000);
  expect((await use()).reused).toBe(false);
  expect(driver.events).toEqual(["connect 1", "disconnect 1", "connect 2"]);
});

test("an idle session is asked for a sign of life; one that gives none is closed", async () => {
  const { clock, driver, pool, use } = start({ keepaliveMs: 2000 });
  await use();
  await clock.advance(4000);
  expect(driver.events).toEqual(["connect 1", "ask 1", "ask 1"]);
  driver.alive = false;
  await clock.advance(2000);
  expect(driver.events.slice(3)).toEqual(["ask 1", "disconnect 1"]);
  expect(pool.size).toBe(0);
});

test("the sign of life waits in the device's queue and is not asked while a job uses the session", async () => {
  const { clock, queues, driver, pool } = start({ keepaliveMs: 2000 });
  const job = Promise.withResolvers<void>();
  await pool.acquire("a", driver, target, context);
  pool.release("a");
  const working = queues.run(addressOf(target), 0, async () => {
    await pool.acquire("a", driver, target, context);
    await job.promise;
    pool.release("a");
  });
  await clock.advance(5000);
  expect(driver.events).toEqual(["connect 1"]);
  job.resolve();
  await working;
  await clock.advance(2000);
  expect(driver.events).toEqual(["connect 1", "ask 1"]);
});

test("a session that the device closed is forgotten, and the next use connects anew", async () => {
  const { pool, use } = start();
  const { session } = await use();
  (session as LineSession).end();
  await Promise.resolve();
  await Promise.resolve();
  expect(pool.size).toBe(0);
  expect((await use()).reused).toBe(false);
});

test("a device keeps two sessions of different keys; a third takes the place of the longest unused", async () => {
  const { clock, driver, use } = start();
  for (const key of ["a", "b", "a", "c"]) {
    await use(key);
    await clock.advance(10);
  }
  expect(driver.events).toEqual(["connect 1", "connect 2", "disconnect 2", "connect 3"]);
});

test("closing all leaves nothing behind", async () => {
  const { clock, pool, use } = start();
  await use("a");
  await use("b");
  await pool.closeAll();
  expect(pool.size).toBe(0);
  expect(clock.pending).toBe(0);
});
