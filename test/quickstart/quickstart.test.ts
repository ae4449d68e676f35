import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findBinaries } from "../../src/localcluster/binaries.ts";
import { until } from "../support/until.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
const READY_MS = 60_000;

/** The quick start as a process of its own, with its data in a folder of the test. */
function startQuickstart(folder: string, options: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [MAIN, "quickstart", "--folder", folder, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, FORCE_COLOR: "0", ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { child, exited, output: () => output };
}

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "quickstart-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Command lines of running processes that name the folder, in arguments or environment. */
function processesOf(folder: string, except: ChildProcess): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== except.pid && Number(name) !== process.pid)
    .filter((pid) => ["cmdline", "environ"].some((file) => readProc(pid, file).includes(folder)))
    .map((pid) => readProc(pid, "cmdline").replaceAll("\0", " "));
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(join("/proc", pid, file), "utf8");
  } catch {
    return ""; // it has just ended
  }
}

test("it goes from nothing to parsed results, twice, and leaves no process behind", async () => {
  const folder = folderOfTest();
  const first = startQuickstart(folder, ["--exit"]);
  const code = await first.exited;
  const left = processesOf(folder, first.child);
  const started = performance.now();
  const second = startQuickstart(folder, ["--exit"]);
  await until("the table is there again", () => second.output().includes("What happened"), READY_MS);
  const warmMs = performance.now() - started;

  expect(code, first.output()).toBe(0);
  expect(left).toEqual([]);
  expect(first.output()).toMatch(/ams-core-1 +NX-OS +9\.3\(8\)/);
  expect(first.output()).toMatch(/show-version +5\/5 +Succeeded/);
  expect(first.output()).toMatch(/ntp-dry-run +2\/2 +Succeeded/);
  expect(first.output()).toMatch(/fra-edge-1 +Juniper +MX204 +21\.4R3\.15 +2 of 3 +1 of 2/);
  expect(first.output()).toMatch(/fra-edge-1 +get_facts +no +os_version is/);
  expect(first.output()).toMatch(/must-fail +0\/1 +DevicesFailed .*rejected line 3/);
  expect(await second.exited, second.output()).toBe(0);
  expect(warmMs).toBeLessThan(20_000);
});

test("a folder with only etcd and kube-apiserver saves the build, and what is missing is said", async () => {
  const { etcd, kubeApiserver } = await findBinaries();
  const assets = folderOfTest();
  symlinkSync(etcd, join(assets, "etcd"));
  symlinkSync(kubeApiserver, join(assets, "kube-apiserver"));
  const run = startQuickstart(folderOfTest(), ["--exit"], { KUBEBUILDER_ASSETS: assets });

  expect(await run.exited, run.output()).toBe(0);
  expect(run.output()).toContain(`from ${assets}, which has no kube-controller-manager`);
});

test("Ctrl-C ends it at any moment without a process left behind", async () => {
  const folder = folderOfTest();
  for (const moment of ["kinds, roles and policies", "Everything stays up"]) {
    const run = startQuickstart(folder);
    await until(`it says "${moment}"`, () => run.output().includes(moment), READY_MS);
    run.child.kill("SIGINT");
    await run.exited;

    expect(processesOf(folder, run.child), moment).toEqual([]);
  }
});

test("when it is killed its processes die with it, and the next run is none the slower", async () => {
  const folder = folderOfTest();
  const killed = startQuickstart(folder);
  await until("it is up", () => killed.output().includes("Everything stays up"), READY_MS);
  const before = processesOf(folder, killed.child);
  killed.child.kill("SIGKILL");
  await killed.exited;
  await until("nothing of it runs", () => processesOf(folder, killed.child).length === 0);
  const started = performance.now();
  const next = startQuickstart(folder, ["--exit"]);
  await until("the table is there", () => next.output().includes("What happened"), READY_MS);

  expect(before.length).toBeGreaterThanOrEqual(7); // etcd, API server, controller manager, two operators, two workers
  expect(performance.now() - started).toBeLessThan(20_000);
  await next.exited;
});
