import { afterEach, describe, expect, test } from "vitest";
import { type SimulatedDevice, type SimulationOptions, simulate } from "../../../src/simulator/index.ts";
import type { NetmikoSession } from "./session.ts";
import { context, merge, newDriver, targetOf } from "./test-session.ts";

const driver = newDriver();
const open: SimulatedDevice[] = [];

async function device(options: SimulationOptions): Promise<SimulatedDevice> {
  const started = await simulate(options);
  open.push(started);
  return started;
}

async function session(
  simulated: SimulatedDevice,
  args: Record<string, unknown> = {},
  secret?: string,
): Promise<NetmikoSession> {
  const opened = await driver.connect(targetOf(simulated, args, secret), context());
  simulated.forget();
  return opened;
}

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

describe("configuration line by line", () => {
  test("a rejected line stops the change: nothing after it is sent, nothing is saved, configuration mode is left", async () => {
    const r1 = await device({
      platform: "cisco_ios",
      startMode: "privileged",
      rejects: ["ip adress 10.0.0.1"],
    });
    const s = await session(r1);
    const result = await driver.configure(
      s,
      merge(["interface Loopback0", "ip adress 10.0.0.1", "no shutdown"], { save: true }),
      context(),
    );
    expect(result).toMatchObject({ saved: false, error: { code: "ConfigRejected" } });
    expect(result.lines.map((l) => l.state)).toEqual(["accepted", "rejected", "skipped"]);
    expect(r1.received()).toEqual(["configure terminal", "interface Loopback0", "ip adress 10.0.0.1", "end"]);
  });

  test("accepted lines are in force and saved outside of configuration mode", async () => {
    const r1 = await device({ platform: "arista_eos", startMode: "privileged" });
    const s = await session(r1);
    const result = await driver.configure(
      s,
      merge(["interface Ethernet2", "description to core"], { save: true }),
      context(),
    );
    expect(result).toMatchObject({
      saved: true,
      committed: false,
      lines: [{ state: "accepted" }, { state: "accepted" }],
    });
    expect(r1.runningConfig()).toContain("interface Ethernet2\n shutdown\n description to core\n");
    expect(r1.startupConfig()).toContain("description to core");
    expect(r1.log().find((l) => l.line.startsWith("copy"))?.mode).toBe("privileged");
  });

  test("a line that holds several is sent one by one, each with its result", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged", rejects: ["bad"] });
    const s = await session(r1);
    const result = await driver.configure(s, merge(["interface Loopback0\nbad\n\nshutdown"]), context());
    expect(result.lines.map((l) => [l.line, l.state])).toEqual([
      ["interface Loopback0", "accepted"],
      ["bad", "rejected"],
      ["", "skipped"],
      ["shutdown", "skipped"],
    ]);
  });

  test("a banner is one input: its text is sent only after the device takes it", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged", rejects: ["banner motd #"] });
    const s = await session(r1);
    const result = await driver.configure(s, merge(["banner motd #", "reload", "#"]), context());
    expect(result).toMatchObject({ error: { code: "ConfigRejected" } });
    expect(r1.received()).toEqual(["configure terminal", "banner motd #", "end"]);
  });

  test("Continue sends the rest, tells what was rejected, and does not save", async () => {
    const r1 = await device({ platform: "cisco_nxos" });
    const s = await session(r1);
    const result = await driver.configure(
      s,
      merge(["vlan 20", "frobnicate", "name voice"], { onError: "Continue", save: true }),
      context(),
    );
    expect(result.lines.map((l) => l.state)).toEqual(["accepted", "rejected", "accepted"]);
    expect(result).toMatchObject({ saved: false, error: { code: "ConfigRejected" } });
  });

  test("Rollback brings the running configuration back", async () => {
    const r1 = await device({ platform: "cisco_nxos" });
    const s = await session(r1);
    const before = r1.runningConfig();
    const result = await driver.configure(
      s,
      merge(["vlan 20", "name voice", "frobnicate"], { onError: "Rollback" }),
      context(),
    );
    expect(result).toMatchObject({
      rolledBack: true,
      error: { code: "ConfigRejected", message: expect.stringContaining("line 3") },
    });
    expect(r1.runningConfig()).toBe(before);
  });

  test("a check that fails rolls back where that is asked for", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged" });
    const s = await session(r1);
    const before = r1.runningConfig();
    const verify = [{ command: "show running-config", reject: "ip route 9\\.9\\.9\\.0" }];
    const result = await driver.configure(
      s,
      merge(["ip route 9.9.9.0 255.255.255.0 10.0.0.9"], { onError: "Rollback", verify }),
      context(),
    );
    expect(result).toMatchObject({ rolledBack: true, error: { code: "VerificationFailed" } });
    expect(r1.runningConfig()).toBe(before);
  });

  test("a line that leaves configuration mode stops the change", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged" });
    const s = await session(r1);
    const result = await driver.configure(s, merge(["interface Loopback0", "end", "reload"]), context());
    expect(result).toMatchObject({ error: { code: "ConfigModeFailed" } });
    expect(r1.received()).toEqual(["configure terminal", "interface Loopback0", "end"]);
  });

  test("the host name may change in the middle", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged" });
    const s = await session(r1);
    const result = await driver.configure(
      s,
      merge(["hostname totally-different", "interface Loopback0", "description x"]),
      context(),
    );
    expect(result.error).toBeUndefined();
    const shown = await driver.executeCommand(s, { command: "show clock" }, context());
    expect(shown.output).toBe("12:00:00.000 UTC Mon Mar 1 2021");
  });

  test("a question inside the change ends it and leaves nothing answered", async () => {
    const r1 = await device({
      platform: "cisco_ios",
      startMode: "privileged",
      questions: { "no username old": "Do you want to continue? [confirm]" },
    });
    const s = await session(r1);
    const result = await driver.configure(
      s,
      merge(["no username old", "hostname x"], { save: true }),
      context(),
    );
    expect(result).toMatchObject({ saved: false, error: { code: "UnexpectedQuestion" } });
    await driver.disconnect(s, context());
    expect(r1.log().map((l) => l.line)).toEqual(["configure terminal", "no username old"]);
  });

  test("a cancel takes effect between two lines and leaves configuration mode", async () => {
    const r1 = await device({
      platform: "cisco_ios",
      startMode: "privileged",
      slow: { "interface Loopback0": 30 },
    });
    const s = await session(r1);
    const abort = new AbortController();
    const running = driver.configure(
      s,
      merge(["interface Loopback0", "shutdown"], { save: true }),
      context({ signal: abort.signal }),
    );
    await expect.poll(() => r1.received(), { interval: 1 }).toContain("interface Loopback0");
    abort.abort();
    const result = await running;
    expect(result).toMatchObject({ saved: false, error: { code: "OperationAborted" } });
    expect(result.lines.map((l) => l.state)).toEqual(["accepted", "skipped"]);
    expect(r1.received()).toEqual(["configure terminal", "interface Loopback0", "end"]);
  });

  test("a dry run shows the difference and changes nothing", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged" });
    const s = await session(r1);
    const before = r1.runningConfig();
    const lines = [
      "interface GigabitEthernet0/0",
      " description uplink",
      " mtu 9000",
      "ip route 9.9.9.0 255.255.255.0 10.0.0.9",
    ];
    const result = await driver.configure(s, merge(lines, { dryRun: true, save: true }), context());
    expect(result.diff).toBe(
      "  interface GigabitEthernet0/0\n+  mtu 9000\n+ ip route 9.9.9.0 255.255.255.0 10.0.0.9",
    );
    expect(result).toMatchObject({ saved: false, notes: [expect.stringContaining("running configuration")] });
    expect(r1.runningConfig()).toBe(before);
    expect(r1.received()).toEqual(["show running-config"]);
  });

  test("what the platform cannot do is refused before anything is sent", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged" });
    const s = await session(r1);
    await expect(
      driver.configure(s, merge(["hostname x"], { mode: "Replace" }), context()),
    ).rejects.toMatchObject({ code: "NotImplemented" });
    await expect(
      driver.configure(s, merge(["hostname x"], { commit: { confirmTimeoutMs: 60_000 } }), context()),
    ).rejects.toMatchObject({ code: "NotImplemented" });
    expect(r1.received()).toEqual([]);
  });

  test("an error_pattern replaces the platform's, an empty one switches them off", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged", rejects: ["ip nonsense"] });
    const off = await session(r1, { error_pattern: "" });
    expect(
      (await driver.configure(off, merge(["ip nonsense", "hostname x"]), context())).error,
    ).toBeUndefined();
  });
});

describe("a candidate where it is needed (EOS sessions)", () => {
  test("a dry run shows the device's own difference and discards the session", async () => {
    const r1 = await device({ platform: "arista_eos", startMode: "privileged" });
    const s = await session(r1);
    const result = await driver.configure(
      s,
      merge(["interface Ethernet2", "description x"], { dryRun: true }),
      context(),
    );
    expect(result.diff).toContain("+ description x");
    expect(result).toMatchObject({ committed: false });
    expect(r1.runningConfig()).not.toContain("description x");
    expect(r1.received().at(-1)).toBe("abort");
    expect(s.cli.mode).toBe("privileged");
  });

  test("a rejected line discards everything", async () => {
    const r1 = await device({ platform: "arista_eos", startMode: "privileged" });
    const s = await session(r1);
    const before = r1.runningConfig();
    const result = await driver.configure(
      s,
      merge(["vlan 30", "frobnicate"], { onError: "Rollback", save: true }),
      context(),
    );
    expect(result).toMatchObject({
      committed: false,
      saved: false,
      rolledBack: true,
      error: { code: "ConfigRejected" },
    });
    expect(r1.runningConfig()).toBe(before);
  });

  test("a commit that takes itself back is confirmed after the checks", async () => {
    const r1 = await device({ platform: "arista_eos", startMode: "privileged" });
    const s = await session(r1);
    const change = merge(["vlan 30"], {
      commit: { confirmTimeoutMs: 90_000 },
      verify: [{ command: "show running-config", expect: "^vlan 30$" }],
    });
    expect(await driver.configure(s, change, context())).toMatchObject({
      committed: true,
      rolledBack: false,
    });
    expect(r1.received()).toEqual([
      "configure session netpulse",
      "show session-config diffs",
      "vlan 30",
      "show session-config diffs",
      "commit timer 00:01:30",
      "show running-config",
      "configure session netpulse commit",
    ]);
  });

  test("a session that somebody has left changes in is refused and stays as it is", async () => {
    const r1 = await device({ platform: "arista_eos", startMode: "privileged" });
    const other = await session(r1);
    await driver.call(
      other,
      { method: "send_multiline", args: [["configure session netpulse", "vlan 99", "end"]] },
      context(),
    );
    r1.forget();
    const s = await session(r1);
    const result = await driver.configure(s, merge(["vlan 30"], { dryRun: true }), context());
    expect(result).toMatchObject({
      error: { code: "ConfigModeFailed", message: expect.stringContaining("nobody committed") },
    });
    expect(r1.received()).not.toContain("vlan 30");
    expect(r1.received()).not.toContain("commit");
  });
});
