import { afterEach, expect, test } from "vitest";
import type { DeviceTarget } from "../../../src/plugin/index.ts";
import { type EapiOptions, type SimulatedEapi, simulateEapi } from "../../../src/simulator/eapi/server.ts";
import { simulate } from "../../../src/simulator/index.ts";
import type { PyeapiSession } from "./session.ts";
import { authority, context, device, merge, newDriver, targetOf } from "./test-session.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function start(options: EapiOptions = {}): Promise<SimulatedEapi> {
  const eapi = await device(options);
  closers.push(() => eapi.close());
  return eapi;
}

async function open(target: DeviceTarget): Promise<PyeapiSession> {
  const session = await driver.connect(target, context());
  closers.push(() => driver.disconnect(session, context()));
  return session;
}

const driver = newDriver();

test("a command's structured reply is its output as JSON; with encoding text it is what the device prints", async () => {
  const eapi = await start();
  const json = await driver.executeCommand(
    await open(targetOf(eapi)),
    { command: "show version" },
    context(),
  );
  expect(JSON.parse(json.output)).toEqual({ version: "4.31.0F", modelName: "vEOS" });
  const session = await open(targetOf(eapi, { encoding: "text" }));
  const text = await driver.executeCommand(session, { command: "show version" }, context());
  expect(text).toMatchObject({ output: "Arista vEOS\n4.31.0F\n", platform: "arista_eos" });
});

test("a command without a JSON form is asked for again as text, unless strict", async () => {
  const replies = {
    "show tech": (format: string) =>
      format === "text" ? { result: { output: "all of it\n" } } : { code: 1003, error: "unconverted" },
  };
  const eapi = await start({ replies });
  const command = { command: "show tech" };
  const loose = await driver.executeCommand(await open(targetOf(eapi)), command, context());
  expect(loose.output).toBe("all of it\n");
  const strict = await open(targetOf(eapi, { strict: true }));
  await expect(driver.executeCommand(strict, command, context())).rejects.toMatchObject({
    code: "CommandNotConverted",
    message: expect.stringContaining("encoding: text"),
  });
});

test.each([
  [1000, "CommandRejected"],
  [1001, "DeviceFailed"],
  [1002, "CommandRejected"],
  [1004, "ApiUnsupported"],
  [1005, "CommandUnauthorised"],
  [-32602, "ApiUnsupported"],
])("eAPI's error %i is reported as %s with what the device said", async (code, reason) => {
  const eapi = await start({ replies: { "show x": () => ({ code, error: "said so" }) } });
  const session = await open(targetOf(eapi, { strict: true }));
  const failed = driver.executeCommand(session, { command: "show x" }, context());
  await expect(failed).rejects.toMatchObject({ code: reason });
});

test("a wrong password is refused as such, tried once, and then rests", async () => {
  const eapi = await start();
  const target = targetOf(eapi, {}, { password: "wrong" });
  const own = newDriver();
  await expect(own.connect(target, context())).rejects.toMatchObject({ code: "AuthFailed" });
  await expect(own.connect(target, context())).rejects.toMatchObject({ code: "LoginPaused" });
  expect(eapi.received).toHaveLength(1);
});

test("https_session logs in once for a cookie, and again when the device has forgotten it", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi, { transport: "https_session" }));
  await driver.executeCommand(session, { command: "show clock" }, context());
  eapi.forgetSessions();
  await driver.executeCommand(session, { command: "show clock" }, context());
  expect(eapi.received.map(({ path }) => path)).toEqual([
    "/login",
    "/command-api",
    "/command-api",
    "/command-api",
    "/login",
    "/command-api",
  ]);
  expect(eapi.received.every(({ headers }) => headers.authorization === undefined)).toBe(true);
});

test("the enable password is the Secret's, and no error shows it", async () => {
  const eapi = await start({ enablePassword: "sesame" });
  const data = { "ca.crt": authority.certificate, secret: "sesame" };
  const session = await open(targetOf(eapi, {}, { data }));
  expect(await driver.isAlive(session, context())).toBe(true);
  const wrong = targetOf(eapi, {}, { data: { ...data, secret: "open-it" } });
  const error: Error = await driver.connect(wrong, context()).catch((e) => e);
  expect(error).toMatchObject({ code: "CommandUnauthorised" });
  expect(JSON.stringify([error.message, error.cause, String(error.cause)])).not.toContain("open-it");
});

test("an untrusted certificate is refused before the password is sent; a fingerprint of the pool is trust enough", async () => {
  const eapi = await start();
  const error: Error = await driver.connect(targetOf(eapi, {}, { data: {} }), context()).catch((e) => e);
  expect(error).toMatchObject({ code: "CertificateRejected" });
  expect(eapi.received).toEqual([]);
  const fingerprint = /SHA256:\S+(?=\.)/.exec(error.message)?.[0] ?? "";
  const hostKeys = { policy: "Strict", fingerprints: [fingerprint] } as const;
  await open(targetOf(eapi, {}, { data: {}, hostKeys }));
});

test("HTTP without TLS needs the policy Insecure", async () => {
  const eapi = await start();
  const http = targetOf(eapi, { transport: "http" });
  await expect(driver.connect(http, context())).rejects.toMatchObject({ code: "HttpNotAllowed" });
  expect(eapi.received).toEqual([]);
});

test("an eapi.conf in the Secret gives transport, port, user and enable password", async () => {
  const eapi = await start();
  const conf = `[connection:core]\ntransport: https_session\nport: ${eapi.port}\nusername: admin\npassword: admin\n`;
  const target = targetOf(
    eapi,
    { connection: "core" },
    { data: { "ca.crt": authority.certificate, "eapi.conf": conf } },
  );
  const { name, host, hostKeys, args, credential } = target;
  await open({ name, host, hostKeys, args, credential: { data: credential.data } });
  expect(eapi.received[0]?.path).toBe("/login");
});

test("arguments are checked by name: unknown and refused ones say what to do", () => {
  const messages = (args: unknown) => driver.argsSchema.safeParse(args).error?.issues.map((i) => i.message);
  expect(messages({ pasword: "x" })?.[0]).toContain("pasword");
  expect(messages({ ca_file: "/x" })?.[0]).toContain("ca.crt");
  expect(messages({ transport: "carrier pigeon" })).toHaveLength(1);
  expect(messages({ transport: "https_session", timeout: 5, enforce_verification: true })).toBeUndefined();
});

test("a change is made in a session: its difference, its lines, saved", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi));
  const result = await driver.configure(
    session,
    merge(["! users", "vlan 20", "  name users"], { save: true }),
    context(),
  );
  expect(result).toMatchObject({ committed: true, saved: true, diff: "+vlan 20\n+name users" });
  expect(result.lines.map(({ state }) => state)).toEqual(["accepted", "accepted", "accepted"]);
  expect(eapi.eos.running).toEqual(["hostname leaf1", "vlan 20", "name users"]);
  expect(eapi.eos.saved).toEqual(eapi.eos.running);
});

test("a rejected line stops the change: nothing after it counts, nothing is committed, and no session stays behind", async () => {
  const eapi = await start({ rejects: ["vlann 30"] });
  const session = await open(targetOf(eapi));
  const result = await driver.configure(
    session,
    merge(["vlan 20", "vlann 30", "vlan 40"], { save: true }),
    context(),
  );
  expect(result).toMatchObject({
    committed: false,
    saved: false,
    rolledBack: true,
    error: { code: "ConfigRejected" },
    lines: [{ state: "accepted" }, { state: "rejected" }, { state: "skipped" }],
  });
  expect(result.error?.message).toMatch(/line 2 "vlann 30"/);
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
  expect(eapi.eos.sessions.size).toBe(0);
});

test("with Continue the other lines are committed", async () => {
  const eapi = await start({ rejects: ["vlann 30", "x"] });
  const session = await open(targetOf(eapi));
  const change = merge(["vlan 20", "vlann 30", "x", "vlan 40"], { onError: "Continue" });
  const result = await driver.configure(session, change, context());
  expect(result.lines.map(({ state }) => state)).toEqual(["accepted", "rejected", "rejected", "accepted"]);
  expect(eapi.eos.running).toEqual(["hostname leaf1", "vlan 20", "vlan 40"]);
});

test("a dry run says what would change and leaves the device as it is", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi));
  const change = merge(["hostname leaf9"], { dryRun: true, mode: "Replace" });
  const result = await driver.configure(session, change, context());
  expect(result).toMatchObject({
    diff: "-hostname leaf1\n+hostname leaf9",
    committed: false,
    rolledBack: false,
  });
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
  expect(eapi.eos.sessions.size).toBe(0);
});

test("a commit with a timer is confirmed when its checks hold, and taken back when one does not", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi));
  const confirmed = { commit: { confirmTimeoutMs: 90_000 } };
  const checks = (expected: string) => ({
    verify: [{ command: "show clock", expect: expected }],
    ...confirmed,
  });
  const good = await driver.configure(session, merge(["vlan 20"], checks("2026")), context());
  expect(good).toMatchObject({ committed: true, rolledBack: false });
  expect(eapi.eos.pending).toBeUndefined();
  const bad = await driver.configure(session, merge(["vlan 30"], checks("1999")), context());
  expect(bad).toMatchObject({ rolledBack: true, error: { code: "VerificationFailed" } });
  expect(eapi.eos.running).toEqual(["hostname leaf1", "vlan 20"]);
  expect(eapi.commands()).toContain("commit timer 00:01:30");
});

test("a worker that is lost between commit and confirm leaves a device that takes the change back", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi));
  let writes = 0;
  const fenced = context({
    beforeWrite: () => {
      if (++writes > 3) throw new Error("this worker may no longer touch devices");
    },
  });
  const change = merge(["vlan 20"], { commit: { confirmTimeoutMs: 60_000 } });
  const result = await driver.configure(session, change, fenced);
  expect(result).toMatchObject({ committed: true, error: { message: expect.stringContaining("no longer") } });
  expect(eapi.eos.pending).toBeDefined();
  eapi.eos.expire();
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
});

test("a banner is sent as the command and its text", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi));
  const lines = ["banner motd", "keep out", "  vlan 1", "EOF", "vlan 20"];
  const result = await driver.configure(session, merge(lines), context());
  expect(result.lines.map(({ line }) => line)).toEqual(lines);
  expect(eapi.eos.running.slice(1)).toEqual(["banner motd\nkeep out\n  vlan 1\nEOF", "vlan 20"]);
});

test("without sessions lines go into force at once, and what needs a session is refused before anything is sent", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi, { config_session: false }));
  const sent = eapi.received.length;
  const dry = driver.configure(session, merge(["vlan 20"], { dryRun: true }), context());
  await expect(dry).rejects.toMatchObject({ code: "NotImplemented" });
  expect(eapi.received).toHaveLength(sent);
  const result = await driver.configure(session, merge(["vlan 20"]), context());
  expect(result).toMatchObject({ committed: true });
  expect(eapi.commands().slice(-2)).toEqual(["configure terminal", "vlan 20"]);
});

test("methods take lists and maps, and what the device refuses is an error and not just false", async () => {
  const eapi = await start({
    rejects: ["name bad"],
    runningConfig: ["vlan 10", "   name default", "   state active", "hostname leaf1"],
  });
  const session = await open(targetOf(eapi));
  const call = (method: string, args: unknown[] | Record<string, unknown>) =>
    driver.call(session, { method, args }, context());
  expect(await call("vlans.get", ["10"])).toEqual({
    vlan_id: "10",
    name: "default",
    state: "active",
    trunk_groups: [],
  });
  expect(await call("vlans.set_name", { vid: 10, name: "users" })).toBe(true);
  expect(eapi.commands().slice(-3)).toEqual(["configure terminal", "vlan 10", "name users"]);
  await expect(call("vlans.set_name", [10, "bad"])).rejects.toMatchObject({ code: "CommandRejected" });
  await expect(call("vlans.set_name", { vid: 10, nmae: "x" })).rejects.toThrow(/no argument nmae/);
  await expect(call("vlans.set_name", [10, "a\nreload"])).rejects.toMatchObject({ code: "CallInvalid" });
  await expect(call("vlans.fly", [])).rejects.toMatchObject({ code: "NotImplemented" });
  expect(await call("section", ["^hostname"])).toBe("hostname leaf1\n");
  await expect(call("show", ["reload"])).rejects.toMatchObject({ code: "CallInvalid" });
  expect(eapi.commands()).not.toContain("reload");
});

test("a session that calls open collects changes until it is committed, keeps other changes out, and ends with the connection", async () => {
  const eapi = await start();
  const session = await driver.connect(targetOf(eapi), context());
  const call = (method: string, ...args: unknown[]) => driver.call(session, { method, args }, context());
  await call("configure_session");
  await call("vlans.create", 20);
  expect(await call("diff")).toBe("+vlan 20\n");
  expect(eapi.eos.running).toEqual(["hostname leaf1"]);
  const other = await driver.configure(session, merge(["vlan 30"]), context());
  expect(other).toMatchObject({ committed: false, error: { code: "ConfigModeFailed" } });
  await call("commit");
  expect(eapi.eos.running).toEqual(["hostname leaf1", "vlan 20"]);
  await call("configure_session");
  await call("vlans.create", 40);
  await driver.disconnect(session, context());
  expect(eapi.eos.sessions.size).toBe(0);
  expect(eapi.eos.running).toEqual(["hostname leaf1", "vlan 20"]);
});

test("every call sees the device as it is then", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi));
  const hostname = () => driver.call(session, { method: "system.get", args: [] }, context());
  expect(await hostname()).toMatchObject({ hostname: "leaf1" });
  eapi.eos.running = ["hostname renamed"];
  expect(await hostname()).toMatchObject({ hostname: "renamed" });
});

test("parameters of requests are those of the arguments, for commands and for configuration", async () => {
  const eapi = await start();
  const session = await open(
    targetOf(eapi, { autoComplete: true, expandAliases: true, apiVersion: "latest" }),
  );
  await driver.executeCommand(session, { command: "show clock" }, context());
  await driver.configure(session, merge(["vlan 20"]), context());
  const sent = eapi.received.map(({ body }) => JSON.parse(body).params);
  const about = (command: string) => sent.find(({ cmds }) => cmds.includes(command));
  for (const command of ["show clock", "vlan 20"])
    expect(about(command)).toMatchObject({ autoComplete: true, expandAliases: true, version: "latest" });
});

test("https_certs shows the Secret's client certificate; without one it is refused before anything is sent", async () => {
  const server = authority.issue({ commonName: "leaf1", hosts: ["127.0.0.1"] });
  const eapi = await start({ tls: { ...server, clientCa: authority.certificate } });
  const { certificate, key } = authority.issue({ commonName: "netpulse" });
  const data = { "ca.crt": authority.certificate, "tls.crt": certificate, "tls.key": key };
  await open(targetOf(eapi, { transport: "https_certs" }, { data }));
  expect(eapi.received[0]?.headers.authorization).toBeUndefined();
  const without = driver.connect(targetOf(eapi, { transport: "https_certs" }), context());
  await expect(without).rejects.toThrow(/tls\.crt and tls\.key/);
});

test("the table of what only reads: showing does, configuring and unknown commands do not", () => {
  const command = (text: string) =>
    driver.isReadOnly({ kind: "command", command: { command: text }, args: {} });
  expect(command("show running-config | section bgp")).toBe(true);
  for (const text of ["show x | tee flash:x", "show x > flash:x", "show x\nreload", "reload", "configure"])
    expect(command(text)).toBe(false);
  const call = (method: string) => driver.isReadOnly({ kind: "call", call: { method, args: [] }, args: {} });
  for (const method of ["vlans.getall", "bgp.neighbors.get", "interfaces.get", "get_config", "diff"])
    expect(call(method)).toBe(true);
  for (const method of ["vlans.create", "run_commands", "enable", "config", "commit", "interfaces.set_mtu"])
    expect(call(method)).toBe(false);
});

test("what is no eAPI says where to look, and a redirect is not followed", async () => {
  let asked = 0;
  const eapi = await start({
    fault: (_request, response) => {
      if (++asked === 1) response.end("<html>welcome</html>");
      else response.writeHead(302, { Location: "/elsewhere" }).end();
      return true;
    },
  });
  const web = driver.connect(targetOf(eapi), context());
  await expect(web).rejects.toMatchObject({
    code: "ReplyInvalid",
    message: expect.stringContaining("<html>"),
  });
  await expect(driver.connect(targetOf(eapi), context())).rejects.toThrow(/status 302/);
  expect(eapi.received).toHaveLength(2);
});

test("text output is passed on as it arrives", async () => {
  const big = "line of a large table\n".repeat(100_000);
  const eapi = await start({ replies: { "show tech": { output: big } } });
  const session = await open(targetOf(eapi, { encoding: "text" }));
  const pieces: string[] = [];
  const result = await driver.executeCommand(
    session,
    { command: "show tech" },
    context({ onOutput: (text) => pieces.push(text) }),
  );
  expect(result.output).toBe("");
  expect(pieces.join("")).toBe(big);
  expect(pieces.length).toBeGreaterThan(1);
});

test("nothing is sent when the worker may not write, and a cancelled job's request is given up", async () => {
  const eapi = await start();
  const session = await open(targetOf(eapi));
  const sent = eapi.received.length;
  const fenced = context({
    beforeWrite: () => {
      throw new Error("fenced");
    },
  });
  await expect(driver.executeCommand(session, { command: "show clock" }, fenced)).rejects.toThrow("fenced");
  expect(eapi.received).toHaveLength(sent);
  const signal = AbortSignal.abort("cancelled");
  const cancelled = driver.executeCommand(session, { command: "show clock" }, context({ signal }));
  await expect(cancelled).rejects.toMatchObject({ code: "OperationAborted" });
});

test.each(["https", "http"])(
  "a device behind a jump host is reached through it, by %s",
  async (transport) => {
    const secure = transport === "https";
    const eapi = secure ? await start() : await simulateEapi({});
    closers.push(() => eapi.close());
    const bastion = await simulate({ platform: "linux", forwards: true, password: "bastion" });
    closers.push(() => bastion.close());
    const hop = (fingerprints: readonly string[]) => ({
      name: "bastion",
      host: bastion.host,
      port: bastion.port,
      credential: { username: bastion.username, password: bastion.password, data: {} },
      hostKeys: { policy: "Strict" as const, fingerprints },
    });
    const target = targetOf(eapi, { transport }, secure ? {} : { hostKeys: { policy: "Insecure" } });
    const session = await open({ ...target, jumpHosts: [hop([bastion.fingerprint])] });
    const { output } = await driver.executeCommand(session, { command: "show version" }, context());
    expect(output).toContain("4.31.0F");
    expect(bastion.logins).toBe(1);
    await expect(open({ ...target, jumpHosts: [hop([])] })).rejects.toMatchObject({
      code: "HostKeyChanged",
      message: expect.stringContaining("jump host"),
    });
  },
);
