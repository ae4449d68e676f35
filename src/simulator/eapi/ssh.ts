import { type CommandLineSession, type SimulatedCommandLine, simulateCommandLine } from "../command-line.ts";
import type { EosDevice, EosShell } from "./eos.ts";

/**
 * Starts the command line of a simulated EOS device: what the device answers over eAPI it prints, as JSON behind `| json`.
 *
 * @example
 * const ssh = await simulateEosSsh(new EosDevice({ replies: { "show hostname": { hostname: "leaf1" } } }));
 */
export function simulateEosSsh(eos: EosDevice): Promise<SimulatedCommandLine> {
  return simulateCommandLine(() => new EosCommandLine(eos.request()));
}

/** Lines that read a text up to a line that only says EOF. */
const READS_TEXT = /^(?:banner (?:login|motd|exec)|comment|code)$/;

class EosCommandLine implements CommandLineSession {
  readonly #shell: EosShell;
  #vrf = "";
  /** The command whose text is being read, and what there is of it. */
  #text: { readonly command: string; readonly lines: string[] } | undefined;

  constructor(shell: EosShell) {
    this.#shell = shell;
  }

  get prompt(): string {
    if (this.#text) return "";
    const { privileged, session } = this.#shell;
    const vrf = this.#vrf === "" ? "" : `(vrf:${this.#vrf})`;
    const mode = session === undefined ? "" : `(config-s-${session.slice(0, 6)})`;
    return `leaf1${vrf}${mode}${privileged ? "#" : ">"}`;
  }

  answer(line: string): string | undefined {
    if (line === "exit") return undefined;
    if (this.#text) {
      if (line !== "EOF") {
        this.#text.lines.push(line);
        return "";
      }
      const { command, lines } = this.#text;
      this.#text = undefined;
      return this.#run(command, lines.join("\n"));
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
    return said;
  }

  #run(line: string, input?: string): string {
    const data = /^(.+?)\s+\| json$/.exec(line)?.[1];
    const answer = this.#shell.run(data ?? line, input, data === undefined ? "text" : "json");
    if ("error" in answer) return `% ${answer.error}\n`;
    if (data !== undefined) return `${JSON.stringify(answer.result, null, 4)}\n`;
    return String(answer.result.output ?? "");
  }
}
