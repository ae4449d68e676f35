import { afterEach, describe, expect, test } from "vitest";
import { LoginGate, newSshLogins } from "../../../../src/device/index.ts";
import { element } from "../../../../src/device/xml/index.ts";
import type { DeviceTarget, OperationContext } from "../../../../src/plugin/index.ts";
import {
  type SimulatedXmlAgent,
  simulateXmlAgent,
  type XmlAgentOptions,
} from "../../../../src/simulator/xml-agent.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import { CommandRefused } from "../getter.ts";
import { IosxrLink } from "./session.ts";
import { iosxrArguments } from "./settings.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const context: OperationContext = { signal: new AbortController().signal, log, beforeWrite: quiet };

async function open(
  options: XmlAgentOptions = {},
  args: Record<string, unknown> = {},
): Promise<{ router: SimulatedXmlAgent; connect: () => Promise<IosxrLink> }> {
  const router = await simulateXmlAgent(options);
  closers.push(() => router.close());
  const { host, port, username, password, fingerprint } = router;
  const target: DeviceTarget = {
    name: "xr1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict", fingerprints: [fingerprint] },
    args: iosxrArguments.schema.parse(args),
  };
  const gate = new LoginGate();
  const services = { gate, ssh: newSshLogins(gate), log, random: () => 0.5, now: () => 0 };
  return { router, connect: () => IosxrLink.connect(target, context, services) };
}

async function connected(options: XmlAgentOptions = {}, args: Record<string, unknown> = {}) {
  const { router, connect } = await open(options, args);
  const link = await connect();
  closers.push(() => link.close(context));
  return { router, link };
}

const CLOCK = "<CLI><Exec>show clock</Exec></CLI>";
const hostnames = treeOf("Get/Configuration/HostNames");
const HOSTNAMES = "<Get><Configuration><HostNames/></Configuration></Get>";

describe("a session with the XML agent", () => {
  test("begins it, asks by requests, and leaves it and the command line at the end", async () => {
    const entries = "<Entry>ü &amp; more</Entry>".repeat(2000);
    const { router, link } = await connected({
      banner: "Welcome#\r\n###\r\n",
      replies: { [HOSTNAMES]: `<ResultSummary ErrorCount="0"/><Get>\n${entries}\n</Get>` },
    });
    const response = await link.ask(hostnames, context);
    expect(response.all("Get/Entry").map((entry) => entry.text)).toEqual(Array(2000).fill("ü & more"));
    await link.close(context);
    await link.closed;
    expect(router.received()).toEqual(["xml", HOSTNAMES, "exit", "exit"]);
  });

  test("several operations are one request", async () => {
    const { router, link } = await connected({ replies: { "<Unlock/><Lock/>": "<Unlock/><Lock/>" } });
    await link.send([element("Unlock"), element("Lock")], context);
    expect(router.received()).toEqual(["xml", "<Unlock/><Lock/>"]);
  });

  test("what a command prints comes without the layout around it", async () => {
    const { link } = await connected({
      replies: { [CLOCK]: "<CLI><Exec>\n\n12:00:00\nUTC &lt;NTP&gt;\n</Exec></CLI>" },
    });
    expect(await link.run({ command: "show clock" }, context)).toBe("12:00:00\nUTC <NTP>");
    const pieces: string[] = [];
    const streaming = { ...context, onOutput: (text: string) => void pieces.push(text) };
    expect(await link.run({ command: "show clock" }, streaming)).toBe("");
    expect(pieces.join("")).toBe("12:00:00\nUTC <NTP>");
    const dialogue = [{ expect: "sure", send: "y" }];
    await expect(link.run({ command: "clear", dialogue }, context)).rejects.toMatchObject({
      code: "NotImplemented",
    });
  });

  test("text that looks like a prompt, before a pause of the device, does not end a response", async () => {
    const { link } = await connected({
      replies: { [CLOCK]: "<CLI><Exec>\nRP/0/RSP0/CPU0:xr2#show clock\n12:00:00</Exec></CLI>" },
      pausesAfter: { text: "RP/0/RSP0/CPU0:xr2#", ms: 250 },
    });
    expect(await link.run({ command: "show clock" }, context)).toMatch(/12:00:00$/);
  });

  test("what the router refuses is CommandRefused in its words, and a sign of life", async () => {
    const { link } = await connected({
      replies: {
        [HOSTNAMES]: '<ResultSummary ErrorCount="1"/><Get ErrorCode="0x1" ErrorMsg="no such item"/>',
        [CLOCK]: "<CLI><Exec>% Invalid input detected at '^' marker.</Exec></CLI>",
      },
    });
    const refused = link.ask(hostnames, context);
    await expect(refused).rejects.toThrow("no such item");
    await expect(refused).rejects.toBeInstanceOf(CommandRefused);
    expect(await link.isAlive(context)).toBe(true);
  });

  test("what is no response is an error that shows it, and the next request is answered", async () => {
    const replies = { [CLOCK]: "<CLI><Exec>12:00:00</Exec></CLI>" };
    const answer = (request: string) =>
      request === HOSTNAMES
        ? "ERROR: 0xa3679e00 'XML Service Library' detected the 'fatal' condition"
        : undefined;
    const { link } = await connected({ replies, answer });
    await expect(link.ask(hostnames, context)).rejects.toMatchObject({
      code: "ReplyInvalid",
      message: expect.stringContaining("0xa3679e00"),
    });
    expect(await link.isAlive(context)).toBe(true);
  });

  test("a response that does not come leaves the session out of step", async () => {
    const { router, link } = await connected({ silentOn: [HOSTNAMES] }, { timeout: 0.5 });
    await expect(link.ask(hostnames, context)).rejects.toMatchObject({ code: "PromptNotFound" });
    expect(await link.resynchronise()).toBe(false);
    await expect(link.ask(hostnames, context)).rejects.toMatchObject({ code: "SessionClosed" });
    expect(router.received()).toEqual(["xml", HOSTNAMES]);
  });

  test("an agent that ends by itself, or a lost connection, is known at once", async () => {
    const left = await connected({ leavesOn: [HOSTNAMES] });
    await expect(left.link.ask(hostnames, context)).rejects.toMatchObject({ code: "SessionClosed" });
    expect(await left.link.isAlive(context)).toBe(false);
    const lost = await connected({ cutOn: [HOSTNAMES] });
    await expect(lost.link.ask(hostnames, context)).rejects.toMatchObject({ code: "SessionClosed" });
    expect(await lost.link.isAlive(context)).toBe(false);
  });

  test("a router without the agent says what to configure", async () => {
    const { connect } = await open({ agent: false });
    await expect(connect()).rejects.toMatchObject({
      code: "XmlAgentUnavailable",
      message: expect.stringMatching(/has not yet been started.*xml agent tty iteration off/),
    });
  });

  test("with config_lock the configuration is locked from the login to the end, or the login fails", async () => {
    const replies = { "<Lock/>": "<Lock/>", "<Unlock/>": "<Unlock/>" };
    const { router, link } = await connected({ replies }, { config_lock: true });
    await link.close(context);
    expect(router.received()).toEqual(["xml", "<Lock/>", "<Unlock/>", "exit", "exit"]);
    const locked = await open(
      { replies: { "<Lock/>": '<ResultSummary ErrorCount="1" /><Lock ErrorMsg="held by bob"/>' } },
      { config_lock: true },
    );
    await expect(locked.connect()).rejects.toMatchObject({
      code: "ConfigLocked",
      message: expect.stringContaining("held by bob"),
    });
  });

  test("nothing is written once it is not allowed", async () => {
    const { router, link } = await connected();
    const beforeWrite = () => {
      throw new Error("fenced");
    };
    await expect(link.ask(hostnames, { ...context, beforeWrite })).rejects.toThrow("fenced");
    expect(router.received()).toEqual(["xml"]);
  });
});
