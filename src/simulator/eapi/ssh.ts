import type { AddressInfo } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { fingerprintOf } from "../listener.ts";
import { newHostKey } from "../simulate.ts";
import type { EosDevice, EosShell } from "./eos.ts";

/** The command line of a simulated EOS device. */
export interface SimulatedEosSsh {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string;
  /** The lines of all sessions in order. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts it on the loopback address, for any password: what the device answers over eAPI it prints, as JSON behind `| json`.
 *
 * @example
 * const ssh = await simulateEosSsh(new EosDevice({ replies: { "show hostname": { hostname: "leaf1" } } }));
 */
export async function simulateEosSsh(eos: EosDevice): Promise<SimulatedEosSsh> {
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
      session.on("shell", (agree) => new Terminal(agree(), eos.request(), received, () => connection.end()));
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

/** Lines that read a text up to a line that only says EOF. */
const READS_TEXT = /^(?:banner (?:login|motd|exec)|comment|code)$/;

/** One session: echoes, answers and prompts. */
class Terminal {
  readonly #channel: ServerChannel;
  readonly #shell: EosShell;
  readonly #received: string[];
  readonly #hangUp: () => void;
  #line = "";
  #vrf = "";
  /** The command whose text is being read, and what there is of it. */
  #text: { readonly command: string; readonly lines: string[] } | undefined;

  constructor(channel: ServerChannel, shell: EosShell, received: string[], hangUp: () => void) {
    this.#channel = channel;
    this.#shell = shell;
    this.#received = received;
    this.#hangUp = hangUp;
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
        if (line === "exit") this.#hangUp();
        else this.#channel.write(`${line}\r\n${this.#answer(line).replaceAll("\n", "\r\n")}`);
      }
    }
  }

  #answer(line: string): string {
    if (this.#text) {
      if (line !== "EOF") {
        this.#text.lines.push(line);
        return "";
      }
      const { command, lines } = this.#text;
      this.#text = undefined;
      return this.#run(command, lines.join("\n")) + this.#prompt();
    }
    if (this.#shell.session !== undefined && READS_TEXT.test(line)) {
      this.#text = { command: line, lines: [] };
      return "Enter TEXT message. Type 'EOF' on its own line to end.\n";
    }
    const vrf = /^cli vrf (\S+)$/.exec(line)?.[1];
    if (vrf !== undefined) this.#vrf = vrf === "default" ? "" : vrf;
    const isQuiet = vrf !== undefined || line === "" || /^terminal |^!/.test(line);
    const said = isQuiet ? "" : this.#run(line);
    if (/^(?:abort|commit)/.test(line)) this.#shell.leave();
    return said + this.#prompt();
  }

  #run(line: string, input?: string): string {
    const data = /^(.+?)\s+\| json$/.exec(line)?.[1];
    const answer = this.#shell.run(data ?? line, input, data === undefined ? "text" : "json");
    if ("error" in answer) return `% ${answer.error}\n`;
    if (data !== undefined) return `${JSON.stringify(answer.result, null, 4)}\n`;
    return String(answer.result.output ?? "");
  }

  #prompt(): string {
    const { privileged, session } = this.#shell;
    const vrf = this.#vrf === "" ? "" : `(vrf:${this.#vrf})`;
    const mode = session === undefined ? "" : `(config-s-${session.slice(0, 6)})`;
    return `leaf1${vrf}${mode}${privileged ? "#" : ">"}`;
  }
}
