import { createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { newHostKey, type SimulatedDevice, simulate } from "../simulator/index.ts";
import { openRoute } from "./route.ts";
import { connectSsh, type SshTarget } from "./ssh.ts";

const limits = { connectMs: 2000, bannerMs: 2000, authMs: 2000 };
const open: { close(): unknown }[] = [];

async function device(
  options: Parameters<typeof simulate>[0] = { platform: "cisco_ios" },
): Promise<SimulatedDevice> {
  const started = await simulate(options);
  open.push(started);
  return started;
}

function target(device: SimulatedDevice, more: Partial<SshTarget> = {}): SshTarget {
  const { host, port, username, password } = device;
  return {
    device: "r1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict", fingerprints: [device.fingerprint] },
    limits,
    algorithms: "modern",
    ...more,
  };
}

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

test("a login with a password, and what the server told about itself", async () => {
  const r1 = await device({ platform: "cisco_ios", loginBanner: "Keep out\r\n", ident: "Cisco-1.25" });
  const connection = await connectSsh(target(r1));
  expect(connection).toMatchObject({ serverVersion: "Cisco-1.25", fingerprint: r1.fingerprint });
  expect(connection.banner).toContain("Keep out");
  connection.close();
  await connection.closed;
});

test("an unknown host key ends it before anything secret is sent", async () => {
  const r1 = await device();
  const other = await device({ platform: "cisco_ios", hostKey: newHostKey() });
  const attempt = connectSsh(
    target(r1, { hostKeys: { policy: "Strict", fingerprints: [other.fingerprint] } }),
  );
  await expect(attempt).rejects.toMatchObject({
    code: "HostKeyChanged",
    message: expect.stringContaining(r1.fingerprint),
  });
  expect(r1.failedLogins + r1.logins).toBe(0);
});

test("no listed key means no login, unless the pool says Insecure", async () => {
  const r1 = await device();
  await expect(
    connectSsh(target(r1, { hostKeys: { policy: "Strict", fingerprints: [] } })),
  ).rejects.toMatchObject({ code: "HostKeyChanged" });
  const connection = await connectSsh(target(r1, { hostKeys: { policy: "Insecure" } }));
  connection.close();
});

test("a wrong password is tried once and named, never shown", async () => {
  const r1 = await device();
  const attempt = connectSsh(
    target(r1, { credential: { username: "admin", password: "hunter2", data: {} } }),
  );
  await expect(attempt).rejects.toMatchObject({
    code: "AuthFailed",
    message: expect.not.stringContaining("hunter2"),
  });
  expect(r1.failedLogins).toBe(1);
});

test("keyboard-interactive asks for the password", async () => {
  const r1 = await device({ platform: "cisco_ios", auth: "keyboard-interactive" });
  const connection = await connectSsh(target(r1));
  connection.close();
});

test("a server that lets everybody in is entered without a password", async () => {
  const r1 = await device({ platform: "cisco_ios", auth: "none" });
  const connection = await connectSsh(target(r1, { auth: "none" }));
  connection.close();
});

test("a shell that the device ends takes its connection with it", async () => {
  const connection = await connectSsh(target(await device()));
  const shell = await connection.shell();
  shell.onData(() => {});
  shell.write("exit\n");
  await shell.closed;
  await connection.closed;
});

test("algorithms that do not match are said to be the reason", async () => {
  const r1 = await device({
    platform: "cisco_ios",
    algorithms: { cipher: ["aes128-cbc"], kex: ["diffie-hellman-group14-sha1"], hmac: ["hmac-sha1"] },
  });
  await expect(connectSsh(target(r1))).rejects.toMatchObject({ code: "NoCommonAlgorithm" });
  const connection = await connectSsh(target(r1, { algorithms: "legacy" }));
  connection.close();
});

test("a port that refuses, and a name that does not exist", async () => {
  const r1 = await device();
  await r1.close();
  await expect(connectSsh(target(r1))).rejects.toMatchObject({ code: "ConnectFailed" });
  await expect(connectSsh(target(r1, { host: "no-such-host.invalid" }))).rejects.toMatchObject({
    code: "ConnectFailed",
  });
});

test("a server that says nothing is left after the banner limit", async () => {
  const silent: Server = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  open.push(silent);
  const { port } = silent.address() as { port: number };
  const r1 = await device();
  const attempt = connectSsh(target(r1, { port, limits: { ...limits, bannerMs: 50 } }));
  await expect(attempt).rejects.toMatchObject({
    code: "ConnectTimeout",
    message: expect.stringContaining("SSH handshake"),
  });
});

test("an abort ends a login that is under way", async () => {
  const silent: Server = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  open.push(silent);
  const { port } = silent.address() as { port: number };
  const abort = new AbortController();
  const attempt = connectSsh(target(await device(), { port, signal: abort.signal }));
  abort.abort();
  await expect(attempt).rejects.toMatchObject({ code: "OperationAborted" });
});

test("a device behind two jump hosts, each with its own key and credential", async () => {
  const r1 = await device();
  const inner = await device({ platform: "linux", forwards: true, hostKey: newHostKey(), password: "inner" });
  const bastion = await device({
    platform: "linux",
    forwards: true,
    hostKey: newHostKey(),
    password: "bastion",
  });
  const route = await openRoute([target(bastion), target(inner)], { host: r1.host, port: r1.port });
  if (!route) throw new Error("two hops make a route");
  const connection = await connectSsh(target(r1, { stream: route.stream }));
  expect([bastion.logins, inner.logins, r1.logins]).toEqual([1, 1, 1]);
  connection.close();
  route.close();
});

test("a jump host whose key is unknown is not gone through", async () => {
  const r1 = await device();
  const bastion = await device({ platform: "linux", forwards: true });
  const hop = target(bastion, { device: "r1 (jump host)", hostKeys: { policy: "Strict", fingerprints: [] } });
  await expect(openRoute([hop], { host: r1.host, port: r1.port })).rejects.toMatchObject({
    code: "HostKeyChanged",
  });
  expect(r1.logins).toBe(0);
});
