import { createHash, timingSafeEqual } from "node:crypto";
import { type AddressInfo, connect } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";
import type { Device } from "./device.ts";
import { Session } from "./session.ts";

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Private host key, OpenSSH or PEM. */
  readonly hostKey: string;
  /** Public keys (OpenSSH lines) that may log in. */
  readonly authorizedKeys: readonly string[];
  /** `password` (default), `keyboard-interactive` or `none`. */
  readonly auth: "password" | "keyboard-interactive" | "none";
  /** Text before the login. */
  readonly loginBanner: string;
  readonly algorithms: ssh2.ServerConfig["algorithms"];
  /** How it names its software. */
  readonly ident: string;
  /** Lets clients reach other hosts through it (a jump host). */
  readonly forwards: boolean;
}

/** The SSH server in front of a simulated device. */
export class Listener {
  open = 0;
  most = 0;
  logins = 0;
  failedLogins = 0;
  readonly username: string;
  readonly password: string;
  readonly fingerprint: string;
  private readonly device: Device;
  private readonly options: Partial<ListenerOptions>;
  private readonly server: ssh2.Server;
  private readonly connections = new Set<Connection>();
  private count = 0;

  constructor(device: Device, options: Partial<ListenerOptions> & { hostKey: string }) {
    this.device = device;
    this.options = options;
    this.username = options.username ?? "admin";
    this.password = options.password ?? "admin";
    this.fingerprint = fingerprintOf(options.hostKey);
    this.server = new ssh2.Server(
      {
        hostKeys: [options.hostKey],
        ...(options.loginBanner && { banner: options.loginBanner }),
        ...(options.algorithms && { algorithms: options.algorithms }),
        ...(options.ident && { ident: options.ident }),
      },
      (connection) => this.accept(connection),
    );
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  listen(host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, () => resolve());
    });
  }

  drop(): void {
    for (const connection of this.connections) cut(connection);
  }

  close(): Promise<void> {
    this.drop();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private accept(connection: Connection): void {
    this.connections.add(connection);
    (connection as Connection & { _sock?: { setNoDelay(on: boolean): void } })._sock?.setNoDelay(true);
    let username = this.username;
    connection.on("error", () => {});
    connection.on("close", () => this.connections.delete(connection));
    connection.on("authentication", (context) => {
      username = context.username;
      this.authenticate(context);
    });
    connection.on("ready", () => {
      this.logins++;
      connection.on("session", (acceptSession) => {
        const session = acceptSession();
        session.on("pty", (accept) => accept?.());
        session.on("window-change", (accept) => accept?.());
        session.on("shell", (accept) => this.shell(accept(), connection, username));
        session.on("exec", (accept, _reject, info) => this.execute(accept(), info.command, username));
      });
      if (this.options.forwards) {
        connection.on("tcpip", (accept, _reject, info) => {
          const channel = accept();
          const target = connect({ host: info.destIP, port: info.destPort, noDelay: true });
          channel.pipe(target).pipe(channel);
          for (const end of [channel, target]) {
            end.on("error", () => {
              channel.destroy();
              target.destroy();
            });
          }
        });
      }
    });
  }

  private authenticate(context: AuthContext): void {
    const auth = this.options.auth ?? "password";
    const refuse = () => {
      if (context.method !== "none") this.failedLogins++;
      context.reject([
        auth === "none" ? "none" : auth,
        ...(this.options.authorizedKeys?.length ? (["publickey"] as const) : []),
      ]);
    };
    if (auth === "none") {
      context.accept();
      return;
    }
    if (context.username !== this.username) {
      refuse();
      return;
    }
    if (context.method === "password" && auth === "password") {
      same(context.password, this.password) ? context.accept() : refuse();
      return;
    }
    if (context.method === "keyboard-interactive" && auth === "keyboard-interactive") {
      context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
        if (same(answers[0] ?? "", this.password)) context.accept();
        else refuse();
      });
      return;
    }
    if (context.method === "publickey" && this.trusted(context.key.data)) {
      if (!context.signature || !context.blob) {
        context.accept();
        return;
      }
      const key = ssh2.utils.parseKey(`${context.key.algo} ${context.key.data.toString("base64")}`);
      if (!(key instanceof Error) && verified(key, context)) {
        context.accept();
        return;
      }
    }
    refuse();
  }

  private trusted(key: Buffer): boolean {
    return (this.options.authorizedKeys ?? []).some(
      (line) => line.split(/\s+/)[1] === key.toString("base64"),
    );
  }

  private shell(channel: ServerChannel, connection: Connection, username: string): void {
    this.open++;
    this.most = Math.max(this.most, this.open);
    channel.on("error", () => {});
    channel.once("close", () => this.open--);
    const terminal = {
      write: (text: string) => {
        if (channel.writable) channel.write(text);
      },
      end: (abruptly: boolean) => {
        if (abruptly) return cut(connection);
        channel.exit(0);
        channel.end();
      },
    };
    const session = new Session(this.device, terminal, ++this.count, username);
    channel.on("data", (data: Buffer) => session.input(data.toString("utf8")));
    session.start();
  }

  /** A single command without a terminal, as `ssh host command`. */
  private execute(channel: ServerChannel, command: string, username: string): void {
    const { about, options, hostname, lines } = this.device;
    lines.push({ session: ++this.count, mode: "program", line: command, at: Date.now() });
    channel.on("error", () => {});
    const output = options.outputs[command] ?? about.outputs[command];
    if (output !== undefined)
      channel.write(output.replaceAll("{hostname}", hostname).replaceAll("{username}", username));
    else
      channel.stderr.write(
        about.invalid.replaceAll("{word}", command.split(/\s/)[0] ?? "").replaceAll("\r", ""),
      );
    channel.exit(output !== undefined ? 0 : 127);
    channel.end();
  }
}

/** Ends a connection without a word. */
export function cut(connection: Connection): void {
  (connection as Connection & { _sock?: { destroy(): void } })._sock?.destroy();
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function verified(
  key: ssh2.ParsedKey,
  context: { blob?: Buffer; signature?: Buffer; hashAlgo?: string },
): boolean {
  if (!context.blob || !context.signature) return false;
  return key.verify(context.blob, context.signature, context.hashAlgo) === true;
}

/** `SHA256:…` of a private host key. */
export function fingerprintOf(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  const single = Array.isArray(key) ? key[0] : key;
  const hash = createHash("sha256")
    .update((single as ssh2.ParsedKey).getPublicSSH())
    .digest("base64");
  return `SHA256:${hash.replace(/=+$/, "")}`;
}
