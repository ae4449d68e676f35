import { execFile } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import ssh2 from "ssh2";
import { freePort } from "../../src/localcluster/ports.ts";
import { Program } from "../../src/localcluster/program.ts";
import { until } from "../support/until.ts";

const ZEBRA = "/usr/lib/frr/zebra";
const STATICD = "/usr/lib/frr/staticd";
const VTYSH = "/usr/bin/vtysh";
const SSHD = "/usr/sbin/sshd";
const IP = ["/usr/sbin/ip", "/sbin/ip", "/bin/ip"].find((path) => existsSync(path)) ?? "ip";
const CONFIGURATION_FILE = "frr.conf";
const STOP_MS = 3_000;

const run = promisify(execFile);

/** Why no router can be started here; undefined when one can. */
export function whyNoRouter(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) {
    return "it needs root on Linux, for a network namespace";
  }
  const missing = [ZEBRA, STATICD, VTYSH, SSHD, IP].filter((path) => !existsSync(path));
  if (missing.length === 0) return undefined;
  return `${missing.join(", ")} missing: install Debian's packages frr, openssh-server and iproute2`;
}

/**
 * A real router: FRR in a network namespace of its own, where it may change routes as it likes, and OpenSSH on this
 * machine's loopback, whose only command is FRR's shell.
 *
 * @example
 * const router = await Router.start("r1");
 * // ... log in at 127.0.0.1:router.port as router.username with router.privateKey ...
 * await router.vtysh("show ip route static");
 * await router.stop();
 */
export class Router {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly username = "root";
  /** OpenSSH format. */
  readonly privateKey: string;
  /** `SHA256:...` of the SSH host key. */
  readonly fingerprint: string;
  readonly #folder: string;
  readonly #namespace: string;
  readonly #programs: Program[] = [];

  private constructor(port: number, keys: { privateKey: string; fingerprint: string }, folder: string) {
    this.port = port;
    this.privateKey = keys.privateKey;
    this.fingerprint = keys.fingerprint;
    this.#folder = folder;
    this.#namespace = `netpulse-${process.pid}-${port}`;
  }

  /** Starts a router with one connected network, 192.0.2.0/24; resolves when its shell answers and SSH is reached. */
  static async start(hostname: string): Promise<Router> {
    const folder = mkdtempSync(join(tmpdir(), "netpulse-router-"));
    const client = newKey();
    const server = newKey();
    const fingerprint = fingerprintOf(server.public);
    const router = new Router(await freePort(), { privateKey: client.private, fingerprint }, folder);
    try {
      await router.#addNamespace();
      await router.#startRouting(hostname);
      await router.#startSsh(server.private, client.public);
      return router;
    } catch (error) {
      await router.stop();
      throw error;
    }
  }

  /** What the router's shell answers to a command, asked from beside, not over SSH. */
  async vtysh(command: string): Promise<string> {
    const { stdout } = await run(VTYSH, [...this.#vtyshArgs, "-c", command]);
    return stdout;
  }

  /** The configuration that was saved. */
  startupConfig(): string {
    return readFileSync(join(this.#folder, CONFIGURATION_FILE), "utf8");
  }

  async stop(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop(STOP_MS)));
    await run(IP, ["netns", "delete", this.#namespace]).catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #vtyshArgs(): string[] {
    return ["--vty_socket", join(this.#folder, "vty"), "--config_dir", this.#folder];
  }

  async #addNamespace(): Promise<void> {
    await run(IP, ["netns", "add", this.#namespace]);
    const inside = (...args: string[]) => run(IP, ["-n", this.#namespace, ...args]);
    await inside("link", "set", "lo", "up");
    await inside("link", "add", "eth0", "type", "veth", "peer", "name", "wire");
    await inside("address", "add", "192.0.2.1/24", "dev", "eth0");
    await inside("link", "set", "wire", "up");
    await inside("link", "set", "eth0", "up");
  }

  async #startRouting(hostname: string): Promise<void> {
    const path = (name: string) => join(this.#folder, name);
    mkdirSync(path("vty"));
    writeFileSync(path("vtysh.conf"), `service integrated-vtysh-config\nhostname ${hostname}\n`);
    writeFileSync(path(CONFIGURATION_FILE), "");
    await run("chown", ["-R", "frr:frr", this.#folder]); // the daemons run as frr
    chmodSync(this.#folder, 0o755);
    for (const daemon of [ZEBRA, STATICD]) {
      const name = daemon.slice(daemon.lastIndexOf("/") + 1);
      this.#programs.push(
        Program.start({
          name,
          path: IP,
          args: ["netns", "exec", this.#namespace, daemon, ...this.#daemonArgs(name)],
          log: path(`${name}.log`),
          dieWithParent: true,
        }),
      );
      await until(`${name} answers`, async () => (await this.vtysh("show daemons")).includes(name));
    }
  }

  #daemonArgs(name: string): string[] {
    const path = (file: string) => join(this.#folder, file);
    return [
      ...["-f", path(`${name}.conf`), "-i", path(`${name}.pid`), "-z", path("zserv.api")],
      ...["--vty_socket", path("vty"), "-u", "frr", "-g", "frr", "-P", "0", "--log", "stdout"],
    ];
  }

  async #startSsh(hostKey: string, userKey: string): Promise<void> {
    const path = (name: string) => join(this.#folder, name);
    writeFileSync(path("host_key"), hostKey, { mode: 0o600 });
    writeFileSync(path("authorized_keys"), `${userKey}\n`, { mode: 0o600 });
    mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const shell = `/usr/bin/env VTYSH_PAGER=cat ${VTYSH} ${this.#vtyshArgs.join(" ")}`;
    const settings = {
      Port: this.port,
      ListenAddress: this.host,
      HostKey: path("host_key"),
      PidFile: path("sshd.pid"),
      AuthorizedKeysFile: path("authorized_keys"),
      StrictModes: "no", // the folder is owned by frr
      UsePAM: "no",
      PermitRootLogin: "prohibit-password",
      PasswordAuthentication: "no",
      ForceCommand: shell,
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
    writeFileSync(path("sshd_config"), `${lines.join("\n")}\n`);
    const log = path("sshd.log");
    const args = ["-D", "-e", "-f", path("sshd_config")];
    this.#programs.push(Program.start({ name: "sshd", path: SSHD, args, log, dieWithParent: true }));
    await until("sshd listens", () => readFileSync(log, "utf8").includes("Server listening"));
  }
}

/** A key pair as OpenSSH takes it. Not by ssh2's own generator: about one in 300 of its ed25519 keys is malformed. */
function newKey(): { private: string; public: string } {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "sec1", format: "pem" }).toString();
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  return { private: pem, public: `${parsed.type} ${parsed.getPublicSSH().toString("base64")}` };
}

/** As `ssh-keygen -l` prints it. */
function fingerprintOf(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
