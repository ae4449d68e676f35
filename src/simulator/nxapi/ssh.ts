import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { fingerprintOf } from "../listener.ts";
import { newHostKey } from "../simulate.ts";
import { fileName, type NxosDevice, type NxosShell } from "./nxos.ts";

/** The command line and the SCP server of a simulated NX-OS device. */
export interface SimulatedNxosSsh {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string;
  /** The lines of all sessions in order. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts both on the loopback address, for any password.
 *
 * @example
 * const nxos = new NxosDevice({ runningConfig: "hostname n9k1\n" });
 * const ssh = await simulateNxosSsh(nxos);
 */
export async function simulateNxosSsh(nxos: NxosDevice): Promise<SimulatedNxosSsh> {
  const hostKey = newHostKey();
  const received: string[] = [];
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (connection) => {
    connections.add(connection);
    (connection as Connection & { _sock?: { setNoDelay(on: boolean): void } })._sock?.setNoDelay(true);
    connection.on("error", () => {});
    connection.on("close", () => connections.delete(connection));
    connection.on("authentication", (context) =>
      context.method === "password" ? context.accept() : context.reject(["password"]),
    );
    connection.on("session", (accept) => {
      const session = accept();
      session.on("pty", (agree) => agree?.());
      session.on("shell", (agree) => new Terminal(agree(), nxos, received, () => connection.end()));
      session.on("exec", (agree, _refuse, { command }) => receiveFile(agree(), command, nxos));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: "127.0.0.1",
    port: (server.address() as AddressInfo).port,
    fingerprint: fingerprintOf(hostKey),
    received,
    close: () => {
      for (const connection of connections) connection.end();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** One session of the command line: echoes, answers and prompts. */
class Terminal {
  readonly #channel: ServerChannel;
  readonly #nxos: NxosDevice;
  readonly #shell: NxosShell;
  readonly #received: string[];
  readonly #hangUp: () => void;
  #configures = false;
  #line = "";

  constructor(channel: ServerChannel, nxos: NxosDevice, received: string[], hangUp: () => void) {
    this.#channel = channel;
    this.#hangUp = hangUp;
    this.#nxos = nxos;
    this.#shell = nxos.request();
    this.#received = received;
    channel.on("error", () => {});
    channel.on("data", (data: Buffer) => this.#input(data.toString("utf8")));
    channel.write(this.#prompt());
  }

  #input(text: string): void {
    for (const letter of text) {
      if (letter !== "\n" && letter !== "\r") this.#line += letter;
      else {
        const line = this.#line;
        this.#line = "";
        if (line.trim() !== "") this.#received.push(line);
        if (line === "exit" && !this.#configures) this.#hangUp();
        else this.#channel.write(`${line}\r\n${this.#answer(line)}${this.#prompt()}`);
      }
    }
  }

  #answer(line: string): string {
    if (line.trim() === "") return "";
    if (line === "configure terminal" || line === "end") {
      this.#configures = line !== "end";
      this.#shell.leaveSection();
      return "";
    }
    const answer = this.#configures ? this.#shell.run(line) : this.#shell.execute(line);
    const text = "error" in answer ? `${answer.error}\n` : answer.text;
    return text.replaceAll("\n", "\r\n");
  }

  #prompt(): string {
    const mode = this.#shell.section === undefined ? "config" : "config-if";
    return `${this.#nxos.hostname}${this.#configures ? `(${mode})` : ""}# `;
  }
}

/** `scp -t`: a record of the file's size, its bytes, a zero. */
function receiveFile(channel: ServerChannel, command: string, nxos: NxosDevice): void {
  const name = fileName(/^scp .*-t (\S+)$/.exec(command)?.[1] ?? "");
  let buffered = Buffer.alloc(0);
  let size: number | undefined;
  channel.on("error", () => {});
  channel.write("\0");
  channel.on("data", (data: Buffer) => {
    buffered = Buffer.concat([buffered, data]);
    if (size === undefined) {
      const end = buffered.indexOf("\n");
      if (end < 0) return;
      size = Number(buffered.toString("utf8", 0, end).split(" ")[1]);
      buffered = buffered.subarray(end + 1);
      channel.write("\0");
    }
    if (buffered.length <= size) return;
    nxos.files.set(name, buffered.toString("utf8", 0, size));
    channel.write("\0");
  });
  channel.on("end", () => {
    channel.exit(0);
    channel.end();
  });
}
