import { expect, test } from "vitest";
import { FakeClock } from "../../runtime/clock.ts";
import { Flow, type FlowOptions } from "./flow.ts";

const context = { signal: new AbortController().signal, beforeWrite: () => {} };

function flowOf(more: Partial<FlowOptions> = {}) {
  const time = new FakeClock();
  const clock = {
    now: () => time.now(),
    setTimeout: (fn: () => void, ms: number) => time.setTimeout(fn, ms),
    clearTimeout: (handle: unknown) => time.clearTimeout(handle as ReturnType<FakeClock["setTimeout"]>),
  };
  return { time, flow: new Flow({ device: "h1", context, clock, stallMs: 60_000, ...more }) };
}

test("bytes are admitted at the rate and no faster", async () => {
  const { time, flow } = flowOf({ bytesPerSecond: 1000 });
  expect(flow.block(32_768)).toBe(1024);
  let admitted = 0;
  const sending = (async () => {
    for (; admitted < 10; admitted++) await flow.admit(500);
  })();
  await time.advance(0);
  expect(admitted).toBe(1);
  await time.advance(2000);
  expect(admitted).toBe(5);
  await time.advance(2500);
  await sending;
  expect(admitted).toBe(10);
});

test("work in which nothing moves is left behind, and what moves again keeps it", async () => {
  const { time, flow } = flowOf();
  const outcome = flow.guard("/x", () => new Promise<never>(() => {})).catch((error: unknown) => error);
  await time.advance(50_000);
  flow.moved(1);
  await time.advance(50_000);
  flow.moved(1);
  await time.advance(60_001);
  expect(await outcome).toMatchObject({
    code: "TransferInterrupted",
    message: expect.stringContaining("nothing moved for 60 s"),
  });
  await expect(flow.admit(1)).rejects.toMatchObject({ code: "TransferInterrupted" });
});

test("a pause that the rate demands is no standstill", async () => {
  const { time, flow } = flowOf({ bytesPerSecond: 10 });
  const sending = flow.guard("/x", async () => {
    for (let at = 0; at < 3; at++) {
      await flow.admit(500);
      flow.moved(500);
    }
  });
  await time.advance(101_000);
  await sending;
});

test("an abort ends work at once; a worker that is fenced sends nothing more", async () => {
  const abort = new AbortController();
  const { flow } = flowOf({ context: { ...context, signal: abort.signal } });
  const outcome = flow.guard("/x", () => new Promise<never>(() => {})).catch((error: unknown) => error);
  abort.abort("the job was cancelled");
  expect(await outcome).toMatchObject({ message: expect.stringContaining("the job was cancelled") });

  const fenced = flowOf({
    context: {
      ...context,
      beforeWrite: () => {
        throw new Error("fenced");
      },
    },
  });
  await expect(fenced.flow.admit(1)).rejects.toThrow("fenced");
});
