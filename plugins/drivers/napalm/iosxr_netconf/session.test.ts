import { afterEach, describe, expect, test } from "vitest";
import type {
  ConfigChange,
  DeviceTarget,
  MethodCall,
  OperationContext,
} from "../../../../src/plugin/index.ts";
import {
  type SimulatedXrNetconf,
  simulateXrNetconf,
  type XrNetconfOptions,
} from "../../../../src/simulator/iosxr/netconf.ts";
import { refusal } from "../../../../src/simulator/netconf/server.ts";
import { NapalmDriver, type NapalmSession } from "../index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const context: OperationContext = { signal: new AbortController().signal, log, beforeWrite: quiet };
const now = 0;
const driver = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => now);

function targetOf(router: SimulatedXrNetconf, args: Record<string, unknown>): DeviceTarget {
  const { host, port, username, password, fingerprint } = router;
  return {
    name: "xr1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict", fingerprints: [fingerprint] },
    args: { platform: "iosxr_netconf", ...args },
  };
}

async function open(options: XrNetconfOptions = {}, args: Record<string, unknown> = {}) {
  const router = await simulateXrNetconf({ running: ["hostname old"], ...options });
  closers.push(() => router.close());
  const session = await driver.connect(targetOf(router, args), context);
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

/** Names of the operations that the router received. */
const operations = (router: SimulatedXrNetconf) =>
  router.received().map((request) => /^<([\w-]+)/.exec(request)?.[1]);

const UPTIME =
  '<get><filter type="subtree"><system-time xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-shellutil-oper"><uptime/></system-time></filter></get>';
const PEERS =
  '<get-config><source><running/></source><filter type="subtree"><ntp xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-ip-ntp-cfg"><peer-vrfs><peer-vrf/></peer-vrfs></ntp></filter></get-config>';

describe("getters", () => {
  test("ask the router and give NAPALM's model", async () => {
    const peer = (type: string, address: string) =>
      `<peer-ipv4><address-ipv4>${address}</address-ipv4><peer-type-ipv4><peer-type>${type}</peer-type></peer-type-ipv4></peer-ipv4>`;
    const { session } = await open({
      replies: {
        [PEERS]: `<data><ntp xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-ip-ntp-cfg"><peer-vrfs><peer-vrf><vrf-name>default</vrf-name><peer-ipv4s>${peer("peer", "192.0.2.1")}${peer("server", "192.0.2.2")}</peer-ipv4s></peer-vrf></peer-vrfs></ntp></data>`,
      },
    });
    expect(await call(session, "get_ntp_peers")).toEqual({ "192.0.2.1": {} });
    expect(await call(session, "get_ntp_servers")).toEqual({ "192.0.2.2": {} });
    expect(await call(session, "get_config", { retrieve: "running" })).toEqual({
      startup: "",
      candidate: "",
      running: "hostname old",
    });
  });

  test("a refusal is told in the router's words; the session lives on", async () => {
    const { session } = await open({ replies: { [PEERS]: refusal("access-denied", "not for you") } });
    await expect(call(session, "get_ntp_peers")).rejects.toMatchObject({
      code: "CommandRejected",
      message: expect.stringContaining("not for you"),
    });
    expect(await driver.isAlive(session, context)).toBe(true);
  });

  test("commands of the command line are refused before anything is sent", async () => {
    const { router, session } = await open();
    await expect(driver.executeCommand(session, { command: "show version" }, context)).rejects.toMatchObject({
      code: "NotImplemented",
    });
    expect(router.received()).toEqual([]);
  });
});

describe("a change", () => {
  test("is loaded under a lock, compared and committed", async () => {
    const { router, session } = await open();
    const result = await driver.configure(session, change(["hostname new", "ntp"]), context);
    expect(result).toMatchObject({ committed: true, diff: "+hostname new\n+ntp", rolledBack: false });
    expect(router.configuration.running).toEqual(["hostname old", "hostname new", "ntp"]);
    expect(operations(router)).toEqual(["lock", "edit-config", "get-cli-config-diff", "commit", "unlock"]);
  });

  test("of everything takes the place of what runs", async () => {
    const { router, session } = await open();
    await driver.configure(session, change(["hostname new"], { mode: "Replace" }), context);
    expect(router.configuration.running).toEqual(["hostname new"]);
  });

  test("that is only asked for shows difference and plan and leaves nothing behind", async () => {
    const { router, session } = await open();
    const result = await driver.configure(session, change(["hostname new"], { dryRun: true }), context);
    expect(result).toMatchObject({
      committed: false,
      diff: "+hostname new",
      plan: [expect.stringMatching(/commit/), expect.any(String)],
    });
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

  test("while somebody else has the lock is refused", async () => {
    const { router, session } = await open();
    router.configuration.lock("console");
    const { error } = await driver.configure(session, change(["hostname new"]), context);
    expect(error).toMatchObject({ code: "ConfigLocked", message: expect.stringContaining("bob") });
    expect(operations(router)).not.toContain("edit-config");
    expect(router.configuration.lockedBy).toBe("console");
  });

  test("that the router does not commit is discarded", async () => {
    const { router, session } = await open({ commitError: "out of resources" });
    const { error } = await driver.configure(session, change(["hostname new"]), context);
    expect(error).toMatchObject({
      code: "CommitFailed",
      message: expect.stringContaining("out of resources"),
    });
    expect(router.configuration).toMatchObject({ candidate: ["hostname old"], lockedBy: undefined });
  });

  test("to be confirmed stays where its checks hold", async () => {
    const { router, session } = await open();
    const result = await driver.configure(
      session,
      change(["hostname new"], { commit: { confirmTimeoutMs: 60_000 } }),
      context,
    );
    expect(result).toMatchObject({ committed: true });
    expect(router.configuration).toMatchObject({
      running: ["hostname old", "hostname new"],
      waitingFor: undefined,
    });
    expect(operations(router).filter((name) => name === "commit")).toHaveLength(2);
  });

  test("to be confirmed is taken back by the router when its session is lost", async () => {
    const { router, session } = await open();
    await call(session, "load_merge_candidate", { config: "hostname new\n" });
    await call(session, "commit_config", { revert_in: 60 });
    expect(router.configuration.running).toEqual(["hostname old", "hostname new"]);
    router.drop();
    await expect.poll(() => router.configuration.running).toEqual(["hostname old"]);
  });
});

describe("a session", () => {
  test("with config_lock has the lock from login to end", async () => {
    const { router, session } = await open({}, { config_lock: true });
    expect(router.configuration.lockedBy).toBe(1);
    await driver.configure(session, change(["hostname new"]), context);
    await driver.disconnect(session, context);
    await expect.poll(() => router.configuration.lockedBy).toBeUndefined();
  });

  test("is not opened while somebody else has the lock that it is to have", async () => {
    const router = await simulateXrNetconf();
    closers.push(() => router.close());
    router.configuration.lock("console");
    const attempt = driver.connect(targetOf(router, { config_lock: true }), context);
    await expect(attempt).rejects.toMatchObject({ code: "ConfigLocked" });
    await expect.poll(() => router.openSessions()).toBe(0);
  });

  test("that timed out is used again: the late reply is known by its id", async () => {
    const { router, session } = await open({ replies: { [UPTIME]: "<data/>" } }, { timeout: 0.3 });
    router.faults.silentOn = ["get-config"];
    await expect(call(session, "get_ntp_peers")).rejects.toMatchObject({ code: "OperationTimeout" });
    expect(await driver.resynchronise(session, context)).toBe(true);
  });
});
