import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { fingerprint } from "../../../src/device/host-key.ts";
import { newHostKey } from "../../../src/simulator/index.ts";

export interface ScpDeviceOptions {
  /** `ip scp server enable`. */
  readonly scp?: boolean;
  /** Size of its flash. */
  readonly flashBytes?: number;
  /** Spoils a byte of what arrives. */
  readonly spoils?: boolean;
  /** Cuts the connection of a file that arrives after so many bytes of it, once. */
  cutAfter?: number;
}

/** A router with a flash: a command line for one session a connection, and SCP on a connection of its own. */
export interface ScpDevice {
  readonly port: number;
  readonly fingerprint: string;
  readonly flash: Map<string, Buffer>;
  /** What the command line received; an empty line is a sign of life. */
  readonly received: string[];
  readonly logins: number;
  close(): Promise<void>;
}

export async function startScpDevice(options: ScpDeviceOptions = {}): Promise<ScpDevice> {
  const hostKey = newHostKey();
  const flash = new Map<string, Buffer>();
  const received: string[] = [];
  const connections = new Set<Connection>();
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connections.add(connection);
    connection.on("error", () => {});
    connection.on("close", () => connections.delete(connection));
    connection.on("authentication", (context) =>
      context.method === "password" ? context.accept() : context.reject(["password"]),
    );
    connection.on("ready", () => {
      logins += 1;
      let channels = 0;
      connection.on("session", (accept, reject) => {
        // As many routers do: a second channel ends the connection.
        if (channels++ > 0) {
          reject();
          connection.end();
          return;
        }
        const session = accept();
        session.on("pty", (agree) => agree?.());
        session.on("shell", (agree) => commandLine(agree(), flash, received, options));
        session.on("exec", (agree, refuse, { command }) => {
          if (options.scp === false) refuse();
          else copy(agree(), command, flash, options, () => connection.end());
        });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const key = ssh2.utils.parseKey(hostKey);
  if (key instanceof Error) throw key;
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: fingerprint(key.getPublicSSH()),
    flash,
    received,
    get logins() {
      return logins;
    },
    close: () => {
      for (const connection of connections) connection.end();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function commandLine(
  channel: ServerChannel,
  flash: Map<string, Buffer>,
  received: string[],
  { flashBytes = 1_000_000 }: ScpDeviceOptions,
): void {
  const prompt = "\r\nr1#";
  const free = () => flashBytes - [...flash.values()].reduce((sum, { length }) => sum + length, 0);
  const answer = (line: string): string => {
    const [, verb, name = ""] = /^(verify \/md5|dir|delete \/force) flash:(.*)$/.exec(line) ?? [];
    const file = flash.get(name);
    if (verb === undefined) return "";
    if (verb === "dir" && name === "") return `${flashBytes} bytes total (${free()} bytes free)`;
    if (!file) return `%Error opening flash:/${name} (No such file or directory)`;
    if (verb === "dir")
      return [
        `Directory of flash:/${name}`,
        "",
        `    2  -rw-  ${file.length}   Mar 1 1993 00:01:10 +00:00  ${name}`,
        "",
        `${flashBytes} bytes total (${free()} bytes free)`,
      ].join("\r\n");
    if (verb === "delete /force") {
      flash.delete(name);
      return "";
    }
    return `.....Done!\r\nverify /md5 (flash:${name}) = ${createHash("md5").update(file).digest("hex")}`;
  };
  let line = "";
  channel.on("error", () => {});
  channel.write(prompt);
  channel.on("data", (data: Buffer) => {
    for (const letter of data.toString("utf8")) {
      if (letter !== "\n" && letter !== "\r") line += letter;
      else {
        const said = line.trim();
        line = "";
        received.push(said);
        if (said === "exit") channel.end();
        else channel.write(`${said}\r\n${answer(said)}${prompt}`);
      }
    }
  });
}

function copy(
  channel: ServerChannel,
  command: string,
  flash: Map<string, Buffer>,
  options: ScpDeviceOptions,
  cut: () => void,
): void {
  const [, direction, name = ""] = /^scp -([tf]) flash:(.*)$/.exec(command) ?? [];
  const end = () => {
    channel.exit(0);
    channel.end();
  };
  channel.on("error", () => {});
  if (direction === "f") {
    const file = flash.get(name);
    const steps = file
      ? [`C0644 ${file.length} ${name}\n`, Buffer.concat([file, Buffer.of(0)])]
      : [`\x01scp: flash:${name}: No such file or directory\n`];
    channel.on("data", () => {
      const next = steps.shift();
      if (next === undefined) end();
      else channel.write(next);
    });
    return;
  }
  let buffered = Buffer.alloc(0);
  let size: number | undefined;
  channel.write("\0");
  channel.on("data", (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    if (size === undefined) {
      const end = buffered.indexOf(10);
      if (end < 0) return;
      size = Number(buffered.toString("utf8", 0, end).split(" ")[1]);
      buffered = buffered.subarray(end + 1);
      channel.write("\0");
    }
    flash.set(name, Buffer.from(buffered.subarray(0, size)));
    if (options.cutAfter !== undefined && buffered.length >= options.cutAfter) {
      delete options.cutAfter;
      cut();
      return;
    }
    if (buffered.length <= size) return;
    if (options.spoils) flash.get(name)?.writeUInt8(0xff, 0);
    channel.write("\0");
  });
  channel.on("end", end);
}
