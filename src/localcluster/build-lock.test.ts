import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { withBuildLock } from "./build-lock.ts";

function lockOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "lock");
}

test("two builders never work at the same time, and the one that waits says so", async () => {
  const lock = lockOfTest();
  const events: string[] = [];
  const builder = (name: string) =>
    withBuildLock(
      lock,
      () => events.push(`${name} waits`),
      async () => {
        events.push(`${name} begins`);
        await setImmediate();
        events.push(`${name} ends`);
      },
    );
  await Promise.all([builder("a"), builder("b")]);

  expect(events).toEqual(["a begins", "b waits", "a ends", "b begins", "b ends"]);
});

test("the lock of a builder that was killed is taken over", async () => {
  const lock = lockOfTest();
  mkdirSync(lock);
  writeFileSync(join(lock, "pid"), "4194305"); // above the largest pid that Linux gives
  let worked = false;
  await withBuildLock(
    lock,
    () => {},
    async () => {
      worked = true;
    },
  );

  expect(worked).toBe(true);
});

test("a build that fails gives the lock back", async () => {
  const lock = lockOfTest();
  const build = (work: () => Promise<void>) => withBuildLock(lock, () => {}, work);
  await expect(build(() => Promise.reject(new Error("no disk")))).rejects.toThrow("no disk");

  await expect(build(() => Promise.resolve())).resolves.toBeUndefined();
});
