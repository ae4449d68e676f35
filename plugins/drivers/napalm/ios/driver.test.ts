import { afterEach, expect, test } from "vitest";
import { simulatedLine } from "../../../../src/device/console-server/test-simulated-line.ts";
import type { ConfigChange, MethodCall } from "../../../../src/plugin/index.ts";
import { type SimulatedDevice, type SimulationOptions, simulate } from "../../../../src/simulator/index.ts";
import { type ScpDeviceOptions, startScpDevice } from "../../netmiko/test-scp-device.ts";
import { context, merge, targetOf } from "../../netmiko/test-session.ts";
import { NapalmDriver, type NapalmSession } from "../index.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const driver = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => 0);

type Opened = { device: SimulatedDevice; session: NapalmSession };

async function open(
  options: Partial<SimulationOptions> = {},
  args: Record<string, unknown> = {},
): Promise<Opened> {
  const device = await simulate({ platform: "cisco_ios", ...options });
  closers.push(() => device.close());
  return { device, session: await login(device, args) };
}

async function login(device: SimulatedDevice, args: Record<string, unknown> = {}): Promise<NapalmSession> {
  const { device_type: _, ...others } = targetOf(device).args;
  const all = { platform: "ios", inline_transfer: true, ...others, ...args };
  const secret = device.behaviour.secret || undefined;
  const session = await driver.connect({ ...targetOf(device, {}, secret), args: all }, context());
  closers.push(() => driver.disconnect(session, context()));
  return session;
}

function call(session: NapalmSession, method: string, args: MethodCall["args"] = []) {
  return driver.call(session, { method, args }, context());
}

function change(session: NapalmSession, lines: readonly string[], more: Partial<ConfigChange> = {}) {
  return driver.configure(session, merge(lines, { save: true, ...more }), context());
}

test("get_facts is made of what the device's commands print, behind its enable secret", async () => {
  const { session } = await open({
    secret: "s3cret",
    outputs: { "show hosts": "Default domain is example.net\n" },
  });
  expect(await call(session, "get_facts")).toMatchObject({
    hostname: "ios1",
    fqdn: "ios1.example.net",
    vendor: "Cisco",
    model: "WS-C3560CX-8PC-S",
    interface_list: ["GigabitEthernet0/0", "GigabitEthernet0/1", "Loopback0"],
  });
});

test("a command that the device does not know is a refusal and no empty model", async () => {
  const { session } = await open();
  await expect(call(session, "get_arp_table")).rejects.toMatchObject({
    code: "CommandRejected",
    message: expect.stringContaining("show arp | exclude Incomplete"),
  });
});

test("cli returns what commands print, and the session is alive until it ends", async () => {
  const { device, session } = await open();
  expect(await call(session, "cli", [["show clock"]])).toEqual({
    "show clock": expect.stringContaining("12:00:00"),
  });
  expect(await call(session, "is_alive")).toEqual({ is_alive: true });
  device.dropSessions();
  await session.closed;
  expect(await call(session, "is_alive")).toEqual({ is_alive: false });
});

test("a merge shows its difference, is committed and saved, and goes back to what ran before", async () => {
  const { device, session } = await open();
  const before = device.runningConfig();
  await call(session, "load_merge_candidate", {
    config: "interface GigabitEthernet0/1\n description spare\n",
  });
  expect(await call(session, "compare_config")).toBe("+interface GigabitEthernet0/1\n+ description spare");
  await call(session, "commit_config");
  expect(device.runningConfig()).toContain("description spare");
  expect(device.startupConfig()).toBe(device.runningConfig());
  await call(session, "rollback");
  expect(device.runningConfig()).toBe(before);
  expect(device.startupConfig()).toBe(before);
});

test("a replacement leaves only what the candidate has, and the session follows the device's new name", async () => {
  const { device, session } = await open();
  await call(session, "load_replace_candidate", {
    config: "hostname core9\nip route 0.0.0.0 0.0.0.0 10.0.0.9\n",
  });
  expect(await call(session, "compare_config")).toContain("+hostname core9");
  await call(session, "commit_config");
  expect(device.runningConfig()).toContain("hostname core9\n");
  expect(device.runningConfig()).not.toContain("GigabitEthernet0/0");
  expect(await call(session, "cli", [["show clock"]])).toEqual({ "show clock": expect.any(String) });
});

test("nothing of a change is left in the configuration: `file prompt quiet` is never sent", async () => {
  const { device, session } = await open();
  await change(session, ["hostname r2"]);
  await call(session, "rollback");
  await driver.disconnect(session, context());
  expect(device.received().filter((line) => line.includes("file prompt"))).toEqual([]);
  expect(device.startupConfig()).not.toContain("file prompt");
});

test("a device that asks no questions, because somebody configured it so, is changed all the same", async () => {
  const { device, session } = await open();
  await call(session, "load_merge_candidate", { config: "file prompt quiet\n" });
  await call(session, "commit_config");
  expect(await change(session, ["hostname r3"])).toMatchObject({ committed: true, saved: true });
  expect(device.runningConfig()).toContain("hostname r3");
});

test("a dry run gives the difference and the plan, and changes nothing", async () => {
  const { device, session } = await open();
  const before = device.runningConfig();
  const result = await change(session, ["hostname r4"], { dryRun: true });
  expect(result).toMatchObject({ committed: false, diff: "+hostname r4" });
  expect(result.plan).toEqual([
    expect.stringContaining("show archive"),
    expect.stringContaining("show archive config rollback timer"),
    "keeps the way back: copy running-config flash:/rollback_config.txt",
    expect.stringContaining("dir flash:/merge_config.txt"),
    "merges the file into the running configuration: copy flash:/merge_config.txt running-config",
    "keeps it for the next start: write mem",
  ]);
  expect(device.runningConfig()).toBe(before);
});

test("a line that the device refuses is named, and what was merged before it is taken back", async () => {
  const { device, session } = await open({ rejects: ["ip adress 10.0.0.1"] });
  const before = device.runningConfig();
  const result = await change(session, ["hostname r5", "ip adress 10.0.0.1"]);
  expect(result).toMatchObject({
    committed: false,
    saved: false,
    rolledBack: true,
    error: { code: "ConfigRejected" },
  });
  expect(result.lines.map(({ state }) => state)).toEqual(["accepted", "rejected"]);
  expect(device.runningConfig()).toBe(before);
  expect(device.startupConfig()).toBe(before);
});

test("a change that could not be saved is in force, and the result says both", async () => {
  const { device, session } = await open({ rejects: ["write mem"] });
  const result = await change(session, ["hostname r13"]);
  expect(result).toMatchObject({ committed: true, saved: false, error: { code: "SaveFailed" } });
  expect(device.runningConfig()).toContain("hostname r13");
  expect(device.startupConfig()).not.toContain("hostname r13");
});

test("checks that hold make a commit final; until then the device would take it back", async () => {
  const { device, session } = await open();
  const result = await change(session, ["hostname r6"], {
    commit: { confirmTimeoutMs: 90_000 },
    verify: [{ command: "show clock", expect: "12:00" }],
  });
  expect(result).toMatchObject({ committed: true, saved: true });
  expect(result.notes?.join()).toContain("after 120 s");
  expect(device.received()).toContain("configure terminal revert timer 2");
  device.expireRevert();
  expect(device.runningConfig()).toContain("hostname r6");
});

test("a check that does not hold takes the commit back at once", async () => {
  const { device, session } = await open();
  const before = device.runningConfig();
  const result = await change(session, ["hostname r7"], {
    commit: { confirmTimeoutMs: 120_000 },
    verify: [{ command: "show clock", expect: "13:00" }],
  });
  expect(result).toMatchObject({ rolledBack: true, error: { code: "VerificationFailed" } });
  expect(device.runningConfig()).toBe(before);
});

test("a session that is lost before the commit was confirmed leaves a device that goes back by itself", async () => {
  const { device, session } = await open({ closesOn: ["show clock"] });
  const before = device.runningConfig();
  const result = await change(session, ["hostname r8"], {
    commit: { confirmTimeoutMs: 120_000 },
    verify: [{ command: "show clock" }],
  });
  expect(result.committed).toBe(false);
  expect(result.notes?.join()).toContain("takes it back by itself");
  expect(device.runningConfig()).toContain("hostname r8");
  device.expireRevert();
  expect(device.runningConfig()).toBe(before);
});

test("a commit that waits is found and confirmed by a later session of the same user", async () => {
  const { device, session } = await open();
  await call(session, "load_replace_candidate", { config: "hostname r9\n" });
  await call(session, "commit_config", { revert_in: 300 });
  await driver.disconnect(session, context());
  const later = await login(device);
  expect(await call(later, "has_pending_commit")).toBe(true);
  await call(later, "confirm_commit");
  expect(await call(later, "has_pending_commit")).toBe(false);
  expect(device.startupConfig()).toContain("hostname r9");
});

test("without its archive a device is not asked to take a commit back, and nothing is changed", async () => {
  const { device, session } = await open({ archive: false });
  const before = device.runningConfig();
  await call(session, "load_merge_candidate", { config: "hostname r10\n" });
  await expect(call(session, "commit_config", { revert_in: 300 })).rejects.toMatchObject({
    code: "ArchiveDisabled",
  });
  expect(device.runningConfig()).toBe(before);
});

test("checks that fail take a commit back without an archive too, and the result says what a lost session would mean", async () => {
  const { device, session } = await open({ archive: false });
  const before = device.runningConfig();
  const result = await change(session, ["hostname r10"], {
    onError: "Rollback",
    verify: [{ command: "show clock", expect: "13:00" }],
  });
  expect(result).toMatchObject({ rolledBack: true, error: { code: "VerificationFailed" } });
  expect(result.notes?.join()).toContain("a session that is lost does not");
  expect(device.runningConfig()).toBe(before);
});

test("a configuration arrives byte by byte whatever its characters mean to the device or to Tcl", async () => {
  const { device, session } = await open();
  const config = 'banner motd ^ Who? $HOME [x] {y} "z" \\ | ; # ü ^\nhostname r11\n';
  await call(session, "load_merge_candidate", { config });
  expect(device.files.get("merge_config.txt")?.toString("utf8")).toBe(config);
  device.forget();
  await call(session, "load_merge_candidate", { config });
  expect(device.received()).toEqual(["verify /md5 flash:/merge_config.txt"]);
});

async function openScp(options: ScpDeviceOptions = {}) {
  const device = await startScpDevice(options);
  closers.push(() => device.close());
  const session = await driver.connect(
    {
      name: "r1",
      host: "127.0.0.1",
      port: device.port,
      credential: { username: "admin", password: "admin", data: {} },
      hostKeys: { policy: "Strict", fingerprints: [device.fingerprint] },
      args: { platform: "ios", dest_file_system: "flash:" },
    },
    context(),
  );
  closers.push(() => driver.disconnect(session, context()));
  return { device, session };
}

test("a candidate goes by SCP where the device serves it", async () => {
  const { device, session } = await openScp();
  await call(session, "load_merge_candidate", { config: "hostname r12\n" });
  expect([...device.flash].map(([name, bytes]) => [name.replace(/^\//, ""), bytes.toString()])).toEqual([
    ["merge_config.txt", "hostname r12\n"],
  ]);
});

test("a device that serves no SCP is told how to, and how to do without", async () => {
  const { session } = await openScp({ scp: false });
  await expect(call(session, "load_merge_candidate", { config: "hostname r12\n" })).rejects.toMatchObject({
    code: "TransferNotSupported",
    message: expect.stringMatching(/ip scp server enable.*inline_transfer/),
  });
});

test.each([
  [{ auto_rollback: true }, "auto_rollback"],
  [{ secret: "x" }, "Secret"],
  [{ merge_cfg: "a b" }, "merge_cfg"],
  [{ dest_file_system: "flash" }, "file system"],
])("arguments %j are refused by name", (args, message) => {
  const checked = driver.argsSchema.safeParse({ platform: "ios", ...args });
  expect(checked.success ? "" : checked.error.message).toContain(message);
});

test("a getter goes over a line of a console server; a platform without a command line refuses the way", async () => {
  const line = await simulatedLine();
  closers.push(() => line.close());
  const target = (args: Record<string, unknown>) => ({
    name: "r1",
    host: "r1.example",
    credential: { username: "admin", password: "admin", data: {} },
    hostKeys: { policy: "Insecure" as const },
    consoleServer: {
      name: "cs1",
      host: "127.0.0.1",
      port: line.port,
      credential: { data: {} },
      hostKeys: { policy: "Insecure" as const },
    },
    args,
  });
  const args = { platform: "ios", force_no_enable: true, console: { transport: "telnet" } };
  const session = await driver.connect(target(args), context());
  expect(await call(session, "get_facts")).toMatchObject({ vendor: "Cisco", hostname: "ios1" });
  await driver.disconnect(session, context());
  expect(line.state).toBe("out");
  await expect(driver.connect(target({ platform: "eos" }), context())).rejects.toMatchObject({
    code: "NotImplemented",
    message: expect.stringContaining("console server on platform eos"),
  });
});
