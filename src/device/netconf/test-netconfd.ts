import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { until } from "../../../test/support/until.ts";
import { freePort } from "../../localcluster/ports.ts";
import { Program } from "../../localcluster/program.ts";
import { fingerprint } from "../host-key.ts";

const NETCONFD = "/usr/sbin/netconfd";
const SUBSYSTEM = "/usr/sbin/netconf-subsystem";
const SSHD = "/usr/sbin/sshd";
const MODULES = "/usr/share/yuma/modules";
const STOP_MS = 3_000;

/** Configuration of a made-up device, kept by the server as it keeps any module without code of its own. */
const MODULE = `module netpulse-test {
  yang-version 1.1;
  namespace "urn:netpulse:test";
  prefix t;
  revision 2026-01-01;
  container settings {
    leaf hostname { type string { length "1..32"; } }
    leaf mtu { type uint16 { range "68..9216"; } }
    list interface {
      key name;
      leaf name { type string; }
      leaf description { type string; mandatory true; }
    }
  }
}
`;

/** Why no NETCONF server can be started here; undefined when one can. */
export function whyNoNetconfd(): string | undefined {
  const missing = [NETCONFD, SUBSYSTEM, SSHD, MODULES].filter((path) => !existsSync(path));
  if (missing.length === 0) return undefined;
  return `${missing.join(", ")} missing: install Debian's packages netconfd (yuma123) and openssh-server`;
}

/**
 * A real NETCONF server: yuma123's netconfd behind OpenSSH on this machine's loopback, with keys and a folder of its own. Its
 * datastores hold the container `settings` of the namespace `urn:netpulse:test`.
 */
export class Netconfd {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly username = userInfo().username;
  readonly privateKey: string;
  /** `SHA256:…` of the SSH host key. */
  readonly fingerprint: string;
  private readonly folder: string;
  private readonly hostKey: Key;
  private readonly userKey: Key;
  private readonly programs: Program[] = [];

  private constructor(port: number) {
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), "netpulse-netconfd-"));
    this.hostKey = newKey();
    this.userKey = newKey();
    this.privateKey = this.userKey.pem;
    this.fingerprint = fingerprint(this.hostKey.blob);
  }

  /** Starts both; resolves when they can be reached. */
  static async start(protocols: readonly ("1.0" | "1.1")[] = ["1.0", "1.1"]): Promise<Netconfd> {
    const server = new Netconfd(await freePort());
    try {
      await server.startNetconfd(protocols);
      await server.startSsh();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop(STOP_MS)));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  private async startNetconfd(protocols: readonly string[]): Promise<void> {
    writeFileSync(this.path("netpulse-test.yang"), MODULE);
    const args = [
      `--ncxserver-sockname=${this.path("socket")}`,
      `--modpath=${this.folder}:${MODULES}`,
      "--module=netpulse-test",
      "--no-startup",
      "--target=candidate",
      "--with-validate=true",
      // It serves only sessions that came in by a port it was told of.
      `--port=${this.port}`,
      `--superuser=${this.username}`,
      `--protocols=${protocols.map((version) => `netconf${version}`).join(" ")}`,
      `--log=${this.path("netconfd.log")}`,
    ];
    const env = { ...process.env, HOME: this.folder };
    const log = this.path("netconfd.out");
    this.programs.push(
      Program.start({
        name: "netconfd",
        path: NETCONFD,
        args,
        env,
        cwd: this.folder,
        log,
        dieWithParent: true,
      }),
    );
    await until("netconfd listens", () => existsSync(this.path("socket")));
  }

  private async startSsh(): Promise<void> {
    writeFileSync(this.path("host_key"), this.hostKey.pem, { mode: 0o600 });
    writeFileSync(this.path("authorized_keys"), `${this.userKey.line}\n`, { mode: 0o600 });
    if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const settings = {
      Port: this.port,
      ListenAddress: this.host,
      HostKey: this.path("host_key"),
      PidFile: this.path("sshd.pid"),
      AuthorizedKeysFile: this.path("authorized_keys"),
      StrictModes: "no",
      UsePAM: "no",
      PermitRootLogin: "prohibit-password",
      PasswordAuthentication: "no",
      Subsystem: `netconf ${SUBSYSTEM} --ncxserver-sockname=${this.port}@${this.path("socket")}`,
    };
    const lines = Object.entries(settings).map(([key, value]) => `${key} ${value}`);
    writeFileSync(this.path("sshd_config"), `${lines.join("\n")}\n`);
    const log = this.path("sshd.log");
    const args = ["-D", "-e", "-f", this.path("sshd_config")];
    this.programs.push(Program.start({ name: "sshd", path: SSHD, args, log, dieWithParent: true }));
    await until("sshd listens", () => readFileSync(log, "utf8").includes("Server listening"));
  }
}

interface Key {
  readonly pem: string;
  readonly blob: Buffer;
  /** As in `authorized_keys`. */
  readonly line: string;
}

function newKey(): Key {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "sec1", format: "pem" }).toString();
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  const blob = parsed.getPublicSSH();
  return { pem, blob, line: `${parsed.type} ${blob.toString("base64")}` };
}
