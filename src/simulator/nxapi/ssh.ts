import type { ServerChannel } from "ssh2";
import { type CommandLineSession, type SimulatedCommandLine, simulateCommandLine } from "../command-line.ts";
import { fileName, type NxosDevice, type NxosShell } from "./nxos.ts";

/**
 * Starts the command line and the SCP server of a simulated NX-OS device.
 *
 * @example
 * const nxos = new NxosDevice({ runningConfig: "hostname n9k1\n" });
 * const ssh = await simulateNxosSsh(nxos);
 */
export function simulateNxosSsh(nxos: NxosDevice): Promise<SimulatedCommandLine> {
  return simulateCommandLine(() => new NxosCommandLine(nxos), {
    exec: (channel, command) => receiveFile(channel, command, nxos),
  });
}

class NxosCommandLine implements CommandLineSession {
  readonly #nxos: NxosDevice;
  readonly #shell: NxosShell;
  #configures = false;

  constructor(nxos: NxosDevice) {
    this.#nxos = nxos;
    this.#shell = nxos.request();
  }

  get prompt(): string {
    const mode = this.#shell.section === undefined ? "config" : "config-if";
    return `${this.#nxos.hostname}${this.#configures ? `(${mode})` : ""}# `;
  }

  answer(line: string): string | undefined {
    if (line === "exit" && !this.#configures) return undefined;
    if (line.trim() === "") return "";
    if (line === "configure terminal" || line === "end") {
      this.#configures = line !== "end";
      this.#shell.leaveSection();
      return "";
    }
    const answer = this.#configures ? this.#shell.run(line) : this.#shell.execute(line);
    return "error" in answer ? `${answer.error}\n` : answer.text;
  }
}

/** `scp -t`: a record of the file's size, its bytes, a zero. */
function receiveFile(channel: ServerChannel, command: string, nxos: NxosDevice): void {
  const name = fileName(/^scp .*-t (\S+)$/.exec(command)?.[1] ?? "");
  let buffered = Buffer.alloc(0);
  let size: number | undefined;
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
