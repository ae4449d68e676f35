import { afterEach, expect, test } from "vitest";
import type {
  ConfigChange,
  DeviceTarget,
  MethodCall,
  OperationContext,
} from "../../../../src/plugin/index.ts";
import {
  type JunosOptions,
  type SimulatedJunos,
  simulateJunos,
} from "../../../../src/simulator/netconf/junos.ts";
import { NapalmDriver, type NapalmSession } from "../index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const driver = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => 5_000);

function context(more: Partial<OperationContext> = {}): OperationContext {
  return { signal: new AbortController().signal, log, beforeWrite: quiet, ...more };
}

const ns = 'xmlns="http://xml.juniper.net/junos/21.4R3/junos"';
const REPLIES: JunosOptions["replies"] = {
  "<get-software-information/>": `<software-information ${ns}><host-name>r1</host-name><product-model>mx204</product-model><junos-version>21.4R3.15</junos-version></software-information>`,
  "<get-chassis-inventory/>": `<chassis-inventory ${ns}><chassis><serial-number>BB1</serial-number></chassis></chassis-inventory>`,
  '<get-configuration database="committed" inherit="inherit" commit-scripts="apply"><configuration><system><domain-name/></system></configuration></get-configuration>':
    "<configuration><system><domain-name>example.net</domain-name></system></configuration>",
  "<get-system-uptime-information/>": `<system-uptime-information ${ns}><current-time><date-time xmlns:junos="j" junos:seconds="1010">now</date-time></current-time><system-booted-time><time-length xmlns:junos="j" junos:seconds="77">1:17</time-length></system-booted-time></system-uptime-information>`,
  "<get-interface-information/>": `<interface-information ${ns}><physical-interface><name>\nge-0/0/0\n</name></physical-interface></interface-information>`,
  '<command format="text">show interfaces terse</command>': "<output>\nge-0/0/0 up\nlo0 up\n</output>",
  '<command format="json">show version</command>': '{"software-information": [1]}',
  "<get-vlan-information/>": `<vlan-information ${ns}/>`,
  "<get-ethernet-switching-table-information><summary/></get-ethernet-switching-table-information>": `<ethernet-switching-table-information ${ns}/>`,
};

async function open(
  options: JunosOptions = {},
  args: Record<string, unknown> = {},
): Promise<{ device: SimulatedJunos; session: NapalmSession }> {
  const device = await simulateJunos({ replies: REPLIES, ...options });
  closers.push(() => device.close());
  const session = await driver.connect(targetOf(device, args), context());
  closers.push(() => driver.disconnect(session, context()));
  return { device, session };
}

function targetOf(device: SimulatedJunos, args: Record<string, unknown>): DeviceTarget {
  const { host, port, username, password, fingerprint } = device;
  return {
    name: "r1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict", fingerprints: [fingerprint] },
    args: { platform: "junos", ...args },
  };
}

function call(session: NapalmSession, method: string, args: MethodCall["args"] = []) {
  return driver.call(session, { method, args }, context());
}

const change = (lines: readonly string[], more: Partial<ConfigChange> = {}): ConfigChange => ({
  lines,
  mode: "Merge",
  dryRun: false,
  save: false,
  onError: "Stop",
  verify: [],
  enableMode: false,
  ...more,
});

test("facts are gathered over NETCONF, with the namespaces and line feeds of a device", async () => {
  const { session } = await open();
  expect(await call(session, "get_facts")).toEqual({
    vendor: "Juniper",
    hostname: "r1",
    fqdn: "r1.example.net",
    model: "MX204",
    serial_number: "BB1",
    os_version: "21.4R3.15",
    uptime: 77,
    interface_list: ["ge-0/0/0"],
  });
});

test("what a device is is asked once a session", async () => {
  const { session, device } = await open();
  await call(session, "get_vlans");
  await call(session, "get_vlans");
  expect(device.received().filter((one) => one.includes("ethernet-switching-table"))).toHaveLength(1);
});

test("commands print text, filtered here, and JSON", async () => {
  const { session } = await open();
  const command = "show interfaces terse | match lo0";
  expect(await call(session, "cli", { commands: [command] })).toEqual({ [command]: "lo0 up" });
  expect(await call(session, "cli", { commands: ["show version"], encoding: "json" })).toEqual({
    "show version": { "software-information": [1] },
  });
});

test("the configuration is text too, though it stands in elements of its own", async () => {
  const command = "show configuration | display set";
  const { session } = await open({
    replies: {
      [`<command format="text">${command}</command>`]:
        "<configuration-information><configuration-output>\nset system host-name r1\n</configuration-output></configuration-information>",
    },
  });
  expect(await driver.executeCommand(session, { command }, context())).toEqual({
    command,
    output: "\nset system host-name r1\n",
    platform: "juniper_junos",
  });
});

test("output goes where it is awaited, and dialogues are not held", async () => {
  const { session } = await open();
  const heard: string[] = [];
  const command = "show interfaces terse | count";
  const listening = context({ onOutput: (text) => heard.push(text) });
  expect(await driver.executeCommand(session, { command }, listening)).toMatchObject({ output: "" });
  expect(heard).toEqual(["Count: 2 lines"]);
  const dialogue = [{ expect: "sure", send: "yes" }];
  await expect(driver.executeCommand(session, { command, dialogue }, context())).rejects.toMatchObject({
    code: "NotImplemented",
  });
});

test("of several routing engines those that can be reached answer", async () => {
  const { session } = await open({
    replies: {
      "<get-arp-table-information><expiration-time/><no-resolve/></get-arp-table-information>":
        "<multi-routing-engine-results><multi-routing-engine-item><re-name>fpc0</re-name><arp-table-information><arp-table-entry><mac-address>00:0f:53:2b:c5:e1</mac-address><ip-address>192.0.2.3</ip-address><interface-name>me0.0</interface-name></arp-table-entry></arp-table-information></multi-routing-engine-item>" +
        "<multi-routing-engine-item><re-name>fpc1</re-name><rpc-error><error-severity>error</error-severity><error-message>Could not connect to fpc1</error-message></rpc-error></multi-routing-engine-item></multi-routing-engine-results>",
    },
  });
  expect(await call(session, "get_arp_table")).toEqual([
    { interface: "me0.0", mac: "00:0F:53:2B:C5:E1", ip: "192.0.2.3", age: -1 },
  ]);
});

test("the arguments say which configuration getters read", async () => {
  const { session, device } = await open(
    { replies: {} },
    { optional_args: { junos_config_options: { database: "candidate" } } },
  );
  await expect(call(session, "get_ntp_servers")).rejects.toMatchObject({ code: "CommandRejected" });
  expect(device.received()).toEqual([
    '<get-configuration database="candidate"><configuration><system><ntp><server/></ntp></system></configuration></get-configuration>',
  ]);
});

test("a command that the device does not know is rejected with its words", async () => {
  const { session } = await open();
  await expect(driver.executeCommand(session, { command: "show nothing" }, context())).rejects.toMatchObject({
    code: "CommandRejected",
    message: expect.stringContaining("show nothing"),
  });
});

test("a getter's refusal is the device's", async () => {
  const { session } = await open();
  await expect(call(session, "get_arp_table")).rejects.toMatchObject({ code: "CommandRejected" });
});

test("parameters that Junos cannot heed are refused before anything is sent", async () => {
  const { session, device } = await open();
  await expect(call(session, "get_arp_table", { vrf: "blue" })).rejects.toMatchObject({
    code: "CallInvalid",
  });
  await expect(
    call(session, "get_route_to", { destination: "192.0.2.0/24", longer: true }),
  ).rejects.toMatchObject({
    code: "CallInvalid",
  });
  expect(device.received()).toEqual([]);
});

test("a change is compared, committed, and leaves nothing locked", async () => {
  const { session, device } = await open({ running: ["host-name r1;"] });
  const result = await driver.configure(session, change(["location here;"]), context());
  expect(result).toMatchObject({ diff: "[edit]\n+ location here;", committed: true });
  expect(device.running()).toEqual(["host-name r1;", "location here;"]);
  expect(device.lockedBy()).toBeUndefined();
});

test("a dry run shows difference and plan, and leaves the device as it was", async () => {
  const { session, device } = await open({ running: ["host-name r1;"] });
  const more = { dryRun: true, commit: { message: "why", confirmTimeoutMs: 90_000 } };
  const result = await driver.configure(
    session,
    change(["host-name r2;"], { mode: "Replace", ...more }),
    context(),
  );
  expect(result).toMatchObject({ diff: "[edit]\n- host-name r1;\n+ host-name r2;", committed: false });
  expect(result.plan?.join("\n")).toContain("<log>why</log><confirmed/><confirm-timeout>2</confirm-timeout>");
  expect(device.running()).toEqual(["host-name r1;"]);
  expect(device.candidate()).toEqual(["host-name r1;"]);
  expect(device.lockedBy()).toBeUndefined();
});

test("a rejected line is named, and the candidate is empty again", async () => {
  const { session, device } = await open({ rejects: "hots-name" });
  const result = await driver.configure(session, change(["location here;", "hots-name r2;"]), context());
  expect(result.error).toMatchObject({ code: "ConfigRejected", message: expect.stringContaining("line 2") });
  expect(result.lines.map(({ state }) => state)).toEqual(["accepted", "rejected"]);
  expect(device.candidate()).toEqual([]);
  expect(device.lockedBy()).toBeUndefined();
});

test("a configuration that somebody else has locked is left alone", async () => {
  const { session, device } = await open();
  device.lock();
  const result = await driver.configure(session, change(["a;"]), context());
  expect(result.error).toMatchObject({ code: "ConfigLocked", message: expect.stringContaining("bob") });
  expect(device.candidate()).toEqual([]);
});

test("a commit that is refused leaves no candidate and no lock", async () => {
  const { session, device } = await open({ commitError: "missing statement" });
  const result = await driver.configure(session, change(["a;"]), context());
  expect(result.error).toMatchObject({ code: "CommitFailed" });
  expect(device.candidate()).toEqual([]);
  expect(device.lockedBy()).toBeUndefined();
});

test("checks that hold confirm a commit; checks that fail take it back at once", async () => {
  const { session, device } = await open({ running: ["a;"] });
  const verify = (expect: string) => ({
    commit: { confirmTimeoutMs: 60_000 },
    verify: [{ command: "show interfaces terse", expect }],
  });
  expect(await driver.configure(session, change(["b;"], verify("ge-0/0/0 up")), context())).toMatchObject({
    committed: true,
  });
  expect(await driver.configure(session, change(["c;"], verify("ge-0/0/0 down")), context())).toMatchObject({
    committed: false,
    rolledBack: true,
    error: { code: "VerificationFailed" },
  });
  expect(device.running()).toEqual(["a;", "b;"]);
});

test("a session that is lost before the confirmation leaves a device that takes the change back", async () => {
  const { session, device } = await open({ running: ["a;"] });
  await call(session, "load_merge_candidate", { config: "b;" });
  await call(session, "commit_config", { revert_in: 60 });
  expect(device.running()).toEqual(["a;", "b;"]);
  device.drop();
  expect(await session.closed).toBeInstanceOf(Error);
  device.timeOut();
  expect(device.running()).toEqual(["a;"]);
});

test("NAPALM's verbs one by one, each in a call of its own", async () => {
  const { session, device } = await open({ running: ["a;"] });
  await call(session, "load_replace_candidate", { config: "b;" });
  expect(await call(session, "compare_config")).toBe("[edit]\n- a;\n+ b;");
  await call(session, "commit_config", { message: "why", revert_in: 120 });
  expect(await call(session, "has_pending_commit")).toBe(true);
  await call(session, "confirm_commit");
  expect(await call(session, "has_pending_commit")).toBe(false);
  await call(session, "rollback");
  expect(device.running()).toEqual(["a;"]);
  await call(session, "load_merge_candidate", { config: "c;" });
  await call(session, "discard_config");
  expect(device.candidate()).toEqual(["a;"]);
});

test("what was loaded and not committed is gone when the session ends", async () => {
  const { session, device } = await open({ running: ["a;"] });
  await call(session, "load_merge_candidate", { config: "b;" });
  await driver.disconnect(session, context());
  expect(device.candidate()).toEqual(["a;"]);
  expect(device.lockedBy()).toBeUndefined();
});

test("a session is alive while the device answers, be it with a refusal", async () => {
  const { session, device } = await open({ replies: {} });
  expect(await driver.isAlive(session, context())).toBe(true);
  expect(await driver.resynchronise(session, context())).toBe(true);
  device.drop();
  await session.closed;
  expect(await driver.isAlive(session, context())).toBe(false);
});

test("a worker that may no longer write sends nothing", async () => {
  const { session, device } = await open();
  const fenced = context({
    beforeWrite: () => {
      throw new Error("fenced");
    },
  });
  await expect(driver.call(session, { method: "get_facts", args: [] }, fenced)).rejects.toThrow("fenced");
  expect(device.received()).toEqual([]);
});

test("which calls only read is known from the command", () => {
  const args = { platform: "junos" };
  const reads = (command: string) => driver.isReadOnly({ kind: "command", command: { command }, args });
  expect(reads("show route | match bgp")).toBe(true);
  expect(reads("show route | save /var/tmp/r")).toBe(false);
  expect(reads("request system reboot")).toBe(false);
});
