import { expect, test } from "vitest";
import { ApiError, FakeClock, silentLogger } from "../runtime/index.ts";
import { patiently } from "./patience.ts";

const failure = (status: number) => new ApiError({ status, reason: "Any", message: `answer ${status}` });

function start() {
  const clock = new FakeClock();
  const stop = new AbortController();
  let calls = 0;
  const run = (...failures: ApiError[]) =>
    patiently(
      "A call",
      () => {
        const next = failures[calls];
        calls += 1;
        return next ? Promise.reject(next) : Promise.resolve("done");
      },
      { clock, log: silentLogger, signal: stop.signal },
    );
  return { clock, stop, run, calls: () => calls };
}

test.each([0, 429, 500, 503])("answer %i is waited out", async (status) => {
  const { clock, run, calls } = start();
  const result = run(failure(status), failure(status));
  await clock.advance(10_000);
  expect(await result).toBe("done");
  expect(calls()).toBe(3);
});

test.each([403, 404, 409, 422])("answer %i is final", async (status) => {
  const { run, calls } = start();
  await expect(run(failure(status))).rejects.toThrow(`answer ${status}`);
  expect(calls()).toBe(1);
});

test("a worker that is fenced stops trying", async () => {
  const { clock, stop, run, calls } = start();
  const result = expect(run(failure(0), failure(0), failure(0))).rejects.toThrow("answer 0");
  await clock.advance(0);
  stop.abort();
  await result;
  expect(calls()).toBe(2);
});
