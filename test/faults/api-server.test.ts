import { expect, test } from "vitest";
import { cluster } from "../support/cluster.ts";
import { condition, configured, startSystem } from "../support/system.ts";
import { until } from "../support/until.ts";

const CHANGE = ["interface Loopback0", "description core"];

test("the API server restarts in the middle of a change and before its claim: both end well, sent once", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([
    system.device({ slow: { "interface Loopback0": 3000 } }),
    system.device({ slow: { "show slow": 2000 }, outputs: { "show slow": "done" } }),
  ]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  await system.startWorker();
  await system.createJob("warm", { devices: ["r2"], commands: ["show slow"] });
  await system.createJob("claims-later", { devices: ["r2"], config: CHANGE.join("\n") });
  await system.createJob("at-work", { devices: ["r1"], config: CHANGE.join("\n") });
  await until(
    "a change and a command are at work",
    () => configured(r1).length > 0 && r2.received().includes("show slow"),
  );
  await until("the next task is there", async () => (await system.tasks("claims-later")).length === 1);

  await (await cluster()).restartApiServer();

  for (const name of ["warm", "at-work", "claims-later"])
    expect(condition(await system.finished(name, 60_000), "Succeeded"), name).toMatchObject({
      status: "True",
    });
  expect(configured(r1)).toEqual(CHANGE);
  expect(configured(r2)).toEqual(CHANGE);
});

test("an API server that does not answer for longer than a Lease lasts: the worker stops before the change goes on", async () => {
  const system = await startSystem({ leaseSeconds: 3 });
  const r1 = await system.device({ slow: { "interface Loopback0": 3500 } });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("change", { devices: ["r1"], config: CHANGE.join("\n") });
  await until("the change is at work", () => configured(r1).length > 0);

  const { pauseApiServer, resumeApiServer } = await cluster();
  await pauseApiServer();
  await until("the worker has closed its session", () => r1.sessions === 0, 15_000);
  await resumeApiServer();

  const job = await system.finished("change", 60_000);
  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "Interrupted" });
  expect(configured(r1)).toEqual(["interface Loopback0"]);
});
