import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { fingerprint } from "./host-key.ts";
import { openRoute } from "./route.ts";
import { connectSsh, type SshTarget } from "./ssh.ts";
import { accepts, freePort } from "./test-ports.ts";

const SSHD = "/usr/sbin/sshd";
const missing = !existsSync(SSHD) || !existsSync("/usr/bin/ssh-keygen");
const limits = { connectMs: 5000, bannerMs: 5000, authMs: 5000 };

/** Real OpenSSH servers on loopback with configurations and keys of their own; no account of the machine is changed. */
describe.skipIf(missing)("real OpenSSH (skipped where sshd is not installed)", () => {
  const folder = missing ? "" : mkdtempSync(join(tmpdir(), "netpulse-sshd-"));
  const file = (name: string) => join(folder, name);
  const servers: ChildProcess[] = [];
  const username = userInfo().username;
  let modern: number;
  let old: number;
  let agent: { socket: string; pid: number };

  beforeAll(async () => {
    for (const [name, ...options] of [
      ["host", "-t", "ed25519"],
      ["host_rsa", "-t", "rsa", "-b", "2048"],
      ["plain", "-t", "ed25519"],
      ["pem", "-t", "rsa", "-b", "2048", "-m", "PEM"],
      ["ecdsa", "-t", "ecdsa"],
    ] as const) {
      keygen(["-q", "-N", "", "-f", file(name), ...options]);
    }
    keygen(["-q", "-N", "open sesame", "-f", file("locked"), "-t", "ed25519"]);
    const keys = ["plain", "pem", "ecdsa", "locked"].map((name) => readFileSync(file(`${name}.pub`), "utf8"));
    writeFileSync(file("authorized_keys"), keys.join(""), { mode: 0o600 });
    if (userInfo().uid === 0 && !existsSync("/run/sshd")) execFileSync("mkdir", ["-p", "/run/sshd"]);
    modern = await start("modern", "host", []);
    old = await start("old", "host_rsa", [
      "KexAlgorithms diffie-hellman-group14-sha1",
      "Ciphers aes128-cbc",
      "MACs hmac-sha1",
      "HostKeyAlgorithms ssh-rsa",
      "PubkeyAcceptedAlgorithms +ssh-rsa",
    ]);
    agent = startAgent();
    execFileSync("/usr/bin/ssh-add", ["-q", file("plain")], {
      env: { ...process.env, SSH_AUTH_SOCK: agent.socket },
    });
  }, 30_000);

  afterAll(() => {
    for (const server of servers) server.kill();
    if (agent) process.kill(agent.pid);
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  function target(port: number, more: Partial<SshTarget> = {}): SshTarget {
    return {
      device: "host",
      host: "127.0.0.1",
      port,
      credential: { username, privateKey: readFileSync(file("plain"), "utf8"), data: {} },
      hostKeys: { policy: "Strict", fingerprints: [hostFingerprint(port === old ? "host_rsa" : "host")] },
      limits,
      algorithms: "modern",
      ...more,
    };
  }

  test.each(["plain", "pem", "ecdsa"])("key format %s", async (name) => {
    const privateKey = readFileSync(file(name), "utf8");
    const connection = await connectSsh(target(modern, { credential: { username, privateKey, data: {} } }));
    expect(connection.serverVersion).toMatch(/^OpenSSH/);
    connection.close();
  });

  test("a key with a passphrase, and the reason when it is wrong", async () => {
    const privateKey = readFileSync(file("locked"), "utf8");
    const connection = await connectSsh(
      target(modern, { credential: { username, privateKey, passphrase: "open sesame", data: {} } }),
    );
    connection.close();
    const wrong = connectSsh(
      target(modern, { credential: { username, privateKey, passphrase: "nope", data: {} } }),
    );
    await expect(wrong).rejects.toMatchObject({
      code: "AuthFailed",
      message: expect.stringContaining("cannot be read"),
    });
  });

  test("the agent's key", async () => {
    const connection = await connectSsh(
      target(modern, { credential: { username, data: {} }, agent: agent.socket }),
    );
    connection.close();
  });

  test("a credential that the server refuses", async () => {
    keygen(["-q", "-N", "", "-f", file(`stranger-${Date.now()}`), "-t", "ed25519"]);
    const attempt = connectSsh(target(modern, { credential: { username, password: "wrong", data: {} } }));
    await expect(attempt).rejects.toMatchObject({ code: "AuthFailed" });
  });

  test("old algorithms only where they are allowed", async () => {
    const credential = { username, privateKey: readFileSync(file("pem"), "utf8"), data: {} };
    await expect(connectSsh(target(old, { credential }))).rejects.toMatchObject({
      code: "NoCommonAlgorithm",
    });
    await expect(connectSsh(target(old, { credential, algorithms: "compatible" }))).rejects.toMatchObject({
      code: "NoCommonAlgorithm",
    });
    const connection = await connectSsh(target(old, { credential, algorithms: "legacy" }));
    connection.close();
  });

  test("two jump hosts", async () => {
    const route = await openRoute([target(modern), target(modern)], { host: "127.0.0.1", port: modern });
    if (!route) throw new Error("two hops make a route");
    const connection = await connectSsh(target(modern, { stream: route.stream }));
    const shell = await connection.shell();
    shell.close();
    route.close();
  });

  async function start(name: string, hostKey: string, extra: readonly string[]): Promise<number> {
    const port = await freePort();
    const lines = [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${file(hostKey)}`,
      `AuthorizedKeysFile ${file("authorized_keys")}`,
      `PidFile ${file(`${name}.pid`)}`,
      "StrictModes no",
      "UsePAM no",
      "PermitRootLogin prohibit-password",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "AllowTcpForwarding yes",
      "LogLevel QUIET",
      ...extra,
    ];
    writeFileSync(file(`${name}.conf`), `${lines.join("\n")}\n`);
    servers.push(spawn(SSHD, ["-D", "-e", "-f", file(`${name}.conf`)], { stdio: "ignore" }));
    await vi.waitUntil(() => accepts(port), { timeout: 10_000, interval: 20 });
    return port;
  }

  function startAgent(): { socket: string; pid: number } {
    const socket = file("agent.sock");
    const said = execFileSync("/usr/bin/ssh-agent", ["-a", socket, "-s"], { encoding: "utf8" });
    return { socket, pid: Number(/SSH_AGENT_PID=(\d+)/.exec(said)?.[1]) };
  }

  function hostFingerprint(name: string): string {
    const key = readFileSync(file(`${name}.pub`), "utf8").split(" ")[1] ?? "";
    return fingerprint(Buffer.from(key, "base64"));
  }
});

function keygen(args: readonly string[]): void {
  execFileSync("/usr/bin/ssh-keygen", args, { stdio: "ignore" });
}
