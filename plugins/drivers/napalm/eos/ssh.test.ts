import { afterEach, expect, test } from "vitest";
import type { DeviceTarget, MethodCall } from "../../../../src/plugin/index.ts";
import { EosDevice, type EosOptions } from "../../../../src/simulator/eapi/eos.ts";
import { simulateEosSsh } from "../../../../src/simulator/eapi/ssh.ts";
import { simulate } from "../../../../src/simulator/index.ts";
import { context, merge } from "../../pyeapi/test-session.ts";
import { NapalmDriver } from "../index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const napalm = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => 1_700_000_060_000);

async function open(options: EosOptions = {}, args: Record<string, unknown> = {}) {
  const eos = new EosDevice(options);
  const ssh = await simulateEosSsh(eos);
  closers.push(() => ssh.close());
  const target: DeviceTarget = {
    name: "leaf1",
    host: ssh.host,
    port: ssh.port,
    credential: { username: "admin", password: "admin", data: {} },
    hostKeys: { policy: "Strict", fingerprints: [ssh.fingerprint] },
    args: { platform: "eos", transport: "ssh", ...args },
  };
  const session = await napalm.connect(target, context());
  closers.push(() => napalm.disconnect(session, context()));
  const call = (method: string, given: MethodCall["args"] = []) =>
    napalm.call(session, { method, args: given }, context());
  return { eos, ssh, session, call };
}

/** Answers a command with a text, whatever was asked for. */
const prints = (output: string) => () => ({ result: { output } });
const refuses = (error: string) => () => ({ code: 1000, error });

test("getters read the data behind `| json`, and text where there is no other", async () => {
  const { ssh, call } = await open({
    replies: {
      "show vlan": { vlans: { 10: { name: "users", interfaces: { Ethernet1: {} } } } },
      "show running-config | section ntp": prints("ntp server vrf MGMT 192.0.2.1 iburst\n"),
    },
  });
  expect(await call("get_vlans")).toEqual({ 10: { name: "users", interfaces: ["Ethernet1"] } });
  expect(await call("get_ntp_servers")).toMatchObject({
    "192.0.2.1": { iburst: true, network_instance: "MGMT" },
  });
  expect(ssh.received).toContain("show vlan | json");
  expect(await call("is_alive")).toEqual({ is_alive: true });
});

test("facts are those that eAPI gives", async () => {
  const { call } = await open({
    replies: {
      "show version": {
        modelName: "vEOS",
        serialNumber: "S1",
        internalVersion: "4.31.0F-1",
        bootupTimestamp: 1.7e9,
      },
      "show hostname": { hostname: "leaf1", fqdn: "leaf1.example.net" },
      "show interfaces": { interfaces: { Ethernet10: {}, Ethernet2: {} } },
    },
  });
  expect(await call("get_facts")).toMatchObject({
    hostname: "leaf1",
    uptime: 60,
    interface_list: ["Ethernet2", "Ethernet10"],
  });
});

test("a ping from a VRF leaves the session where it was", async () => {
  const output = "PING 192.0.2.1\n1 packets transmitted, 1 received, 0% packet loss\n";
  const { ssh, call } = await open({
    replies: { "ping 192.0.2.1 timeout 2 size 100 repeat 1": prints(output) },
  });
  const args = { destination: "192.0.2.1", count: 1, vrf: "MGMT" };
  expect(await call("ping", args)).toMatchObject({ success: { probes_sent: 1, packet_loss: 0 } });
  expect(ssh.received.at(-1)).toBe("cli vrf default");
});

test("refusals are the errors that they are over eAPI, and the session goes on", async () => {
  const { call } = await open({
    replies: {
      "show vlan": refuses("Authorization denied for command 'show vlan'"),
      "show interfaces": prints("This is an unconverted command"),
      "show ip interface": { interfaces: {} },
      "show ipv6 interface": refuses("No IPv6 configured interfaces"),
    },
  });
  await expect(call("get_lldp_neighbors")).rejects.toMatchObject({
    code: "CommandRejected",
    message: expect.stringContaining("Invalid input"),
  });
  await expect(call("get_vlans")).rejects.toMatchObject({ code: "CommandUnauthorised" });
  expect(await call("get_interfaces_ip")).toEqual({});
  expect(await call("get_arp_table")).toEqual([]);
});

test("cli gives text or data", async () => {
  const { session, call } = await open({ replies: { "show hostname": { hostname: "leaf1" } } });
  expect(await call("cli", { commands: ["show clock"] })).toEqual({
    "show clock": "Wed Nov 25 01:02:03 2026",
  });
  expect(await call("cli", { commands: ["show hostname"], encoding: "json" })).toEqual({
    "show hostname": { hostname: "leaf1" },
  });
  const result = await napalm.executeCommand(session, { command: "show clock" }, context());
  expect(result).toMatchObject({ platform: "arista_eos" });
});

const LINES = ["interface Loopback0", "   description new"];

test("a change gathers in a configuration session, is compared, committed whole and saved", async () => {
  const { eos, session } = await open();
  const dry = await napalm.configure(session, merge(LINES, { dryRun: true }), context());
  expect(dry).toMatchObject({ diff: "+interface Loopback0\n+description new", committed: false });
  expect(eos.sessions.size).toBe(0);
  const done = await napalm.configure(session, merge(LINES, { save: true }), context());
  expect(done).toMatchObject({ committed: true, saved: true });
  expect(eos.running).toEqual(["hostname leaf1", "interface Loopback0", "description new"]);
  expect(eos.saved).toEqual(eos.running);
});

test("the candidate of a session is what it has loaded", async () => {
  const { call } = await open();
  const candidate = () => call("get_config", { retrieve: "candidate" });
  expect(await candidate()).toEqual({ running: "", startup: "", candidate: "" });
  await call("load_merge_candidate", { config: "interface Loopback0" });
  expect(await candidate()).toMatchObject({ candidate: "hostname leaf1\ninterface Loopback0" });
  expect(await call("get_config")).toMatchObject({
    running: "hostname leaf1",
    candidate: "hostname leaf1\ninterface Loopback0",
  });
  await call("discard_config");
  expect(await candidate()).toMatchObject({ candidate: "" });
});

test("a change that is to be confirmed and not saved is not saved", async () => {
  const { eos, session } = await open();
  const change = (more: object) =>
    napalm.configure(
      session,
      merge(LINES, { commit: { confirmTimeoutMs: 60_000 }, verify: [{ command: "show clock" }], ...more }),
      context(),
    );
  expect(await change({ save: false })).toMatchObject({ committed: true, saved: false });
  expect(eos.pending).toBeUndefined();
  expect(eos.saved).toBeUndefined();
});

test("a check that fails takes the change back, and nothing of it is saved", async () => {
  const { eos, session } = await open();
  const verify = [{ command: "show clock", expect: "never" }];
  const change = merge(LINES, { save: true, verify, onError: "Rollback" });
  const result = await napalm.configure(session, change, context());
  expect(result).toMatchObject({ committed: false, saved: false, rolledBack: true });
  expect(eos.running).toEqual(["hostname leaf1"]);
  expect(eos.saved).toBeUndefined();
});

test("single calls load, compare, commit with a timer, confirm and go back", async () => {
  const { eos, call } = await open();
  await call("load_merge_candidate", { config: "interface Loopback0\n" });
  expect(await call("compare_config")).toBe("+interface Loopback0");
  await call("commit_config", { revert_in: 60 });
  expect(await call("has_pending_commit")).toBe(true);
  await call("confirm_commit");
  expect(await call("has_pending_commit")).toBe(false);
  expect(eos.running).toEqual(["hostname leaf1", "interface Loopback0"]);
  await call("rollback");
  expect(eos.running).toEqual(["hostname leaf1"]);
});

test("texts and comments of modes are typed as a running configuration has them", async () => {
  const { eos, ssh, call } = await open();
  const config = "!! why it is\nbanner motd\nhello\n  show version\nEOF\nhostname leaf2\nend\n";
  await call("load_replace_candidate", { config });
  expect([...eos.sessions.values()]).toEqual([["banner motd\nhello\n  show versionEOF", "hostname leaf2"]]);
  expect(ssh.received).toContain("!! why it is");
  await call("discard_config");
  expect(eos.sessions.size).toBe(0);
});

test("a refused line is named with its number, and a text without its end; neither leaves anything behind", async () => {
  const { eos, call } = await open({ rejects: ["bogus"] });
  const refused = call("load_merge_candidate", { config: "interface Loopback0\n bogus\n" });
  await expect(refused).rejects.toMatchObject({
    code: "ConfigRejected",
    message: expect.stringContaining("line 2"),
  });
  await expect(call("load_merge_candidate", { config: "banner motd\nhello\n" })).rejects.toMatchObject({
    code: "ConfigRejected",
    message: expect.stringContaining("EOF"),
  });
  expect(eos.sessions.size).toBe(0);
  expect(eos.running).toEqual(["hostname leaf1"]);
  await call("load_merge_candidate", { config: "interface Loopback0" });
  expect(eos.sessions.size).toBe(1);
});

test("a step of a commit that the device refuses in any words stops the commit", async () => {
  const { eos, call } = await open({
    replies: { "copy running-config flash:rollback-0": refuses("No space left on device") },
  });
  await call("load_merge_candidate", { config: "interface Loopback0" });
  await expect(call("commit_config")).rejects.toMatchObject({
    code: "CommitFailed",
    message: expect.stringContaining("No space left"),
  });
  expect(eos.running).toEqual(["hostname leaf1"]);
});

test("a cancel between two lines drops the session, and the next load is as if nothing had been", async () => {
  const { eos, ssh, session, call } = await open();
  const cancel = new AbortController();
  const beforeWrite = () => {
    if (ssh.received.includes("interface Loopback0")) cancel.abort();
  };
  const args = { config: "interface Loopback0\ninterface Loopback1\n" };
  const load = napalm.call(
    session,
    { method: "load_merge_candidate", args },
    context({ signal: cancel.signal, beforeWrite }),
  );
  await expect(load).rejects.toMatchObject({ code: "OperationAborted" });
  expect(eos.sessions.size).toBe(0);
  await call("load_merge_candidate", args);
  expect([...eos.sessions.values()]).toEqual([
    ["hostname leaf1", "interface Loopback0", "interface Loopback1"],
  ]);
});

test("nothing is loaded while somebody else has a session open, unless lock_disable says so", async () => {
  const { eos, call } = await open();
  eos.sessions.set("somebody", []);
  const config = "interface Loopback0";
  await expect(call("load_merge_candidate", { config })).rejects.toMatchObject({ code: "ConfigLocked" });
  const free = await open({}, { optional_args: { lock_disable: true } });
  free.eos.sessions.set("somebody", []);
  await free.call("load_merge_candidate", { config });
  expect(free.eos.sessions.size).toBe(2);
});

test("a device that asks for a secret and stops at each page is read to its end", async () => {
  const vlans = Object.fromEntries(
    Array.from({ length: 40 }, (_, id) => [id + 1, { name: `v${id}`, interfaces: {} }]),
  );
  const device = await simulate({
    platform: "arista_eos",
    secret: "s3cret",
    pager: true,
    outputs: { "show vlan | json": JSON.stringify({ vlans }, null, 4) },
  });
  closers.push(() => device.close());
  const session = await napalm.connect(
    {
      name: "leaf1",
      host: device.host,
      port: device.port,
      credential: { username: device.username, password: device.password, secret: "s3cret", data: {} },
      hostKeys: { policy: "Strict", fingerprints: [device.fingerprint] },
      args: { platform: "eos", eos_transport: "ssh" },
    },
    context(),
  );
  closers.push(() => napalm.disconnect(session, context()));
  const got = await napalm.call(session, { method: "get_vlans", args: [] }, context());
  expect(Object.keys(got as object)).toHaveLength(40);
  expect(device.received()).toContain("<secret>");
});

test("force_no_enable reads without the privileged mode; arguments of the command line are taken", async () => {
  const args = { optional_args: { force_no_enable: true, conn_timeout: 5, session_log: true } };
  const { ssh, call } = await open({ replies: { "show vlan": { vlans: {} } } }, args);
  expect(await call("get_vlans")).toEqual({});
  expect(ssh.received).not.toContain("enable");
});

test("what is of no effect on the way that is taken is refused by name, like what nobody knows", () => {
  const issues = (args: object) =>
    napalm.argsSchema
      .safeParse({ platform: "eos", ...args })
      .error?.issues.map(({ message }) => message)
      .join();
  const jump_hosts = [{ host: "jump.example.net" }];
  expect(issues({ transport: "ssh", jump_hosts })).toBeUndefined();
  expect(issues({ jump_hosts })).toBe("jump_hosts is of no effect: it belongs to transport ssh");
  expect(issues({ transport: "ssh", path: "/x" })).toBe("path is of no effect: leave it out over SSH");
  expect(issues({ fast_cli: true, lock_disable: true })).toBeUndefined();
  expect(issues({ transport: "ssh", inline_transfer: true })).toContain("inline_transfer");
  expect(issues({ transport: "ssh", key_file: "/k" })).toContain("ssh-privatekey");
});

test("checked arguments stay what they are when they are checked again", () => {
  for (const transport of ["https", "ssh"]) {
    const once = napalm.argsSchema.parse({ platform: "eos", transport });
    expect(napalm.argsSchema.parse(once)).toEqual(once);
  }
});
