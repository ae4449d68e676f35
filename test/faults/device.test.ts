import { expect, test } from "vitest";
import { newHostKey } from "../../src/simulator/simulate.ts";
import {
  condition,
  configured,
  poolDevice,
  result,
  startSystem,
  WRONG_CREDENTIAL,
} from "../support/system.ts";

test("an unreachable device, a wrong password and a changed host key have reasons of their own; others succeed", async () => {
  const system = await startSystem();
  const [good, gone, locked, changed] = await Promise.all([
    system.device(),
    system.device(),
    system.device(),
    system.device({ hostKey: newHostKey() }),
  ]);
  await system.startOperator();
  await system.createPool(
    { good },
    {
      devices: [
        poolDevice("good", good),
        poolDevice("gone", gone),
        { ...poolDevice("locked", locked), credential: WRONG_CREDENTIAL },
        { ...poolDevice("changed", changed), hostKeys: { fingerprints: [good.fingerprint] } },
      ],
    },
  );
  await gone.close();
  await system.startWorker();

  await system.createJob("show", { deviceSelector: {}, commands: ["show version"] });
  const job = await system.finished("show");

  expect(condition(job, "Succeeded")).toMatchObject({
    status: "False",
    reason: "DevicesFailed",
    message: expect.stringMatching(/^3 of 4 device\(s\) failed/),
  });
  expect(result(job, "good")?.state).toBe("Succeeded");
  expect(result(job, "gone")).toMatchObject({ state: "Failed", reason: "ConnectFailed" });
  expect(result(job, "locked")).toMatchObject({ state: "Failed", reason: "AuthFailed" });
  expect(result(job, "changed")?.reason).toMatch(/^HostKey/);
  expect(locked.logins + changed.logins).toBe(0);
});

test("a hanging command ends with its time limit, and the session is not used again", async () => {
  const system = await startSystem();
  const r1 = await system.device({ hangsOn: ["show tech-support"] });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("hangs", {
    devices: ["r1"],
    commands: ["show version", "show tech-support", "show clock"],
    options: { readTimeoutSeconds: 1 },
  });
  const job = await system.finished("hangs");
  const { commands, state, reason } = result(job, "r1") ?? {};
  expect({ state, reason }).toMatchObject({
    state: "Failed",
    reason: expect.stringMatching(/Timeout|PromptNotFound/),
  });
  expect(commands?.map(({ command, error }) => [command, error === undefined])).toEqual([
    ["show version", true],
    ["show tech-support", false],
  ]);
  expect(r1.received()).not.toContain("show clock");

  await system.createJob("after", { devices: ["r1"], commands: ["show version"] });
  expect(result(await system.finished("after"), "r1")).toMatchObject({
    state: "Succeeded",
    sessionReused: false,
  });
});

test("a device that closes the connection in the middle of a change fails, and the change is not sent again", async () => {
  const system = await startSystem();
  const r1 = await system.device({ closesOn: ["description core"] });
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();

  await system.createJob("cut", {
    devices: ["r1"],
    config: "interface Loopback0\ndescription core\nno shutdown",
    backoffLimit: 3,
  });
  const job = await system.finished("cut");

  expect(condition(job, "Succeeded")).toMatchObject({ status: "False", reason: "DevicesFailed" });
  expect(result(job, "r1")).toMatchObject({ state: "Failed", attempts: 1 });
  expect(configured(r1)).toEqual(["interface Loopback0", "description core"]);
});

test("an idle session that the device has closed is replaced without a failure", async () => {
  const system = await startSystem();
  const r1 = await system.device();
  await system.startOperator();
  await system.createPool({ r1 });
  await system.startWorker();
  await system.createJob("first", { devices: ["r1"], commands: ["show version"] });
  await system.finished("first");

  r1.dropSessions();
  await system.createJob("second", { devices: ["r1"], config: "ntp server 192.0.2.1" });

  expect(result(await system.finished("second"), "r1")).toMatchObject({
    state: "Succeeded",
    sessionReused: false,
  });
  expect(configured(r1)).toEqual(["ntp server 192.0.2.1"]);
});
