import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { FakeClock } from "../../runtime/clock.ts";
import { ContainerRunner } from "./container-runner.ts";
import { readPodSpec } from "./pod.ts";

/** A container of `/bin/sh -c script` on a clock that the test moves. */
function containerOf(script: string, restartPolicy: "Always" | "OnFailure" | "Never" = "Always") {
  const folder = mkdtempSync(join(tmpdir(), "container-"));
  const clock = new FakeClock();
  const log = join(folder, "log");
  const changes: { resolve: () => void }[] = [];
  const spec = readPodSpec({
    metadata: {},
    spec: { containers: [{ name: "main", image: "i" }], restartPolicy },
  });
  const [container] = spec.containers;
  if (container === undefined) throw new Error("the pod has no container");
  const runner = new ContainerRunner(
    { container, restartPolicy, clock },
    {
      launch: () => ({
        command: ["/bin/sh", "-c", script],
        env: { PATH: process.env.PATH },
        cwd: folder,
        log,
      }),
      portOf: () => undefined,
      changed: () => {
        for (const { resolve } of changes.splice(0)) resolve();
      },
      started: () => {},
      ended: () => {},
    },
  );
  onTestFinished(async () => {
    await runner.stop(0);
    rmSync(folder, { recursive: true, force: true });
  });
  /** Resolves when the status is as wanted; looks again at each change. */
  const until = async (wanted: () => boolean) => {
    while (!wanted()) await new Promise<void>((resolve) => changes.push({ resolve }));
  };
  return { runner, clock, until, log: () => readFileSync(log, "utf8") };
}

test("a process that ends is started again at once, and then after 10 s", async () => {
  const { runner, clock, until } = containerOf("exit 3");
  runner.start();
  await until(() => runner.status().state?.waiting?.message?.includes("back-off 0s") ?? false);
  const first = runner.status();
  await clock.advance(0);
  await until(() => runner.status().state?.waiting?.message?.includes("back-off 10s") ?? false);
  await clock.advance(9_999);
  const waiting = runner.status();
  await clock.advance(1);
  await until(() => runner.status().restartCount === 2);

  expect(first.lastState?.terminated).toMatchObject({ exitCode: 3, reason: "Error" });
  expect(waiting).toMatchObject({ restartCount: 1, state: { waiting: { reason: "CrashLoopBackOff" } } });
});

test.each([
  ["Never", "exit 1", 1],
  ["Never", "exit 0", 0],
  ["OnFailure", "exit 0", 0],
] as const)("with restart policy %s, %s is the end", async (policy, script, exitCode) => {
  const { runner, clock, until } = containerOf(script, policy);
  runner.start();
  await until(() => runner.finished);

  expect(runner.status()).toMatchObject({ restartCount: 0, state: { terminated: { exitCode } } });
  expect(clock.pending).toBe(0);
});

test("a process that ignores SIGTERM is killed after its grace time, and told as 137", async () => {
  const { runner, until, log } = containerOf("trap '' TERM; echo up; while :; do sleep 0.05; done");
  runner.start();
  await until(() => runner.program !== undefined);
  while (!log().includes("up")) await new Promise((resolve) => setImmediate(resolve));
  await runner.stop(100);
  await until(() => runner.program === undefined);

  expect(runner.status().state?.terminated?.exitCode).toBe(137);
});

test("a program that cannot be started is told as exit code 127", async () => {
  const { runner, until } = containerOf("no-such-program-anywhere", "Never");
  runner.start();
  await until(() => runner.finished);

  expect(runner.exitCode).toBe(127);
});
