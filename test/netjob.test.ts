import { expect, test } from "vitest";
import { condition, startSystem } from "./support/system.ts";

test("a show command runs on all devices and its output stands in the status", async () => {
  const system = await startSystem();
  const [r1, r2] = await Promise.all([system.device({ platform: "cisco_ios" }), system.device({ platform: "arista_eos" })]);
  await system.startOperator();
  await system.createPool({ r1, r2 });
  await system.startWorker();

  await system.createJob("show-version", { deviceSelector: {}, commands: ["show version"] });
  const job = await system.finished("show-version");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "True", reason: "Completed" });
  expect(job.status?.summary).toMatchObject({ total: 2, succeeded: 2 });
  expect(job.status?.results?.map(({ device, state }) => [device, state])).toEqual([
    ["r1", "Succeeded"],
    ["r2", "Succeeded"],
  ]);
  expect(job.status?.results?.[0]?.commands?.[0]?.output).toContain("Cisco IOS Software");
});
