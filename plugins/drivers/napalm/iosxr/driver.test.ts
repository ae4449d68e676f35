import { afterEach, describe, expect, test } from "vitest";
import type {
  ConfigChange,
  DeviceTarget,
  MethodCall,
  OperationContext,
} from "../../../../src/plugin/index.ts";
import {
  type SimulatedXrAgent,
  simulateXrAgent,
  type XrAgentOptions,
} from "../../../../src/simulator/iosxr/xml-agent.ts";
import { NapalmDriver, type NapalmSession } from "../index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const context: OperationContext = { signal: new AbortController().signal, log, beforeWrite: quiet };
const driver = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => 0);

const REPLIES = {
  "<CLI><Exec>show version</Exec></CLI>": "<CLI><Exec>\nCisco IOS XR Software, Version 6.1.1\n</Exec></CLI>",
  "<CLI><Exec>show vresion</Exec></CLI>":
    "<CLI><Exec>\n     ^\n% Invalid input detected at '^' marker.\n</Exec></CLI>",
};

async function open(
  options: XrAgentOptions = {},
): Promise<{ router: SimulatedXrAgent; session: NapalmSession }> {
  const router = await simulateXrAgent({ running: ["hostname old"], replies: REPLIES, ...options });
  closers.push(() => router.close());
  const { host, port, username, password, fingerprint } = router;
  const target: DeviceTarget = {
    name: "xr1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict", fingerprints: [fingerprint] },
    args: { platform: "iosxr" },
  };
  const session = await driver.connect(target, context);
  closers.push(() => driver.disconnect(session, context));
  return { router, session };
}

const call = (session: NapalmSession, method: string, args: MethodCall["args"] = []) =>
  driver.call(session, { method, args }, context);

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

describe("commands", () => {
  test("are asked through the agent", async () => {
    const { session } = await open();
    const text = "Cisco IOS XR Software, Version 6.1.1";
    expect(await driver.executeCommand(session, { command: "show version" }, context)).toEqual({
      command: "show version",
      output: text,
      platform: "cisco_xr",
    });
    expect(await call(session, "cli", { commands: ["show version"] })).toEqual({ "show version": text });
  });

  test("that the router does not understand are refused in its words", async () => {
    const { session } = await open();
    await expect(driver.executeCommand(session, { command: "show vresion" }, context)).rejects.toMatchObject({
      code: "CommandRejected",
      message: expect.stringContaining("Invalid input detected"),
    });
    expect(await driver.isAlive(session, context)).toBe(true);
  });
});

describe("a change", () => {
  test("is loaded under a lock, compared and committed, and can be taken back", async () => {
    const { router, session } = await open();
    const result = await driver.configure(session, change(["hostname new"]), context);
    expect(result).toMatchObject({ committed: true, rolledBack: false });
    expect(result.diff).toMatch(/^\+hostname new$/m);
    expect(router.configuration.running).toEqual(["hostname old", "hostname new"]);
    expect(router.configuration.lockedBy).toBeUndefined();
    await call(session, "rollback");
    expect(router.configuration.running).toEqual(["hostname old"]);
  });

  test("of everything takes the place of what runs", async () => {
    const { router, session } = await open();
    const result = await driver.configure(session, change(["hostname new"], { mode: "Replace" }), context);
    expect(result).toMatchObject({ committed: true, diff: "-hostname old\n+hostname new" });
    expect(router.configuration.running).toEqual(["hostname new"]);
  });

  test("that is only asked for leaves nothing behind", async () => {
    const { router, session } = await open();
    const result = await driver.configure(session, change(["hostname new"], { dryRun: true }), context);
    expect(result.committed).toBe(false);
    const { running, candidate, lockedBy } = router.configuration;
    expect({ running, candidate, lockedBy }).toEqual({
      running: ["hostname old"],
      candidate: ["hostname old"],
      lockedBy: undefined,
    });
  });

  test("with a line that the router does not understand names the line and commits nothing", async () => {
    const { router, session } = await open({ rejects: "hostnme" });
    const result = await driver.configure(session, change(["ntp", "hostnme new"]), context);
    expect(result).toMatchObject({ committed: false, error: { code: "ConfigRejected" } });
    expect(result.lines.map(({ state }) => state)).toEqual(["accepted", "rejected"]);
    expect(router.configuration).toMatchObject({ running: ["hostname old"], lockedBy: undefined });
  });

  test("while somebody else has the lock, or that the router does not commit, is refused", async () => {
    const locked = await open();
    locked.router.configuration.lock("console");
    const first = await driver.configure(locked.session, change(["hostname new"]), context);
    expect(first.error).toMatchObject({ code: "ConfigLocked", message: expect.stringContaining("bob") });
    const full = await open({ commitError: "out of resources" });
    const second = await driver.configure(full.session, change(["hostname new"]), context);
    expect(second.error).toMatchObject({ code: "CommitFailed" });
    expect(full.router.configuration).toMatchObject({ candidate: ["hostname old"], lockedBy: undefined });
  });

  test("to be confirmed stays where its checks hold and is taken back where they do not", async () => {
    const { router, session } = await open();
    const checked = (expected: string) =>
      change([`hostname ${expected.length}`], {
        commit: { confirmTimeoutMs: 60_000 },
        verify: [{ command: "show version", expect: expected }],
      });
    const good = await driver.configure(session, checked("Version 6"), context);
    expect(good).toMatchObject({ committed: true });
    expect(router.configuration).toMatchObject({
      running: ["hostname old", "hostname 9"],
      waitingFor: undefined,
    });
    const bad = await driver.configure(session, checked("Version 77"), context);
    expect(bad).toMatchObject({ committed: false, rolledBack: true, error: { code: "VerificationFailed" } });
    expect(router.configuration.running).toEqual(["hostname old", "hostname 9"]);
  });
});
