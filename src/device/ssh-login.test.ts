import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Credential, DeviceTarget, OperationContext } from "../plugin/driver.ts";
import { simulate } from "../simulator/index.ts";
import { CodeLedger } from "./one-time-password/code-ledger.ts";
import { hotp, totpSecret } from "./one-time-password/totp.ts";
import { newSshLogins, type SshArguments, SshLogin } from "./ssh-login.ts";
import { type LoginServer, type LoginStage, loginServer } from "./test-login-server.ts";

const TOTP = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

const usual: SshArguments = {
  conn_timeout: 2,
  auth_timeout: 2,
  banner_timeout: 2,
  allow_agent: false,
  ssh_algorithms: "modern",
};
const quiet = () => {};
const log: OperationContext["log"] = { debug: quiet, info: quiet, warn: quiet, error: quiet };

function context(more: Partial<OperationContext> = {}): OperationContext {
  return { signal: new AbortController().signal, log, beforeWrite: quiet, ...more };
}

function target(
  name: string,
  port: number,
  credential: Credential,
  more: Partial<DeviceTarget> = {},
): DeviceTarget {
  return { name, host: "127.0.0.1", port, credential, hostKeys: { policy: "Insecure" }, args: {}, ...more };
}

async function serve(stage: LoginStage): Promise<LoginServer> {
  const server = await loginServer([stage]);
  open.push(server);
  return server;
}

/** A clock whose waits end at once. */
function stepped() {
  let now = 3_000_000;
  return {
    now: () => now,
    wait: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
  };
}

const asksForCode: LoginStage = {
  method: "keyboard-interactive",
  accepts: async (_context, ask) => (await ask(["Verification code: "]))[0] !== "",
};

test("two devices that share a secret log in one after the other with two codes; the one that waits says so", async () => {
  const logins = newSshLogins(undefined, [], new CodeLedger(stepped()));
  const server = await serve(asksForCode);
  const credential = { username: "admin", data: { totp: TOTP } };
  const notices: [string, string][] = [];
  const told = context({ notify: (reason, message) => notices.push([reason, message]) });
  await Promise.all(
    ["r1", "r2"].map(async (name) => {
      const login = new SshLogin(logins, target(name, server.port, credential), usual, told);
      (await login.connect(server.port)).close();
    }),
  );
  const secret = totpSecret(TOTP);
  if (typeof secret === "string") throw new Error(secret);
  expect(server.secrets).toEqual([hotp(secret, 100), hotp(secret, 101)]);
  expect(notices).toEqual([["OneTimeCodeAwaited", expect.stringMatching(/^r2 waits about 30 s/)]]);
  expect(notices.join()).not.toContain(TOTP);
});

test("after a refused code a retry takes the next one", async () => {
  const server = await serve({
    ...asksForCode,
    accepts: async (_c, ask) => (await ask(["OTP: "])).length > 1,
  });
  const logins = newSshLogins(undefined, [], new CodeLedger(stepped()));
  const credential = { username: "admin", data: { totp: TOTP } };
  for (let times = 0; times < 3; times++) {
    const login = new SshLogin(logins, target("r1", server.port, credential), usual, context());
    await expect(login.withCodes(() => login.connectNow(server.port))).rejects.toMatchObject({
      code: "AuthFailed",
    });
  }
  expect(new Set(server.secrets).size).toBe(3);
});

test("a jump host and the device behind it that share a secret get two codes, and neither waits for the other's login", async () => {
  const r1 = await simulate({ platform: "linux" });
  open.push(r1);
  const logins = newSshLogins(undefined, [], new CodeLedger(stepped()));
  const server = await serve(asksForCode);
  const credential = { username: "admin", password: "admin", data: { totp: TOTP } };
  const jump = {
    name: "jump",
    host: "127.0.0.1",
    port: server.port,
    credential,
    hostKeys: { policy: "Insecure" as const },
  };
  const login = new SshLogin(
    logins,
    target("r1", r1.port, credential, { jumpHosts: [jump] }),
    usual,
    context(),
  );
  // The test's jump host lets in and forwards nothing: what counts is that it was given a code at once.
  await expect(login.connect(r1.port)).rejects.toMatchObject({ code: "ConnectFailed" });
  expect(server.secrets).toHaveLength(1);
});

const tools = ["/usr/bin/ssh-agent", "/usr/bin/ssh-add", "/usr/bin/ssh-keygen"];
describe.skipIf(!tools.every((tool) => existsSync(tool)))(
  "an SSH agent (skipped where OpenSSH's is not installed)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "netpulse-agent-"));
    const socket = join(folder, "agent.sock");
    let agent: ChildProcess;

    beforeAll(async () => {
      execFileSync("/usr/bin/ssh-keygen", ["-q", "-N", "", "-t", "ed25519", "-f", join(folder, "key")]);
      agent = spawn("/usr/bin/ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
      await vi.waitUntil(() => existsSync(socket), { timeout: 5000, interval: 20 });
      execFileSync("/usr/bin/ssh-add", ["-q", join(folder, "key")], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
      });
    });

    afterAll(() => {
      agent.kill();
      rmSync(folder, { recursive: true, force: true });
    });

    test("its key logs in where its socket lies in an allowed folder, and it is not asked otherwise", async () => {
      const r1 = await simulate({
        platform: "linux",
        password: "unknown to the client",
        authorizedKeys: [readFileSync(join(folder, "key.pub"), "utf8")],
      });
      open.push(r1);
      const credential = { username: "admin", data: {} };
      const args = { ...usual, ssh_agent: socket };
      const over = (folders: readonly string[]) =>
        new SshLogin(
          newSshLogins(undefined, folders),
          target("r1", r1.port, credential),
          args,
          context(),
        ).connect(r1.port);
      (await over([folder])).close();
      expect(r1.logins).toBe(1);
      await expect(over([join(folder, "other")])).rejects.toMatchObject({ code: "AgentNotAllowed" });
      expect(r1.logins).toBe(1);
    });
  },
);
