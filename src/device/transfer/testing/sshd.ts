import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fingerprint } from "../../host-key.ts";
import { connectSsh, type SshConnection } from "../../ssh.ts";
import { freePort } from "../../test-ports.ts";

const SSHD = "/usr/sbin/sshd";
const KEYGEN = "/usr/bin/ssh-keygen";

/** Why tests with a real server cannot run here; undefined: they can. */
export const noSshd = existsSync(SSHD) && existsSync(KEYGEN) ? undefined : "sshd is not installed";

/** A real OpenSSH server on loopback, with keys and a configuration of its own. No account of the machine is changed. */
export interface TestSshd {
  readonly port: number;
  readonly fingerprint: string;
  readonly username: string;
  readonly privateKey: string;
  /** For files of the test; removed with the server. */
  readonly folder: string;
  /** Logs in, by default straight to the server. */
  connect(port?: number): Promise<SshConnection>;
  stop(): Promise<void>;
}

/** Starts a server; `lines` are added to its configuration, with `{folder}` filled in. */
export async function startSshd(...lines: readonly string[]): Promise<TestSshd> {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-transfer-"));
  for (const name of ["host", "user"])
    execFileSync(KEYGEN, ["-q", "-N", "", "-t", "ed25519", "-f", join(folder, name)]);
  if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true });
  const port = await freePort();
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${folder}/host`,
    `AuthorizedKeysFile ${folder}/user.pub`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PermitRootLogin prohibit-password",
    "PasswordAuthentication no",
    "LogLevel INFO",
    ...(lines.some((line) => line.startsWith("Subsystem")) ? [] : ["Subsystem sftp internal-sftp"]),
    ...lines.map((line) => line.replaceAll("{folder}", folder)),
  ];
  writeFileSync(join(folder, "sshd.conf"), `${config.join("\n")}\n`);
  const server = spawn(SSHD, ["-D", "-e", "-f", join(folder, "sshd.conf")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await listening(server);
  const [, key = ""] = readFileSync(join(folder, "host.pub"), "utf8").split(" ");
  const about = {
    port,
    folder,
    fingerprint: fingerprint(Buffer.from(key, "base64")),
    username: userInfo().username,
    privateKey: readFileSync(join(folder, "user"), "utf8"),
  };
  return {
    ...about,
    connect: (through = port) =>
      connectSsh({
        device: "h1",
        host: "127.0.0.1",
        port: through,
        credential: { username: about.username, privateKey: about.privateKey, data: {} },
        hostKeys: { policy: "Strict", fingerprints: [about.fingerprint] },
        limits: { connectMs: 5000, bannerMs: 5000, authMs: 5000 },
        algorithms: "modern",
      }),
    stop: async () => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the server says that it listens. */
function listening(server: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    server.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4096);
      if (said.includes("Server listening")) resolve();
    });
    server.once("exit", (code) => reject(new Error(`sshd ended with ${code}: ${said}`)));
  });
}
