import { X509Certificate } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { fingerprint } from "../../../../src/device/host-key.ts";
import type { DeviceTarget, MethodCall } from "../../../../src/plugin/index.ts";
import {
  type NxapiOptions,
  type SimulatedNxapi,
  simulateNxapi,
} from "../../../../src/simulator/nxapi/server.ts";
import { simulateNxosSsh } from "../../../../src/simulator/nxapi/ssh.ts";
import { authority, context, merge, targetOf } from "../../pyeapi/test-session.ts";
import { NapalmDriver, type NapalmSession } from "../index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const driver = () => new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => 1e12);
const tls = authority.issue({ commonName: "n9k1", hosts: ["127.0.0.1"] });

async function start(options: NxapiOptions = {}): Promise<SimulatedNxapi> {
  const device = await simulateNxapi({ tls, ...options });
  closers.push(() => device.close());
  return device;
}

async function open(
  options: NxapiOptions = {},
  args: Record<string, unknown> = {},
  more: Parameters<typeof targetOf>[2] = {},
) {
  const device = await start(options);
  const napalm = driver();
  const target: DeviceTarget = targetOf(device, { platform: "nxos", ...args }, more);
  const session = await napalm.connect(target, context());
  closers.push(() => napalm.disconnect(session, context()));
  const call = (method: string, given: MethodCall["args"] = []) =>
    napalm.call(session, { method, args: given }, context());
  return { device, napalm, session, call };
}

const VLANS = {
  TABLE_vlanbriefxbrief: {
    ROW_vlanbriefxbrief: {
      "vlanshowbr-vlanid": 1,
      "vlanshowbr-vlanname": "default",
      "vlanshowplist-ifidx": "Ethernet1/1-2",
    },
  },
};

test("a getter asks for data and gives NAPALM's model", async () => {
  const { call } = await open({ replies: { "show vlan brief": VLANS } });
  expect(await call("get_vlans")).toEqual({
    1: { name: "default", interfaces: ["Ethernet1/1", "Ethernet1/2"] },
  });
});

test("a reply of another shape is ModelInvalid and names the field", async () => {
  const { call } = await open({
    replies: { "show vlan brief": { TABLE_vlanbriefxbrief: { ROW_vlanbriefxbrief: {} } } },
  });
  await expect(call("get_vlans")).rejects.toMatchObject({
    code: "ModelInvalid",
    message: expect.stringContaining("vlanshowbr-vlanname"),
  });
});

test("a command that the device refuses is CommandRejected with its answer", async () => {
  const { call } = await open();
  await expect(call("get_vlans")).rejects.toMatchObject({
    code: "CommandRejected",
    message: expect.stringContaining("Invalid command"),
  });
});

test("cli gives text, or data on demand; is_alive asks the device", async () => {
  const { device, call } = await open({ replies: { "show clock": "12:00:00 UTC\n" } });
  expect(await call("cli", { commands: ["show clock"] })).toEqual({ "show clock": "12:00:00 UTC\n" });
  expect(await call("cli", { commands: ["show hostname"], encoding: "json" })).toEqual({
    "show hostname": { hostname: "n9k1" },
  });
  expect(await call("is_alive")).toEqual({ is_alive: true });
  expect(device.commands().at(-1)).toBe("show hostname");
});

test("a large output is handed on as it comes; a dialogue is refused, as NX-API asks no questions", async () => {
  const { napalm, session } = await open({ replies: { "show tech-support": "much\n".repeat(20_000) } });
  let size = 0;
  const onOutput = (text: string) => {
    size += text.length;
  };
  const result = await napalm.executeCommand(
    session,
    { command: "show tech-support" },
    context({ onOutput }),
  );
  expect([size, result.output]).toEqual([100_000, ""]);
  const asked = { command: "reload", dialogue: [{ expect: "\\?", send: "y" }] };
  await expect(napalm.executeCommand(session, asked, context())).rejects.toMatchObject({
    code: "NotImplemented",
    message: expect.stringContaining("nxos_ssh"),
  });
});

test("a cancelled request fails as such, and the session is in step for the next one", async () => {
  const { napalm, session, call } = await open();
  const signal = AbortSignal.abort("cancelled");
  const cancelled = napalm.executeCommand(session, { command: "show hostname" }, context({ signal }));
  await expect(cancelled).rejects.toMatchObject({ code: "OperationAborted" });
  expect(await napalm.resynchronise(session, context())).toBe(true);
  expect(await call("is_alive")).toEqual({ is_alive: true });
});

test("a worker that may no longer touch the device sends nothing", async () => {
  const { device, napalm, session } = await open();
  const before = device.commands().length;
  const beforeWrite = () => {
    throw new Error("fenced");
  };
  const command = napalm.executeCommand(session, { command: "show hostname" }, context({ beforeWrite }));
  await expect(command).rejects.toThrow("fenced");
  expect(device.commands()).toHaveLength(before);
});

test("getters that NX-API does not answer are refused before anything is sent", async () => {
  const { device, call } = await open();
  const before = device.commands().length;
  await expect(call("get_optics")).rejects.toMatchObject({ code: "NotImplemented" });
  await expect(call("get_arp_table", { vrf: "red" })).rejects.toMatchObject({
    code: "CallInvalid",
    message: expect.stringContaining("nxos_ssh"),
  });
  expect(device.commands()).toHaveLength(before);
});

const RUNNING = "hostname n9k1\ninterface Ethernet1/1\n description old\n";
const LINES = ["interface Ethernet1/1", "  description new"];

test("a merge is compared, committed behind a checkpoint and saved", async () => {
  const { device, napalm, session } = await open({ runningConfig: RUNNING });
  const result = await napalm.configure(session, merge(LINES, { save: true }), context());
  expect(result).toMatchObject({
    diff: "interface Ethernet1/1\n  description new",
    committed: true,
    saved: true,
  });
  expect(device.nxos.saved).toBe("hostname n9k1\ninterface Ethernet1/1\n description new\n");
  expect(device.nxos.files.get("rollback_config.txt")).toContain("description old");
});

test("on demand the device is asked to take a merge back by itself", async () => {
  const { device, napalm, session } = await open({ runningConfig: RUNNING }, { rollback_on_error: true });
  await napalm.configure(session, merge(LINES), context());
  const bodies = device.received.map(({ body }) => body).filter((body) => body.includes("rollback-on-error"));
  expect(bodies).toEqual([expect.stringContaining("description new")]);
});

test("a commit that has to be confirmed is refused before anything is sent", async () => {
  const { device, napalm, session } = await open({ runningConfig: RUNNING });
  const before = device.commands().length;
  const change = merge(LINES, { commit: { confirmTimeoutMs: 60_000 } });
  await expect(async () => napalm.configure(session, change, context())).rejects.toMatchObject({
    code: "NotImplemented",
  });
  expect(device.commands()).toHaveLength(before);
});

test("a copy that the device does not complete is SaveFailed", async () => {
  const replies = { "copy run startup-config": "Copy failed: no space left\n" };
  const { napalm, session } = await open({ runningConfig: RUNNING, replies });
  const result = await napalm.configure(session, merge(LINES, { save: true }), context());
  expect(result.error).toMatchObject({
    code: "SaveFailed",
    message: expect.stringContaining("no space left"),
  });
});

test("a dry run tells the difference and the plan, and changes nothing", async () => {
  const { device, napalm, session } = await open({ runningConfig: RUNNING });
  const result = await napalm.configure(session, merge(LINES, { dryRun: true }), context());
  expect(result).toMatchObject({ diff: expect.stringContaining("description new"), committed: false });
  expect(result.plan?.[0]).toContain("checkpoint file rollback_config.txt");
  expect(device.nxos.running.text("")).toBe(RUNNING);
});

test("what the device already has is not committed", async () => {
  const { device, napalm, session } = await open({ runningConfig: RUNNING });
  const result = await napalm.configure(
    session,
    merge(["interface Ethernet1/1", "  description old"]),
    context(),
  );
  expect(result).toMatchObject({ diff: "", committed: false });
  expect(device.nxos.files.size).toBe(0);
});

test("a rejected line is named, and the device is as it was", async () => {
  const { device, napalm, session } = await open({
    runningConfig: RUNNING,
    rejects: ["ip adress 10.0.0.1/24"],
  });
  const lines = [...LINES, "  ip adress 10.0.0.1/24", "  no shutdown"];
  const result = await napalm.configure(session, merge(lines, { save: true }), context());
  expect(result.error).toMatchObject({ code: "ConfigRejected" });
  expect(result.lines.map(({ state }) => state)).toEqual(["accepted", "accepted", "rejected", "skipped"]);
  expect(result).toMatchObject({ committed: false, rolledBack: true });
  expect(device.nxos.running.text("")).toBe(RUNNING);
});

test("a banner of several lines is refused: its lines would be run as commands", async () => {
  const { device, napalm, session } = await open({ runningConfig: RUNNING });
  const result = await napalm.configure(session, merge(["banner motd #", "reload", "#"]), context());
  expect(result.error).toMatchObject({
    code: "ConfigRejected",
    message: expect.stringContaining("nxos_ssh"),
  });
  expect(device.commands()).not.toContain("reload");
});

test("checks that do not hold take the change back", async () => {
  const { device, napalm, session } = await open({
    runningConfig: RUNNING,
    replies: { "show bgp": "down\n" },
  });
  const change = merge(LINES, { onError: "Rollback", verify: [{ command: "show bgp", expect: "up" }] });
  const result = await napalm.configure(session, change, context());
  expect(result).toMatchObject({ rolledBack: true, committed: false, error: { code: "VerificationFailed" } });
  expect(device.nxos.running.text("")).toBe(RUNNING);
});

test("a replacement goes to the device over SSH and is gone over to by NX-API", async () => {
  const device = await start({ runningConfig: RUNNING });
  const ssh = await simulateNxosSsh(device.nxos);
  closers.push(() => ssh.close());
  const napalm = driver();
  const hostKeys = { policy: "Strict", fingerprints: [ssh.fingerprint] } as const;
  const target = targetOf(device, { platform: "nxos", ssh_port: ssh.port }, { hostKeys });
  const session = await napalm.connect(target, context());
  closers.push(() => napalm.disconnect(session, context()));
  const change = merge(["hostname n9k1", "interface Ethernet1/2"], { mode: "Replace" });
  const result = await napalm.configure(session, change, context());
  expect(result.error).toBeUndefined();
  expect(result).toMatchObject({ committed: true, diff: expect.stringContaining("-interface Ethernet1/1") });
  expect(device.nxos.running.text("")).toBe("hostname n9k1\ninterface Ethernet1/2\n");
});

test("verbs of several jobs work on what the session has loaded", async () => {
  const { device, call } = await open({ runningConfig: RUNNING });
  await call("load_merge_candidate", { config: LINES.join("\n") });
  expect(await call("compare_config")).toContain("description new");
  await call("commit_config");
  await call("rollback");
  expect(device.nxos.running.text("")).toBe(RUNNING);
});

test.each([
  [
    "that has expired",
    authority.issue({ commonName: "n9k1", hosts: ["127.0.0.1"] }, new Date("2001-01-01T00:00:00Z")),
  ],
  ["of another host", authority.issue({ commonName: "n9k2", hosts: ["10.9.9.9"] })],
])("a certificate %s is refused before the password is sent, with the remedy", async (_what, wrong) => {
  const device = await start({ tls: wrong });
  const connecting = driver().connect(targetOf(device, { platform: "nxos" }), context());
  await expect(connecting).rejects.toMatchObject({
    code: "CertificateRejected",
    message: expect.stringMatching(/ca\.crt.*certificate_fingerprints/s),
  });
  expect(device.received).toEqual([]);
});

test("a pinned certificate needs no authority", async () => {
  const pin = fingerprint(new X509Certificate(tls.certificate).raw);
  const { call } = await open({}, { certificate_fingerprints: [pin] }, { data: {} });
  expect(await call("is_alive")).toEqual({ is_alive: true });
});

test("HTTP needs the host key policy Insecure", async () => {
  const connecting = driver().connect(
    targetOf({ host: "127.0.0.1", port: 1 }, { platform: "nxos", transport: "http" }),
    context(),
  );
  await expect(connecting).rejects.toMatchObject({ code: "HttpNotAllowed" });
});

test("an argument that is not NAPALM's is refused by name; one without effect says why", () => {
  const napalm = driver();
  expect(() => napalm.argsSchema.parse({ platform: "nxos", ssl_verfy: true })).toThrow("ssl_verfy");
  expect(napalm.argsSchema.parse({ platform: "nxos", optional_args: { ssl_verify: true } })).toMatchObject({
    platform: "nxos",
  });
});

test("a session that is closed twice, or whose device is gone, ends without an error", async () => {
  const { device, napalm, session } = await open();
  await device.close();
  closers.length = 0;
  await napalm.disconnect(session satisfies NapalmSession, context());
  expect(await napalm.isAlive(session, context())).toBe(false);
});
