import { expect, test } from "vitest";
import { WaitingJobs } from "./waiting-jobs.ts";

function start() {
  const wanted: string[] = [];
  return { wanted, waiting: new WaitingJobs((pool) => wanted.push(pool)) };
}

test("devices come in the order in which jobs asked, each once", () => {
  const { waiting } = start();
  waiting.update("lab/a", "lab/pool", ["r2", "r1"]);
  waiting.update("lab/b", "lab/pool", ["r3", "r1"]);
  expect(waiting.devicesOf("lab/pool")).toEqual(["r2", "r1", "r3"]);
  expect(waiting.jobsOf("lab/pool")).toEqual(["lab/a", "lab/b"]);
});

test("a pool is told once of what is wanted of it, and again only when that changes", () => {
  const { waiting, wanted } = start();
  waiting.update("lab/a", "lab/pool", ["r1"]);
  waiting.update("lab/a", "lab/pool", ["r1"]);
  expect(wanted).toEqual(["lab/pool"]);
  waiting.update("lab/a", "lab/pool", ["r1", "r2"]);
  expect(wanted).toHaveLength(2);
});

test("a job that waits for nothing, is in another pool or is gone is forgotten where it was", () => {
  const { waiting } = start();
  waiting.update("lab/a", "lab/pool", ["r1"]);
  waiting.update("lab/a", "lab/other", ["r1"]);
  expect(waiting.jobsOf("lab/pool")).toEqual([]);
  waiting.update("lab/a", "lab/other", []);
  expect(waiting.devicesOf("lab/other")).toEqual([]);
  waiting.forget("lab/unknown");
});
