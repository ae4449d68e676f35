import { describe, expect, onTestFinished, test } from "vitest";
import { noSshd, startSshd } from "../src/device/transfer/testing/sshd.ts";
import { configMaps } from "../src/runtime/index.ts";
import { condition, type PoolMember, result, startSystem } from "./support/system.ts";

async function startHost(): Promise<PoolMember> {
  const { stop, port, fingerprint, username, privateKey } = await startSshd();
  onTestFinished(stop);
  return {
    host: "127.0.0.1",
    port,
    fingerprint,
    username,
    password: "unused",
    privateKey,
    platform: "linux",
    driver: "paramiko",
  };
}

describe.skipIf(noSshd)(`programs on hosts${noSshd ? ` (skipped: ${noSshd})` : ""}`, () => {
  test("commands have exit status, stdout and stderr; one that fails ends the device's commands unless told otherwise", async () => {
    const system = await startSystem();
    const host = await startHost();
    await system.startOperator();
    await system.createPool({ host });
    await system.startWorker();

    const failing = 'echo "$GREETING"; echo trouble >&2; exit 3';
    const detail = { command: failing, environment: { GREETING: "hello" }, workingDirectory: "/" };
    const spec = { devices: ["host"], commands: ["uname", failing, "echo after"] };
    await system.createJob("stops", { ...spec, commandDetails: [detail] });
    const stopped = await system.finished("stops");
    expect(condition(stopped, "Succeeded")).toMatchObject({ status: "False", reason: "DevicesFailed" });
    expect(result(stopped, "host")).toMatchObject({
      state: "Failed",
      reason: "CommandFailed",
      commands: [
        { command: "uname", exitStatus: 0, output: expect.stringMatching(/\n$/) },
        { output: "hello\n", stderr: "trouble\n", exitStatus: 3, error: { reason: "CommandFailed" } },
      ],
    });

    await system.createJob("goes-on", { ...spec, commandDetails: [{ ...detail, continueOnError: true }] });
    const all = result(await system.finished("goes-on"), "host");
    expect(all).toMatchObject({ state: "Failed", reason: "CommandFailed", sessionReused: true });
    expect(all?.commands?.map(({ exitStatus }) => exitStatus)).toEqual([0, 3, 0]);
  });

  test("a script of a ConfigMap runs with its arguments", async () => {
    const system = await startSystem();
    const host = await startHost();
    await system.startOperator();
    await system.createPool({ host });
    await system.startWorker();
    await system.client.create(configMaps, {
      metadata: { name: "scripts", namespace: system.namespace },
      data: { "greet.sh": 'echo "hello $1"\n' },
    });

    const contentFrom = { configMapRef: { name: "scripts", key: "greet.sh" } };
    await system.createJob("script", { devices: ["host"], script: { contentFrom, args: ["big world"] } });
    expect(result(await system.finished("script"), "host")).toMatchObject({
      state: "Succeeded",
      commands: [{ command: "ConfigMap scripts/greet.sh", output: "hello big world\n", exitStatus: 0 }],
    });
  });

  test("a driver that cannot refuses before it logs in, with the field's name", async () => {
    const system = await startSystem();
    const r1 = await system.device();
    await system.startOperator();
    await system.createPool({ r1 });
    await system.startWorker();

    const commandDetails = [{ command: "show version", sudo: true }];
    await system.createJob("sudo", { devices: ["r1"], commands: ["show version"], commandDetails });
    await system.createJob("script", { devices: ["r1"], script: { content: "true" } });
    expect(result(await system.finished("sudo"), "r1")).toMatchObject({
      state: "Failed",
      reason: "NotImplemented",
      message: "Driver netmiko has no commandDetails.sudo.",
    });
    expect(result(await system.finished("script"), "r1")).toMatchObject({ reason: "NotImplemented" });
    expect(r1.logins).toBe(0);
  });
});
