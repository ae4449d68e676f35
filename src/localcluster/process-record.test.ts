import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ProcessRecord } from "./process-record.ts";

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), "record-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "processes.json");
}

/** A process group that would run for a minute. */
function longProcess() {
  const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("exit", (_, signal) => resolve(signal)),
  );
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { pid: child.pid ?? 0, ended };
}

/** The record as an owner that is no longer there has left it. */
function abandon(path: string): void {
  const record = JSON.parse(readFileSync(path, "utf8")) as object;
  writeFileSync(
    path,
    JSON.stringify({ ...record, owner: { pid: 1, startedAt: "another boot", name: "owner" } }),
  );
}

test("a new owner ends what a dead one has left running", async () => {
  const path = setUp();
  const { pid, ended } = longProcess();
  ProcessRecord.claim(path).add(pid, "sleep");
  abandon(path);
  ProcessRecord.claim(path);

  expect(await ended).toBe("SIGKILL");
});

test("a pid that belongs to another process by now is left alone", async () => {
  const path = setUp();
  const { pid } = longProcess();
  ProcessRecord.claim(path).add(pid, "sleep");
  const record = readFileSync(path, "utf8").replaceAll(/"startedAt":"\d+"/g, '"startedAt":"1"');
  writeFileSync(path, record);
  ProcessRecord.claim(path);

  expect(existsSync(`/proc/${pid}`)).toBe(true);
});

test("a folder whose owner is alive is refused, with the owner's pid", () => {
  const path = setUp();
  const { pid } = longProcess();
  const record = ProcessRecord.claim(path);
  record.add(pid, "sleep");
  const { started } = JSON.parse(readFileSync(path, "utf8")) as { started: object[] };
  writeFileSync(path, JSON.stringify({ owner: started[0], started: [] }));

  expect(() => ProcessRecord.claim(path)).toThrow(`Process ${pid} runs a local cluster`);
});

test("a released or broken record is no obstacle", () => {
  const path = setUp();
  ProcessRecord.claim(path).release();
  expect(existsSync(path)).toBe(false);

  writeFileSync(path, '{"owner": {');
  ProcessRecord.claim(path);
  expect(existsSync(path)).toBe(true);
});
