import { afterEach, expect, test } from "vitest";
import type { MethodCall } from "../../../src/plugin/index.ts";
import type { EapiOptions, SimulatedEapi } from "../../../src/simulator/eapi/server.ts";
import { context, device, merge, targetOf } from "../pyeapi/test-session.ts";
import { NapalmDriver, type NapalmSession } from "./index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const BOOT = 1_700_000_000;
const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const driver = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => (BOOT + 60) * 1000);

const REPLIES = {
  "show version": {
    modelName: "vEOS",
    serialNumber: "S1",
    internalVersion: "4.31.0F-1",
    bootupTimestamp: BOOT,
  },
  "show hostname": { hostname: "leaf1", fqdn: "leaf1.example.net" },
  "show interfaces": {
    interfaces: {
      Ethernet10: port("up", "connected"),
      Ethernet2: port("down", "disabled"),
    },
  },
};

function port(lineProtocolStatus: string, interfaceStatus: string) {
  return {
    lineProtocolStatus,
    interfaceStatus,
    description: "uplink",
    lastStatusChangeTimestamp: BOOT,
    mtu: 1500,
    bandwidth: 1e9,
    physicalAddress: "0011.2233.4455",
  };
}

async function open(
  options: EapiOptions = {},
  args: Record<string, unknown> = {},
): Promise<{ eapi: SimulatedEapi; session: NapalmSession }> {
  const eapi = await device({ replies: REPLIES, ...options });
  closers.push(() => eapi.close());
  const session = await driver.connect(targetOf(eapi, { platform: "eos", ...args }), context());
  closers.push(() => driver.disconnect(session, context()));
  return { eapi, session };
}

function call(session: NapalmSession, method: string, args: MethodCall["args"] = []) {
  return driver.call(session, { method, args }, context());
}

test("get_facts is NAPALM's model, with the uptime at the time of the call and interfaces in natural order", async () => {
  const { session } = await open();
  expect(await call(session, "get_facts")).toEqual({
    hostname: "leaf1",
    fqdn: "leaf1.example.net",
    vendor: "Arista",
    model: "vEOS",
    serial_number: "S1",
    os_version: "4.31.0F-1",
    uptime: 60,
    interface_list: ["Ethernet2", "Ethernet10"],
  });
});

test("get_interfaces tells what is up and what is enabled", async () => {
  const { session } = await open();
  expect(await call(session, "get_interfaces")).toMatchObject({
    Ethernet2: { is_up: false, is_enabled: false },
    Ethernet10: { is_up: true, is_enabled: true, speed: 1000, mac_address: "00:11:22:33:44:55" },
  });
});

test("a compliance report compares getters with rules, skips what EOS lacks and says what does not comply", async () => {
  const { session } = await open();
  const validation_source = [
    { get_facts: { os_version: "^4\\.31", hostname: "leaf2" } },
    { get_ntp_peers: { "192.0.2.1": {} } },
  ];
  expect(await call(session, "compliance_report", { validation_source })).toMatchObject({
    complies: false,
    skipped: ["get_ntp_peers"],
    get_facts: {
      complies: false,
      present: {
        os_version: { complies: true },
        hostname: { complies: false, actual_value: "leaf1", expected_value: "leaf2" },
      },
    },
  });
});

test.each([
  [[{ get_fact: { hostname: "leaf1" } }], "ComplianceRuleInvalid", "get_fact is no getter"],
  [{ get_facts: {} }, "CallInvalid", "validation_source"],
  [[{ get_facts: [] }], "ComplianceRuleInvalid", "mapping"],
  [[{ ping: { _kwargs: { target: "192.0.2.1" } } }], "CallInvalid", "target"],
])("rules %j are refused before anything is sent", async (validation_source, code, message) => {
  const { eapi, session } = await open();
  const before = eapi.commands().length;
  const report = call(session, "compliance_report", { validation_source });
  await expect(report).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  expect(eapi.commands()).toHaveLength(before);
});

test.each([
  ["get_probes_config", "NotImplemented"],
  ["toString", "NotImplemented"],
])("method %s is refused as not implemented and nothing is sent", async (method, code) => {
  const { eapi, session } = await open();
  const before = eapi.commands().length;
  await expect(call(session, method)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(`method ${method} on platform eos`),
  });
  expect(eapi.commands()).toHaveLength(before);
});

test.each([
  ["traceroute", { destination: "192.0.2.1; reload" }],
  ["traceroute", { destination: "-w" }],
  ["ping", ["192.0.2.1 | bash reload"]],
  ["ping", {}],
  ["get_arp_table", { vrf: "a\nreload" }],
  ["get_route_to", { destination: "default" }],
  ["get_bgp_neighbors_detail", { neighbor_address: "leaf2" }],
  ["get_facts", { all: true }],
  ["get_vlans", ["1"]],
])("%s with %j is refused before anything is sent", async (method, args) => {
  const { eapi, session } = await open();
  const before = eapi.commands().length;
  await expect(call(session, method, args)).rejects.toMatchObject({ code: "CallInvalid" });
  expect(eapi.commands()).toHaveLength(before);
});

test("a name that may be a slip of another one is told so", async () => {
  const { session } = await open();
  const slip = { code: "CallInvalid", message: expect.stringContaining("did you mean get_facts?") };
  await expect(call(session, "get_fact")).rejects.toMatchObject(slip);
});

test("arguments go by place or by name", async () => {
  const output = "PING 192.0.2.1\n5 packets transmitted, 5 received, 0% packet loss\n";
  const command = "ping 192.0.2.1 timeout 2 size 100 repeat 5";
  const { session } = await open({ replies: { ...REPLIES, [command]: { output } } });
  const byPlace = await call(session, "ping", ["192.0.2.1"]);
  expect(byPlace).toMatchObject({ success: { probes_sent: 5, packet_loss: 0 } });
  expect(await call(session, "ping", { destination: "192.0.2.1", source: null })).toEqual(byPlace);
});

test("what the device refuses, and an answer of another shape, are errors that name getter and field", async () => {
  const { session } = await open({ replies: { ...REPLIES, "show vlan": { vlans: 1 } } });
  await expect(call(session, "get_vlans")).rejects.toMatchObject({
    code: "ModelInvalid",
    message: expect.stringMatching(/get_vlans.*leaf1.*vlans/),
  });
  await expect(call(session, "get_users")).rejects.toMatchObject({
    code: "CommandRejected",
    message: expect.stringContaining("show users accounts"),
  });
});

test("is_alive asks the device", async () => {
  let dead = false;
  const { session } = await open({
    fault: (_request, response) => {
      if (!dead) return undefined;
      response.writeHead(500).end();
      return true;
    },
  });
  expect(await call(session, "is_alive")).toEqual({ is_alive: true });
  dead = true;
  expect(await call(session, "is_alive")).toEqual({ is_alive: false });
});

test("cli returns the output of each command; it only reads where all of them do", async () => {
  const { session } = await open();
  const commands = ["show clock", "show running-config"];
  expect(await call(session, "cli", { commands })).toEqual({
    "show clock": "Wed Nov 25 01:02:03 2026\n",
    "show running-config": "hostname leaf1\n",
  });
  const reads = (method: string, args: MethodCall["args"]) =>
    driver.isReadOnly({ kind: "call", call: { method, args }, args: { platform: "eos" } });
  expect(reads("cli", { commands })).toBe(true);
  expect(reads("cli", [commands])).toBe(true);
  expect(reads("cli", [["show clock", "reload"]])).toBe(false);
  expect(reads("cli", { encoding: "text" })).toBe(false);
  expect(reads("get_facts", [])).toBe(true);
  await expect(call(session, "cli", [["show nothing"]])).rejects.toMatchObject({ code: "CommandRejected" });
});

test("a command is what it prints", async () => {
  const { session } = await open();
  const result = await driver.executeCommand(session, { command: "show clock" }, context());
  expect(result).toMatchObject({ output: "Wed Nov 25 01:02:03 2026\n", platform: "arista_eos" });
});

test("a dry run tells the difference and leaves the device as it is; the change itself is committed whole", async () => {
  const { eapi, session } = await open();
  const lines = ["interface Loopback0"];
  const dry = await driver.configure(session, merge(lines, { dryRun: true }), context());
  expect(dry).toMatchObject({ diff: "+interface Loopback0", committed: false });
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
  expect(eapi.eos.sessions.size).toBe(0);
  const done = await driver.configure(session, merge(lines), context());
  expect(done).toMatchObject({ committed: true });
  expect(eapi.eos.running).toEqual(["hostname leaf1", "interface Loopback0"]);
});

const config = "interface Loopback0\n";

test("a candidate is loaded, compared, committed and taken back by single calls of one session", async () => {
  const { eapi, session } = await open();
  await call(session, "load_merge_candidate", { config });
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
  expect(await call(session, "compare_config")).toBe("+interface Loopback0");
  await call(session, "commit_config");
  expect(eapi.eos.running).toEqual(["hostname leaf1", "interface Loopback0"]);
  expect(eapi.eos.saved).toEqual(eapi.eos.running);
  await call(session, "rollback");
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
});

test("the way back of a commit is what the device ran, also what was never saved", async () => {
  const { eapi, session } = await open({ runningConfig: ["hostname unsaved"] });
  await call(session, "load_merge_candidate", { config });
  await call(session, "commit_config");
  await call(session, "rollback");
  expect(eapi.eos.running).toEqual(["hostname unsaved"]);
});

test("a commit with revert_in waits to be confirmed, and the device takes it back by itself", async () => {
  const { eapi, session } = await open();
  await call(session, "load_merge_candidate", { config });
  await call(session, "commit_config", { revert_in: 60 });
  expect(await call(session, "has_pending_commit")).toBe(true);
  await expect(call(session, "commit_config", { revert_in: 60 })).rejects.toMatchObject({
    code: "CommitPending",
  });
  eapi.eos.expire();
  expect(await call(session, "has_pending_commit")).toBe(false);
  await expect(call(session, "confirm_commit")).rejects.toMatchObject({ code: "NoCommitPending" });
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
});

test("a line that the device refuses leaves nothing loaded and is named with its number", async () => {
  const { eapi, session } = await open({ rejects: ["bogus"] });
  const load = call(session, "load_merge_candidate", { config: "interface Loopback0\n bogus\n" });
  await expect(load).rejects.toMatchObject({
    code: "ConfigRejected",
    message: expect.stringContaining("line 2"),
  });
  expect(eapi.eos.sessions.size).toBe(0);
});

test("nothing is loaded while somebody else has a session open", async () => {
  const { eapi, session } = await open();
  eapi.eos.sessions.set("somebody", []);
  await expect(call(session, "load_merge_candidate", { config })).rejects.toMatchObject({
    code: "ConfigLocked",
    message: expect.stringContaining("somebody"),
  });
});

test("the plan of a change is shown without a word to the device", async () => {
  const { eapi, session } = await open();
  const before = eapi.commands().length;
  expect(await call(session, "plan_config", { config, revert_in: 60 })).toEqual([
    "looks for other configuration sessions: show configuration sessions",
    expect.stringMatching(
      /^loads the configuration into a session: configure session \S+; interface Loopback0; end$/,
    ),
    expect.stringMatching(/^compares .* show session-config named \S+ diffs$/),
    "looks for a commit that waits: show configuration sessions detail",
    "asks for the device's time: show version",
    expect.stringMatching(
      /copy running-config flash:rollback-0; configure session \S+ commit timer 00:01:00$/,
    ),
  ]);
  expect(eapi.commands()).toHaveLength(before);
});

test("load_template renders with the worker's engine and loads the result", async () => {
  const { eapi, session } = await open();
  const render = async (engine: string, template: string, variables: Readonly<Record<string, unknown>>) =>
    `${engine} ${template} ${variables.name}`;
  const args = { template_source: "hostname", name: "leaf9" };
  await driver.call(session, { method: "load_template", args }, context({ render }));
  expect([...eapi.eos.sessions.values()]).toEqual([["hostname leaf1", "jinja2 hostname leaf9"]]);
});

test.each([
  [{ platform: "arista" }, "arista is no platform of NAPALM"],
  [{}, "platform is missing"],
  [{ platform: "eos", transport: "telnet" }, "transport telnet is not there"],
  [{ platform: "eos", optional_args: { enable_password: "x" } }, "enable_password is not accepted"],
  [{ platform: "eos", optional_args: { inline_transfer: true } }, "inline_transfer"],
])("arguments %j are refused at admission: %s", (args, message) => {
  const issues = driver.argsSchema.safeParse(args).error?.issues.map((issue) => issue.message);
  expect(issues?.join()).toContain(message);
});

test("optional_args are taken as NAPALM takes them", async () => {
  const { eapi, session } = await open(
    {},
    { optional_args: { eos_autoComplete: true, force_no_enable: true, eos_transport: "https_session" } },
  );
  await call(session, "cli", [["show clock"]]);
  const last = JSON.parse(eapi.received.at(-1)?.body ?? "{}");
  expect(last.params).toMatchObject({ cmds: ["show clock"], autoComplete: true });
  expect(eapi.received[0]?.path).toBe("/login");
});
