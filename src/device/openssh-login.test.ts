import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Credential } from "../plugin/driver.ts";
import { fingerprint } from "./host-key.ts";
import { CodeLedger } from "./one-time-password/code-ledger.ts";
import { connectSsh, type SshTarget } from "./ssh.ts";
import { agentKeys } from "./ssh-agent.ts";
import { freePort } from "./test-ports.ts";

const SSHD = "/usr/sbin/sshd";
const missing = !existsSync(SSHD) || !existsSync("/usr/bin/ssh-keygen") || !existsSync("/usr/bin/ssh-agent");
const PAM_OATH = ["/lib", "/usr/lib"].some((root) =>
  ["x86_64-linux-gnu", "aarch64-linux-gnu"].some((arch) =>
    existsSync(`${root}/${arch}/security/pam_oath.so`),
  ),
);
const noPam = missing || !PAM_OATH || userInfo().uid !== 0;
const TYPES = ["ed25519", "ecdsa", "rsa"] as const;
const OTHER = Buffer.from("abcdefghijklmnop").toString("hex");
const TOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** Logins of several stages, certificates and agents at real OpenSSH servers on loopback; no account of the machine is changed. */
describe.skipIf(missing)(
  "logins at real OpenSSH (skipped where sshd, ssh-keygen or ssh-agent is not installed)",
  () => {
    const folder = missing ? "" : mkdtempSync(join(tmpdir(), "netpulse-sshd-"));
    const file = (name: string) => join(folder, name);
    const text = (name: string) => readFileSync(file(name), "utf8");
    const children: ChildProcess[] = [];
    const { username } = userInfo();

    beforeAll(() => {
      keygen("host", "-t", "ed25519");
      keygen("authority", "-t", "ed25519");
      for (const type of TYPES) {
        keygen(type, "-t", type);
        copyFileSync(file(type), file(`plain-${type}`));
        certify(type, "-n", username, "-V", "+1h");
      }
      writeFileSync(file("authorized_keys"), `${text("ed25519.pub")}${text("rsa.pub")}`, { mode: 0o600 });
      if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
    }, 30_000);

    afterAll(() => {
      for (const child of children) child.kill();
      if (folder !== "") rmSync(folder, { recursive: true, force: true });
    });

    function target(port: number, data: Record<string, string>, more: Partial<SshTarget> = {}): SshTarget {
      const { "ssh-privatekey": privateKey, password } = data;
      const credential: Credential = {
        username,
        data,
        ...(privateKey && { privateKey }),
        ...(password && { password }),
      };
      const hostKey = Buffer.from(text("host.pub").split(" ")[1] ?? "", "base64");
      return {
        device: "host",
        host: "127.0.0.1",
        port,
        credential,
        hostKeys: { policy: "Strict", fingerprints: [fingerprint(hostKey)] },
        limits: { connectMs: 5000, bannerMs: 5000, authMs: 5000 },
        algorithms: "modern",
        ...more,
      };
    }

    async function login(...args: Parameters<typeof target>): Promise<void> {
      const connection = await connectSsh(target(...args));
      connection.close();
      await connection.closed;
    }

    test.each(TYPES)(
      "a user certificate on a key of type %s, where no key of its own is trusted",
      async (type) => {
        const port = await start([`TrustedUserCAKeys ${file("authority.pub")}`, "AuthorizedKeysFile none"]);
        const key = { "ssh-privatekey": text(type) };
        await login(port, { ...key, "ssh-certificate": text(`${type}-cert.pub`) });
        await expect(login(port, key)).rejects.toMatchObject({ code: "AuthFailed" });
      },
    );

    test("a certificate that is not this key's, and one that has run out", async () => {
      const port = await start([`TrustedUserCAKeys ${file("authority.pub")}`, "AuthorizedKeysFile none"]);
      const stranger = { "ssh-privatekey": text("ecdsa"), "ssh-certificate": text("ed25519-cert.pub") };
      await expect(login(port, stranger)).rejects.toMatchObject({
        code: "AuthFailed",
        message: expect.stringContaining("not made for this private key"),
      });
      keygen("old", "-t", "ed25519");
      certify("old", "-n", username, "-V", "20200101:20200102");
      const old = { "ssh-privatekey": text("old"), "ssh-certificate": text("old-cert.pub") };
      await expect(login(port, old)).rejects.toMatchObject({
        code: "AuthFailed",
        message: expect.stringContaining("certificate, publickey"),
      });
    });

    test("two keys in a row, as AuthenticationMethods may want them: the Secret's and an agent's", async () => {
      const port = await start([
        "AuthenticationMethods publickey,publickey",
        `AuthorizedKeysFile ${file("authorized_keys")}`,
      ]);
      const agent = await startAgent("rsa", "ecdsa");
      await login(port, { "ssh-privatekey": text("ed25519") }, { agent });
      await expect(login(port, { "ssh-privatekey": text("ed25519") })).rejects.toMatchObject({
        code: "AuthFailed",
      });
    });

    test("an agent's keys are tried one after the other; one that cannot be asked is said to be so", async () => {
      const port = await start([`AuthorizedKeysFile ${file("authorized_keys")}`]);
      const agent = await startAgent("ecdsa", "ed25519");
      expect(await agentKeys(agent)).toHaveLength(2);
      await login(port, {}, { agent });
      await expect(login(port, {}, { agent: file("no-such-socket") })).rejects.toMatchObject({
        code: "AuthFailed",
        message: expect.stringContaining("agent, which cannot be asked"),
      });
    });

    describe.skipIf(noPam)(
      "with PAM and pam_oath (skipped where it is not installed, or without root)",
      () => {
        // PAM knows lower case only.
        const service = basename(folder).toLowerCase();
        const rules = join("/etc/pam.d", service);
        let port: number;

        beforeAll(async () => {
          const hex = Buffer.from("12345678901234567890").toString("hex");
          writeFileSync(file("oath"), `HOTP/T30/6 ${username} - ${hex}\n`, { mode: 0o600 });
          const oath = `auth required pam_oath.so usersfile=${file("oath")} window=2 digits=6`;
          writeFileSync(rules, `${oath}\naccount required pam_permit.so\nsession required pam_permit.so\n`);
          // The name under which sshd runs is that of its PAM service.
          symlinkSync(SSHD, file(service));
          port = await start(
            [
              "UsePAM yes",
              "KbdInteractiveAuthentication yes",
              "PermitRootLogin yes",
              "AuthenticationMethods publickey,keyboard-interactive",
              `AuthorizedKeysFile ${file("authorized_keys")}`,
            ],
            file(service),
          );
        });

        afterAll(() => rmSync(rules, { force: true }));

        test("a key, then a code: the same code never twice", async () => {
          const data = { "ssh-privatekey": text("rsa"), totp: TOTP };
          // One moment for both, or the second might already have another code.
          const now = Date.now();
          const clock = { now: () => now, wait: () => Promise.resolve() };
          const codes = await new CodeLedger(clock).turn({ device: "host", credentials: [{ data }] });
          await login(port, data, { codes });
          const used = text("oath");
          expect(used).toMatch(/\d{6}\t/);
          // A second process knows nothing of it and sends the same code: pam_oath refuses it, and it is not tried again.
          const other = await new CodeLedger(clock).turn({ device: "host", credentials: [{ data }] });
          await expect(login(port, data, { codes: other })).rejects.toMatchObject({ code: "AuthFailed" });
        });

        test("a key without a code, where a code is wanted, names the key of the Secret", async () => {
          await expect(
            login(port, { "ssh-privatekey": text("ed25519"), password: "x" }),
          ).rejects.toMatchObject({
            code: "LoginQuestion",
            message: expect.stringContaining("`totp`"),
          });
        });

        test("a key, a password and a code, each where PAM asks for it; and a key and a password by method", async () => {
          writeFileSync(file("check"), '#!/bin/sh\n[ "$(tr -d "\\000")" = pass-word ]\n', { mode: 0o755 });
          const word = `auth required pam_exec.so quiet expose_authtok ${file("check")}\n`;
          const open = "account required pam_permit.so\nsession required pam_permit.so\n";
          const key = { "ssh-privatekey": text("rsa") };
          // Another secret: a code of the other one may have been used in this time step.
          const other = "otpauth://totp/lab:root?secret=MFRGGZDFMZTWQ2LKNNWG23TPOA";
          writeFileSync(file("oath2"), `HOTP/T30/6 ${username} - ${OTHER}\n`, { mode: 0o600 });
          const code = `auth required pam_oath.so usersfile=${file("oath2")} window=2 digits=6\n`;

          writeFileSync(rules, `${word}${code}${open}`);
          const data = { ...key, password: "pass-word", totp: other };
          const codes = await new CodeLedger().turn({ device: "host", credentials: [{ data }] });
          await login(port, data, { codes });

          writeFileSync(rules, `${word}${open}`);
          const settings = ["UsePAM yes", "PermitRootLogin yes", "PasswordAuthentication yes"];
          const methods = [
            "AuthenticationMethods publickey,password",
            `AuthorizedKeysFile ${file("authorized_keys")}`,
          ];
          const plain = await start([...settings, ...methods], file(service));
          await login(plain, { ...key, password: "pass-word" });
          await expect(login(plain, { ...key, password: "other" })).rejects.toMatchObject({
            code: "AuthFailed",
            message: expect.stringContaining("publickey, password"),
          });
        });
      },
    );

    async function start(extra: readonly string[], program = SSHD): Promise<number> {
      const port = await freePort();
      // The first line of a setting wins.
      const lines = [
        ...extra,
        `Port ${port}`,
        "ListenAddress 127.0.0.1",
        `HostKey ${file("host")}`,
        `PidFile ${file(`${port}.pid`)}`,
        "StrictModes no",
        "UsePAM no",
        "PermitRootLogin prohibit-password",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "LogLevel QUIET",
      ];
      writeFileSync(file(`${port}.conf`), `${lines.join("\n")}\n`);
      children.push(spawn(program, ["-D", "-e", "-f", file(`${port}.conf`)], { stdio: "ignore" }));
      await vi.waitUntil(() => existsSync(file(`${port}.pid`)), { timeout: 10_000, interval: 20 });
      return port;
    }

    async function startAgent(...keys: readonly string[]): Promise<string> {
      const socket = file(`agent-${keys.join("-")}`);
      children.push(spawn("/usr/bin/ssh-agent", ["-D", "-a", socket], { stdio: "ignore" }));
      await vi.waitUntil(() => existsSync(socket), { timeout: 5000, interval: 20 });
      // Copies without the certificates beside them, which ssh-add would take along.
      const files = keys.map((key) => file(`plain-${key}`));
      execFileSync("/usr/bin/ssh-add", ["-q", ...files], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      return socket;
    }

    function keygen(name: string, ...options: readonly string[]): void {
      execFileSync("/usr/bin/ssh-keygen", ["-q", "-N", "", "-f", file(name), ...options], {
        stdio: "ignore",
      });
    }

    function certify(name: string, ...options: readonly string[]): void {
      const args = ["-q", "-s", file("authority"), "-I", name, ...options, file(`${name}.pub`)];
      execFileSync("/usr/bin/ssh-keygen", args, { stdio: "ignore" });
    }
  },
);
