import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fingerprint } from "../../../src/device/host-key.ts";
import { accepts, freePort } from "../../../src/device/test-ports.ts";
import type { Credential, DeviceTarget, Logger, OperationContext } from "../../../src/plugin/index.ts";
import { ParamikoDriver } from "./index.ts";

/** What tests of the driver share: a real OpenSSH server on loopback, real users, a driver, contexts. */

const SSHD = "/usr/sbin/sshd";

/** Why there is no real host for a test; undefined: there is. */
export const noHost = existsSync(SSHD) ? undefined : "sshd is not installed";

/** Why a test cannot have users of its own; undefined: it can. */
export const noUsers = noHost ?? (userInfo().uid === 0 ? undefined : "only root makes users");

/** Why sudo cannot be tried; undefined: it can. */
export const noSudo = noUsers ?? (existsSync("/usr/bin/sudo") ? undefined : "sudo is not installed");

const quiet = () => {};
const quietLog: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export function newDriver(): ParamikoDriver {
  return new ParamikoDriver({ config: {}, log: quietLog, random: () => 0.5 });
}

export function context(more: Partial<OperationContext> = {}): OperationContext {
  return { signal: new AbortController().signal, log: quietLog, beforeWrite: quiet, ...more };
}

export interface TestUser {
  readonly credential: Credential;
  readonly home: string;
}

export interface UserOptions {
  /** What follows `user ` in sudoers, such as `ALL=(ALL) NOPASSWD: ALL`; absent: the user may not use sudo. */
  readonly sudoers?: string;
  readonly shell?: string;
}

/** An OpenSSH server with its own keys. `close` ends it and removes its users and files. */
export class TestHost {
  readonly folder = mkdtempSync(join(tmpdir(), "netpulse-host-"));
  port = 0;
  private server: ChildProcess | undefined;
  private readonly users: string[] = [];

  /** `options` are lines of sshd_config. */
  static async start(options: readonly string[] = []): Promise<TestHost> {
    const host = new TestHost();
    await host.start(options);
    return host;
  }

  private async start(options: readonly string[]): Promise<void> {
    chmodSync(this.folder, 0o755);
    for (const name of ["host", "key"])
      execFileSync("/usr/bin/ssh-keygen", ["-q", "-N", "", "-t", "ed25519", "-f", this.file(name)]);
    writeFileSync(this.file("authorized_keys"), readFileSync(this.file("key.pub")), { mode: 0o644 });
    if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
    this.port = await freePort();
    const lines = [
      ...options,
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${this.file("host")}`,
      `AuthorizedKeysFile ${this.file("authorized_keys")}`,
      `PidFile ${this.file("pid")}`,
      "StrictModes no",
      "UsePAM no",
      "PermitRootLogin prohibit-password",
      "MaxStartups 100",
      "LogLevel QUIET",
    ];
    writeFileSync(this.file("config"), `${lines.join("\n")}\n`);
    this.server = spawn(SSHD, ["-D", "-e", "-f", this.file("config")], { stdio: "ignore" });
    for (let tries = 0; !(await accepts(this.port)); tries++) {
      if (tries > 500) throw new Error(`sshd does not listen on port ${this.port}`);
      await pause(20);
    }
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  /** Whoever runs the test, with a key. */
  me(): TestUser {
    const { username, homedir } = userInfo();
    return {
      home: homedir,
      credential: { username, privateKey: readFileSync(this.file("key"), "utf8"), data: {} },
    };
  }

  /** A real account of its own with a password; the key is accepted too. */
  user({ sudoers, shell = "/bin/bash" }: UserOptions = {}): TestUser {
    const username = `np${randomBytes(4).toString("hex")}`;
    const password = randomBytes(9).toString("hex");
    const hash = execFileSync("/usr/bin/openssl", ["passwd", "-6", password], { encoding: "utf8" }).trim();
    const home = this.file(username);
    execFileSync("/usr/sbin/useradd", ["-m", "-d", home, "-s", shell, "-p", hash, username]);
    this.users.push(username);
    if (sudoers !== undefined)
      writeFileSync(sudoersFile(username), `${username} ${sudoers}\n`, { mode: 0o440 });
    return { home, credential: { username, password, data: {} } };
  }

  target(user: TestUser, args: Record<string, unknown> = {}): DeviceTarget {
    const key = readFileSync(this.file("host.pub"), "utf8").split(" ")[1] ?? "";
    return {
      name: "host",
      host: "127.0.0.1",
      port: this.port,
      credential: user.credential,
      hostKeys: { policy: "Strict", fingerprints: [fingerprint(Buffer.from(key, "base64"))] },
      args,
    };
  }

  /** Ends all connections, as a network that breaks. */
  cutConnections(): void {
    // One process of a connection is root's, its child is the user's.
    const masters = serversUnder(String(this.server?.pid));
    for (const pid of [...masters.flatMap(serversUnder), ...masters]) process.kill(Number(pid), "SIGKILL");
  }

  close(): void {
    this.server?.kill();
    for (const name of this.users) {
      rmSync(sudoersFile(name), { force: true });
      try {
        execFileSync("/usr/bin/pkill", ["-KILL", "-u", name]);
      } catch {
        // It has no process.
      }
      execFileSync("/usr/sbin/userdel", ["-f", name], { stdio: "ignore" });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function serversUnder(pid: string): string[] {
  const { stdout } = spawnSync("/usr/bin/pgrep", ["-P", pid, "-x", "sshd"], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

function sudoersFile(username: string): string {
  return `/etc/sudoers.d/netpulse-test-${username}`;
}
