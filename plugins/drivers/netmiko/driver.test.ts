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

describe("commands", () => {
  test.each(["cisco_ios", "arista_eos", "cisco_nxos"])(
    "%s: a show command gives exactly the device's text",
    async (platform) => {
      const text = "line one\n  line two\n\nlast line";
      const r1 = await device({ platform, outputs: { "show it": `${text}\n` } });
      const s = await session(r1);
      expect(await driver.executeCommand(s, { command: "show it" }, context())).toEqual({
        command: "show it",
        output: text,
        platform,
      });
      expect(r1.received()).toEqual(["show it"]);
    },
  );

  test("paging is switched off, and a pager that comes anyway is answered", async () => {
    const long = Array.from({ length: 100 }, (_, i) => ` line ${i}`).join("\n");
    const r1 = await device({ platform: "linux", pager: true, outputs: { "cat it": `${long}\n` } });
    const s = await session(r1);
    expect((await driver.executeCommand(s, { command: "cat it" }, context())).output).toBe(long);
  });

  test("a command that the device does not know fails with its answer", async () => {
    const s = await session(await device({ platform: "cisco_ios" }));
    await expect(driver.executeCommand(s, { command: "shwo version" }, context())).rejects.toMatchObject({
      code: "CommandRejected",
      message: expect.stringContaining("% Invalid input"),
    });
  });

  test("output that quotes an error is no error", async () => {
    const log =
      "Mar 1 12:00: user typed foo\n% Invalid input detected at '^' marker.\nMar 1 12:01: next\nMar 1 12:02: next\nMar 1 12:03: next";
    const s = await session(await device({ platform: "cisco_ios", outputs: { "show logging": `${log}\n` } }));
    expect((await driver.executeCommand(s, { command: "show logging" }, context())).output).toBe(log);
  });

  test("enable sends the secret only at its question", async () => {
    const r1 = await device({ platform: "cisco_ios", secret: "s3cret" });
    const s = await session(r1, {}, "s3cret");
    await driver.executeCommand(s, { command: "show running-config", enableMode: true }, context());
    expect(
      r1
        .log()
        .filter((l) => l.line !== "")
        .map((l) => [l.mode, l.line, l.pending]),
    ).toEqual([
      ["exec", "enable", undefined],
      ["exec", "<secret>", "secret"],
      ["privileged", "show running-config", undefined],
    ]);
  });

  test("a wrong secret is tried once", async () => {
    const r1 = await device({ platform: "cisco_ios", secret: "s3cret" });
    const s = await session(r1, {}, "wrong");
    await expect(
      driver.executeCommand(s, { command: "show run", enableMode: true }, context()),
    ).rejects.toMatchObject({ code: "EnableFailed" });
    expect(r1.received()).toEqual(["enable", "<secret>"]);
    expect(await driver.isAlive(s, context())).toBe(true);
  });

  test("a question that nobody expected is not answered: nothing more is sent, and the session is not used again", async () => {
    const r1 = await device({
      platform: "cisco_ios",
      questions: { "clear counters": 'Clear "show interface" counters on all interfaces [confirm]' },
    });
    const s = await session(r1);
    await expect(driver.executeCommand(s, { command: "clear counters" }, context())).rejects.toMatchObject({
      code: "UnexpectedQuestion",
    });
    await expect(driver.executeCommand(s, { command: "show version" }, context())).rejects.toMatchObject({
      code: "SessionClosed",
    });
    expect(await driver.isAlive(s, context())).toBe(false);
    await driver.disconnect(s, context());
    expect(r1.log().map((l) => l.line)).toEqual(["clear counters"]);
  });

  test("a command of several lines is refused before anything is sent", async () => {
    const r1 = await device({ platform: "cisco_ios" });
    const s = await session(r1);
    await expect(
      driver.executeCommand(s, { command: "show version\nreload" }, context()),
    ).rejects.toMatchObject({
      code: "NotImplemented",
    });
    expect(r1.received()).toEqual([]);
  });

  test("a question that a job waited for is answered by that job, and by no other", async () => {
    const question = "Delete flash:x? [confirm]";
    const r1 = await device({ platform: "cisco_ios", questions: { "delete flash:x": question } });
    const s = await session(r1, { expect_string: "\\[confirm\\]$" });
    const job = context();
    const asked = await driver.executeCommand(s, { command: "delete flash:x" }, job);
    expect(asked.output).toBe(question);
    await driver.executeCommand(s, { command: "n" }, job);

    await driver.executeCommand(s, { command: "delete flash:x" }, job);
    r1.forget();
    await expect(driver.executeCommand(s, { command: "show version" }, context())).rejects.toMatchObject({
      code: "UnexpectedQuestion",
    });
    expect(await driver.isAlive(s, context())).toBe(false);
    expect(r1.log()).toEqual([]);
  });

  test("a dialogue answers its questions in order", async () => {
    const r1 = await device({
      platform: "cisco_ios",
      questions: { "clear counters": "Clear counters [confirm]" },
    });
    const s = await session(r1);
    await driver.executeCommand(
      s,
      { command: "clear counters", dialogue: [{ expect: "\\[confirm\\]$", send: "y" }] },
      context(),
    );
    expect(r1.received()).toEqual(["clear counters", "y"]);
  });

  test("a hanging command ends after its time, and the session is out of step", async () => {
    const r1 = await device({ platform: "cisco_ios", hangsOn: ["show hang"] });
    const s = await session(r1);
    await expect(
      driver.executeCommand(s, { command: "show hang", readTimeoutMs: 50 }, context()),
    ).rejects.toMatchObject({ code: "PromptNotFound" });
    await expect(driver.executeCommand(s, { command: "show version" }, context())).rejects.toMatchObject({
      code: "SessionClosed",
    });
  });

  test("a session that the device closes is noticed at once", async () => {
    const r1 = await device({ platform: "cisco_ios", closesOn: ["show die"] });
    const s = await session(r1);
    await expect(driver.executeCommand(s, { command: "show die" }, context())).rejects.toMatchObject({
      code: "SessionClosed",
    });
    await s.closed;
  });

  test("five megabytes stream through without being kept", async () => {
    const s = await session(await device({ platform: "cisco_ios" }));
    let size = 0;
    const result = await driver.executeCommand(
      s,
      { command: "show big 5120" },
      context({
        onOutput: (text) => {
          size += text.length;
        },
      }),
    );
    expect(size).toBeGreaterThan(5_000_000);
    expect(result.output).toBe("");
  });

  test("use_textfsm asks for the platform's template", async () => {
    const r1 = await device({ platform: "cisco_ios" });
    const s = await session(r1, { use_textfsm: true, raise_parsing_error: true });
    const result = await driver.executeCommand(s, { command: "show version" }, context());
    expect(result).toMatchObject({ platform: "cisco_ios", parse: { engine: "textfsm", required: true } });
  });

  test("arguments of send_command are obeyed", async () => {
    const r1 = await device({ platform: "cisco_ios", outputs: { "show clock": "12:00\n" } });
    const s = await session(r1, { strip_prompt: false, strip_command: false });
    expect((await driver.executeCommand(s, { command: "show clock" }, context())).output).toBe(
      "show clock\n12:00\nios1>",
    );
  });

  test("nothing is written once this worker may not touch the device", async () => {
    const r1 = await device({ platform: "cisco_ios" });
    const s = await session(r1);
    const fenced = context({
      beforeWrite: () => {
        throw new Error("fenced");
      },
    });
    await expect(driver.executeCommand(s, { command: "show version" }, fenced)).rejects.toThrow("fenced");
    await driver.disconnect(s, fenced);
    expect(r1.received()).toEqual([]);
  });
});

describe("Netmiko's methods", () => {
  test("send_config_set gives the transcript that Netmiko gives", async () => {
    const r1 = await device({ platform: "arista_eos", startMode: "privileged" });
    const s = await session(r1);
    const text = await driver.call(
      s,
      { method: "send_config_set", args: [["vlan 30", "name voice"]] },
      context(),
    );
    expect(text).toBe(
      "configure terminal\neos1(config)#vlan 30\neos1(config-vlan)#name voice\neos1(config-vlan)#end\neos1#",
    );
  });

  test("find_prompt, enable, check_enable_mode, save_config", async () => {
    const r1 = await device({ platform: "cisco_ios", secret: "s" });
    const s = await session(r1, {}, "s");
    const call = (method: string, args: Record<string, unknown> = {}) =>
      driver.call(s, { method, args }, context());
    expect(await call("find_prompt")).toBe("ios1>");
    expect(await call("check_enable_mode")).toBe(false);
    await call("enable");
    expect(await call("check_enable_mode")).toBe(true);
    expect(await call("save_config")).toContain("[OK]");
  });

  test("who logs in as root stays root: nothing ends the session by leaving", async () => {
    const r1 = await device({ platform: "linux", startMode: "privileged", outputs: { "touch x": "" } });
    const s = await session(r1);
    expect((await driver.configure(s, merge(["uptime", "nonsense"]), context())).error).toMatchObject({
      code: "ConfigRejected",
    });
    expect((await driver.executeCommand(s, { command: "whoami" }, context())).output).toBe("admin");
    expect(r1.received()).toEqual(["uptime", "nonsense", "whoami"]);
  });

  test("privileged commands in a row ask for the secret once", async () => {
    const r1 = await device({ platform: "linux", secret: "s" });
    const s = await session(r1, {}, "s");
    for (let i = 0; i < 2; i++)
      await driver.executeCommand(s, { command: "whoami", enableMode: true }, context());
    expect(r1.received()).toEqual(["sudo -s", "<secret>", "whoami", "whoami"]);
  });

  test("send_command_timing ends in silence where no prompt comes", async () => {
    const r1 = await device({
      platform: "cisco_ios",
      questions: { "copy it": "Destination filename [it]? " },
    });
    const s = await session(r1);
    const args = { command_string: "copy it", last_read: 0.05 };
    expect(await driver.call(s, { method: "send_command_timing", args }, context())).toBe(
      "Destination filename [it]? ",
    );
  });

  test("unknown methods and arguments are refused by name", async () => {
    const s = await session(await device({ platform: "cisco_ios" }));
    await expect(driver.call(s, { method: "reboot", args: [] }, context())).rejects.toMatchObject({
      code: "NotImplemented",
    });
    await expect(driver.call(s, { method: "find_prompt", args: { speed: 9 } }, context())).rejects.toThrow(
      "argument speed",
    );
  });
});

describe("sessions", () => {
  test("after a timeout a session is in step again once the late answer and a unique echo came", async () => {
    const r1 = await device({
      platform: "cisco_ios",
      slow: { "show slow": 100 },
      outputs: { "show slow": "done\n" },
    });
    const s = await session(r1);
    await expect(
      driver.executeCommand(s, { command: "show slow", readTimeoutMs: 20 }, context()),
    ).rejects.toMatchObject({ code: "PromptNotFound" });
    r1.forget();
    expect(await driver.resynchronise(s, context())).toBe(true);
    expect(r1.received()).toHaveLength(1);
    expect(r1.received()[0]).toMatch(/^![a-z0-9]+$/);
    expect((await driver.executeCommand(s, { command: "show clock" }, context())).output).toBe(
      "12:00:00.000 UTC Mon Mar 1 2021",
    );
  });

  test("it is not brought back within a change", async () => {
    const r1 = await device({ platform: "cisco_ios", startMode: "privileged", hangsOn: ["hostname x"] });
    const s = await session(r1);
    await driver.configure(s, merge(["hostname x"], { readTimeoutMs: 20 }), context());
    expect(await driver.resynchronise(s, context())).toBe(false);
  });

  test("a sign of life asks the device", async () => {
    const r1 = await device({ platform: "cisco_ios" });
    const s = await session(r1);
    expect(await driver.isAlive(s, context())).toBe(true);
    expect(r1.log().map((l) => l.line)).toEqual([""]);
    r1.dropSessions();
    await s.closed;
    expect(await driver.isAlive(s, context())).toBe(false);
  });

  test.each(["cisco_ios", "arista_eos", "cisco_nxos", "linux"])("%s is detected", async (platform) => {
    const r1 = await device({ platform });
    const s = await session(r1, { device_type: "autodetect" });
    expect(s.cli.platform.name).toBe(platform);
  });

  test("the conversation can be logged, secrets masked", async () => {
    const r1 = await device({ platform: "cisco_ios", secret: "topsecret" });
    const lines: string[] = [];
    const log = { ...context().log, info: (fields: object) => lines.push(JSON.stringify(fields)) };
    const s = await driver.connect(
      targetOf(r1, { session_log: true, session_log_record_writes: true }, "topsecret"),
      context({ log }),
    );
    await driver.call(s, { method: "enable", args: [] }, context({ log }));
    expect(lines.join("\n")).toContain("enable");
    expect(lines.join("\n")).toContain("********");
    expect(lines.join("\n")).not.toContain("topsecret");
  });
});
