import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { cut, fingerprintOf } from "./listener.ts";
import { newHostKey } from "./simulate.ts";

export interface SshServerOptions {
  readonly username?: string;
  readonly password?: string;
  /** Takes the channel of a shell; absent: shells are refused. */
  readonly shell?: (channel: ServerChannel, connection: Connection) => void;
  /** Takes the channel of a single command; absent: they are refused. */
  readonly exec?: (channel: ServerChannel, command: string) => void;
  /** Takes the channel of a subsystem by its name; those that are not there are refused. */
  readonly subsystems?: Readonly<Record<string, (channel: ServerChannel, connection: Connection) => void>>;
}

/** An SSH server on the loopback address. */
export interface RunningSshServer {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** `SHA256:…` of its host key. */
  readonly fingerprint: string;
  readonly logins: number;
  /** Cuts every connection as a crash would. */
  drop(): void;
  close(): Promise<void>;
}

/** Starts an SSH server that lets one user in by password and hands out channels. */
export async function startSshServer(options: SshServerOptions): Promise<RunningSshServer> {
  const { username = "admin", password = "admin" } = options;
  const key = newHostKey();
  const connections = new Set<Connection>();
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [key] }, (connection) => {
    connections.add(connection);
    (connection as Connection & { _sock?: { setNoDelay(on: boolean): void } })._sock?.setNoDelay(true);
    connection.on("error", () => {});
    connection.on("close", () => connections.delete(connection));
    connection.on("authentication", (context) => {
      const given =
        context.method === "password" && context.username === username && context.password === password;
      if (given) context.accept();
      else context.reject(["password"]);
    });
    connection.on("ready", () => {
      logins++;
      connection.on("session", (accept) => serve(accept(), connection, options));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const drop = () => {
    for (const connection of connections) cut(connection);
  };
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    username,
    password,
    fingerprint: fingerprintOf(key),
    get logins() {
      return logins;
    },
    drop,
    close: () => {
      drop();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(session: ssh2.Session, connection: Connection, options: SshServerOptions): void {
  session.on("pty", (accept) => accept?.());
  session.on("shell", (accept, reject) => {
    if (!options.shell) return reject?.();
    const channel = accept();
    channel.on("error", () => {});
    options.shell(channel, connection);
  });
  session.on("exec", (accept, reject, { command }) => {
    if (!options.exec) return reject?.();
    const channel = accept();
    channel.on("error", () => {});
    options.exec(channel, command);
  });
  session.on("subsystem", (accept, reject, { name }) => {
    const serving = options.subsystems?.[name];
    if (!serving) return reject?.();
    const channel = accept();
    channel.on("error", () => {});
    serving(channel, connection);
  });
}
