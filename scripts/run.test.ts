import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const RUN = join(import.meta.dirname, "run.mjs");

function start(
  source: string,
  ...args: string[]
): { child: ChildProcess; output: Promise<string>; said: Promise<void>; code: Promise<number | null> } {
  const folder = mkdtempSync(join(tmpdir(), "run-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "program.ts");
  writeFileSync(file, source);
  const child = spawn(process.execPath, [RUN, file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  const said = Promise.withResolvers<void>();
  child.stdout.setEncoding("utf8").on("data", (more: string) => {
    text += more;
    said.resolve();
  });
  const code = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, output: code.then(() => text), said: said.promise, code };
}

test("a TypeScript file runs under the project's Node with its arguments, and its exit code is passed on", async () => {
  const { output, code } = start(
    "const major: number = Number(process.versions.node.split('.')[0]); console.log(major, process.argv.slice(2).join()); process.exitCode = 7;",
    "a",
    "--b=c",
  );

  expect(await output).toBe("24 a,--b=c\n");
  expect(await code).toBe(7);
});

test("signals reach the program, which decides how to end", async () => {
  const { child, said, code } = start(
    "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up');",
  );
  await said;
  child.kill("SIGTERM");

  expect(await code).toBe(5);
});

test("a program that a signal has ended is told as 128 and the signal's number", async () => {
  const { code } = start("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");

  expect(await code).toBe(137);
});
