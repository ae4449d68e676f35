import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  newHostKey,
  type SimulatedDevice,
  type SimulationOptions,
  simulate,
} from "../../../src/simulator/index.ts";
import { context, newDriver, targetOf } from "./test-session.ts";

const open: { close(): unknown }[] = [];

async function device(options: SimulationOptions): Promise<SimulatedDevice> {
  const started = await simulate(options);
  open.push(started);
  return started;
}

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

test("a device behind a jump host, each with its own key and password", async () => {
  const r1 = await device({ platform: "cisco_ios" });
  const bastion = await device({
    platform: "linux",
    forwards: true,
    username: "jump",
    password: "over",
    hostKey: newHostKey(),
  });
  const target = targetOf(r1, {
    jump_hosts: [
      {
        host: bastion.host,
        port: bastion.port,
        username: "jump",
        passwordKey: "jumpPassword",
        fingerprints: [bastion.fingerprint],
      },
    ],
  });
  const credential = { ...target.credential, data: { jumpPassword: "over" } };
  const driver = newDriver();
  const session = await driver.connect({ ...target, credential }, context());
  expect((await driver.executeCommand(session, { command: "show clock" }, context())).output).toContain(
    "UTC",
  );
  expect([bastion.logins, r1.logins]).toEqual([1, 1]);
  await driver.disconnect(session, context());
});

test("a jump host without a known key is not gone through", async () => {
  const r1 = await device({ platform: "cisco_ios" });
  const bastion = await device({ platform: "linux", forwards: true });
  const target = targetOf(r1, { jump_hosts: [{ host: bastion.host, port: bastion.port }] });
  await expect(newDriver().connect(target, context())).rejects.toMatchObject({
    code: "HostKeyChanged",
    message: expect.stringContaining("jump host"),
  });
  expect(bastion.logins + r1.logins).toBe(0);
});

test("a refused credential is not tried again at once, a corrected one is", async () => {
  const r1 = await device({ platform: "cisco_ios" });
  const driver = newDriver();
  const target = targetOf(r1);
  const wrong = { ...target, credential: { ...target.credential, password: "wrong" } };
  await expect(driver.connect(wrong, context())).rejects.toMatchObject({ code: "AuthFailed" });
  await expect(driver.connect(wrong, context())).rejects.toMatchObject({ code: "LoginPaused" });
  expect(r1.failedLogins).toBe(1);
  const session = await driver.connect(target, context());
  await driver.disconnect(session, context());
});

test("legacy algorithms are used only where they are allowed, and people are told once", async () => {
  const r1 = await device({
    platform: "cisco_ios",
    algorithms: algorithmsOf({ cipher: "aes128-cbc", kex: "diffie-hellman-group1-sha1", hmac: "hmac-sha1" }),
  });
  const driver = newDriver();
  await expect(driver.connect(targetOf(r1), context())).rejects.toMatchObject({ code: "NoCommonAlgorithm" });
  const told = listener();
  for (let login = 0; login < 2; login++) {
    const session = await driver.connect(targetOf(r1, { ssh_algorithms: "legacy" }), told.context);
    await driver.disconnect(session, context());
  }
  expect(told.warnings).toEqual([{ device: "r1", algorithms: "legacy" }]);
  expect(told.notices).toEqual([
    ["LegacyAlgorithms", expect.stringMatching(/^r1 .*127\.0\.0\.1:\d+.* legacy/)],
  ]);
});

test("compatible algorithms are worth a line in the log and no Event", async () => {
  const r1 = await device({
    platform: "cisco_ios",
    algorithms: algorithmsOf({ cipher: "aes128-ctr", kex: "diffie-hellman-group14-sha1", hmac: "hmac-sha1" }),
  });
  const driver = newDriver();
  const told = listener();
  const session = await driver.connect(targetOf(r1, { ssh_algorithms: "legacy" }), told.context);
  expect(told.warnings).toEqual([{ device: "r1", algorithms: "compatible" }]);
  expect(told.notices).toEqual([]);
  await driver.disconnect(session, context());
});

/** The only algorithms of a device; ssh2 knows more names than its types list. */
function algorithmsOf(one: { cipher: string; kex: string; hmac: string }) {
  const lists = Object.fromEntries(Object.entries(one).map(([kind, name]) => [kind, [name]]));
  return lists as NonNullable<SimulationOptions["algorithms"]>;
}

function listener() {
  const warnings: object[] = [];
  const notices: [string, string][] = [];
  const log = { ...context().log, warn: (fields: object) => warnings.push(fields) };
  const notify = (reason: string, message: string) => notices.push([reason, message]);
  return { warnings, notices, context: context({ log, notify }) };
}

test("ssh_config names the host, the port and the user", async () => {
  const r1 = await device({ platform: "cisco_ios" });
  const { port: _, ...target } = targetOf(r1, {
    ssh_config: `Host lab\n  HostName ${r1.host}\n  Port ${r1.port}\n`,
  });
  const driver = newDriver();
  const session = await driver.connect({ ...target, host: "lab" }, context());
  await driver.disconnect(session, context());
  expect(r1.logins).toBe(1);
});

test("an unknown device type is named, with those that are near", async () => {
  const r1 = await device({ platform: "cisco_ios" });
  await expect(
    newDriver().connect(targetOf(r1, { device_type: "cisco_iso" }), context()),
  ).rejects.toMatchObject({
    code: "PlatformUnknown",
    message: expect.stringContaining("cisco_ios"),
  });
  expect(r1.logins).toBe(0);
});

test("a folder of one's own adds platforms and changes built-in ones", async () => {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-platforms-"));
  open.push({ close: () => rmSync(folder, { recursive: true }) });
  writeFileSync(join(folder, "my_router.yaml"), "extends: cisco_ios\nonOpen: [terminal length 0]\n");
  const driver = newDriver({ platformFolders: [folder] });
  const r1 = await device({ platform: "cisco_ios" });
  const session = await driver.connect(targetOf(r1, { device_type: "my_router" }), context());
  await driver.disconnect(session, context());
  expect(r1.received()).toEqual(["terminal length 0", "exit"]);
});
