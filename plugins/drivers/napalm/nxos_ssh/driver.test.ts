import { afterEach, expect, test } from "vitest";
import type { DeviceTarget, MethodCall } from "../../../../src/plugin/index.ts";
import { NxosDevice, type NxosOptions } from "../../../../src/simulator/nxapi/nxos.ts";
import { simulateNxosSsh } from "../../../../src/simulator/nxapi/ssh.ts";
import { context, merge } from "../../pyeapi/test-session.ts";
import { NapalmDriver } from "../index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

async function open(options: NxosOptions = {}, args: Record<string, unknown> = {}) {
  const nxos = new NxosDevice(options);
  const ssh = await simulateNxosSsh(nxos);
  closers.push(() => ssh.close());
  const napalm = new NapalmDriver({ config: {}, log, random: () => 0.5 });
  const target: DeviceTarget = {
    name: "n9k1",
    host: ssh.host,
    port: ssh.port,
    credential: { username: "admin", password: "admin", data: {} },
    hostKeys: { policy: "Strict", fingerprints: [ssh.fingerprint] },
    args: { platform: "nxos_ssh", ...args },
  };
  const session = await napalm.connect(target, context());
  closers.push(() => napalm.disconnect(session, context()));
  const call = (method: string, given: MethodCall["args"] = []) =>
    napalm.call(session, { method, args: given }, context());
  return { nxos, ssh, napalm, session, call };
}

const VLANS = {
  TABLE_vlanbriefxbrief: {
    ROW_vlanbriefxbrief: { "vlanshowbr-vlanid": 1, "vlanshowbr-vlanname": "default" },
  },
};

test("getters ask for JSON where there is some, and for text otherwise", async () => {
  const replies = {
    "show vlan brief | json": `${JSON.stringify(VLANS)}\n`,
    "show ntp peers": "  192.0.2.1      Server (configured)\n",
  };
  const { call } = await open({ replies });
  expect(await call("get_vlans")).toEqual({ 1: { name: "default", interfaces: [""] } });
  expect(await call("get_ntp_peers")).toEqual({ "192.0.2.1": {} });
  expect(await call("is_alive")).toEqual({ is_alive: true });
});

test("a command that the device refuses is CommandRejected with its answer, and the session goes on", async () => {
  const { call } = await open();
  await expect(call("get_ntp_peers")).rejects.toMatchObject({
    code: "CommandRejected",
    message: expect.stringContaining("% Invalid command"),
  });
  expect(await call("cli", { commands: ["show hostname"] })).toEqual({ "show hostname": "n9k1 " });
});

test("what NX-OS cannot be asked for is refused before anything is sent", async () => {
  const { ssh, call } = await open();
  const before = ssh.received.length;
  await expect(call("get_route_to", { destination: "2001:db8::/32" })).rejects.toMatchObject({
    code: "CallInvalid",
  });
  await expect(call("get_route_to", { destination: "10.0.0.0/8", longer: true })).rejects.toMatchObject({
    code: "CallInvalid",
  });
  expect(ssh.received).toHaveLength(before);
});

const RUNNING = "hostname n9k1\ninterface Ethernet1/1\n description old\n";
const LINES = ["interface Ethernet1/1", "  description new"];

test("a merge is compared, committed behind a checkpoint and saved", async () => {
  const { nxos, napalm, session } = await open({ runningConfig: RUNNING });
  const result = await napalm.configure(session, merge(LINES, { save: true }), context());
  expect(result).toMatchObject({
    diff: "interface Ethernet1/1\n  description new",
    committed: true,
    saved: true,
  });
  expect(nxos.saved).toBe("hostname n9k1\ninterface Ethernet1/1\n description new\n");
  expect(nxos.files.get("rollback_config.txt")).toContain("description old");
});

test("a rejected line is named, those behind it are not sent, and the device is as it was", async () => {
  const { nxos, ssh, napalm, session } = await open({
    runningConfig: RUNNING,
    rejects: ["ip adress 10.0.0.1/24"],
  });
  const lines = [...LINES, "  ip adress 10.0.0.1/24", "  mtu 9216"];
  const result = await napalm.configure(session, merge(lines, { save: true }), context());
  expect(result.error).toMatchObject({
    code: "ConfigRejected",
    message: expect.stringContaining("% Invalid command"),
  });
  expect(result.lines.map(({ state }) => state)).toEqual(["accepted", "accepted", "rejected", "skipped"]);
  expect(result).toMatchObject({ committed: false, rolledBack: true });
  expect(ssh.received).not.toContain("  mtu 9216");
  expect(nxos.running.text("")).toBe(RUNNING);
});

test("a line that leaves configuration mode ends the change, and the device is as it was", async () => {
  const { nxos, napalm, session } = await open({ runningConfig: RUNNING });
  const result = await napalm.configure(session, merge([...LINES, "end", "hostname x"]), context());
  expect(result.error).toMatchObject({ code: "ConfigModeFailed" });
  expect(nxos.running.text("")).toBe(RUNNING);
});

test("a replacement goes to the device by SCP, is compared there and gone over to", async () => {
  const { nxos, ssh, napalm, session } = await open({ runningConfig: RUNNING });
  const change = merge(["hostname n9k1", "interface Ethernet1/2"], { mode: "Replace", save: true });
  const result = await napalm.configure(session, change, context());
  expect(result.error).toBeUndefined();
  expect(result).toMatchObject({
    committed: true,
    saved: true,
    diff: expect.stringContaining("-interface Ethernet1/1"),
  });
  expect(nxos.running.text("")).toBe("hostname n9k1\ninterface Ethernet1/2\n");
  // Questions are off only for as long as it takes.
  expect(ssh.received.filter((line) => line === "terminal dont-ask")).toHaveLength(
    ssh.received.filter((line) => line === "no terminal dont-ask").length,
  );
});

test("a dry run of a replacement leaves nothing on the device but the copy it was compared with", async () => {
  const { nxos, napalm, session } = await open({ runningConfig: RUNNING });
  const change = merge(["hostname n9k2"], { mode: "Replace", dryRun: true });
  const result = await napalm.configure(session, change, context());
  expect(result).toMatchObject({ committed: false, diff: expect.stringContaining("+hostname n9k2") });
  expect([...nxos.files.keys()]).toEqual(["sot_file"]);
  expect(nxos.running.text("")).toBe(RUNNING);
});

test("a change of the hostname does not lose the session", async () => {
  const { call } = await open({ runningConfig: RUNNING });
  await call("load_merge_candidate", { config: "hostname spine1" });
  await call("commit_config");
  expect(await call("cli", { commands: ["show hostname"] })).toEqual({ "show hostname": "spine1 " });
  await call("rollback");
  expect(await call("cli", { commands: ["show hostname"] })).toEqual({ "show hostname": "n9k1 " });
});

test("arguments of the command line are taken, unknown ones refused by name", () => {
  const { argsSchema } = new NapalmDriver({ config: {}, log, random: () => 0.5 });
  expect(argsSchema.parse({ platform: "nxos_ssh", conn_timeout: 5, session_log: true })).toMatchObject({
    conn_timeout: 5,
  });
  expect(() => argsSchema.parse({ platform: "nxos_ssh", dest_filesystem: "bootflash:" })).toThrow(
    "dest_filesystem",
  );
  expect(() => argsSchema.parse({ platform: "nxos_ssh", dest_file_system: "bootflash: ; reload" })).toThrow(
    "file system",
  );
});
