import { createHash } from "node:crypto";
import { RunningConfig } from "../running-config.ts";

/** What one command came to. `body` is its data, where it has any. */
export type NxosAnswer = { readonly text: string; readonly body?: unknown } | { readonly error: string };

export interface NxosOptions {
  /** Answers to commands that this device does not know by itself: text, or data. */
  readonly replies?: Readonly<Record<string, unknown>>;
  /** Configuration lines that the device refuses. */
  readonly rejects?: readonly string[];
  readonly runningConfig?: string;
}

const OK: NxosAnswer = { text: "" };
const INVALID: NxosAnswer = { error: "% Invalid command" };
/** `bootflash:x`, `bootflash:/x` and `x` are the same file. */
export function fileName(path: string): string {
  return path.replace(/^bootflash:\/*/, "");
}

/** Lines that exist once at a place. */
const REPLACES = ["hostname", "description", "ip address", "mtu"];
const SECTIONS = /^(?:interface|router|vlan|vrf context|ip access-list|route-map|line) /;

/** The state of a simulated NX-OS device: its running configuration, the saved one, and files on its bootflash. */
export class NxosDevice {
  readonly running: RunningConfig;
  readonly files = new Map<string, string>();
  saved: string;
  readonly #options: NxosOptions;

  constructor(options: NxosOptions) {
    this.#options = options;
    this.running = new RunningConfig(REPLACES, options.runningConfig ?? "hostname n9k1\n");
    this.saved = this.running.text("");
  }

  get hostname(): string {
    return /^hostname (\S+)$/m.exec(this.running.text(""))?.[1] ?? "switch";
  }

  /** Begins a request: neither modes nor `terminal dont-ask` outlive it. */
  request(): NxosShell {
    return new NxosShell(this, this.#options);
  }
}

/** The command line during one request, or one session. */
export class NxosShell {
  readonly #device: NxosDevice;
  readonly #options: NxosOptions;
  #asks = true;
  #section: string | undefined;

  constructor(device: NxosDevice, options: NxosOptions) {
    this.#device = device;
    this.#options = options;
  }

  /** Enters a command as in configuration mode, where other commands are taken too. */
  run(command: string): NxosAnswer {
    return this.#known(command) ?? this.#configure(command);
  }

  /** The same outside of configuration mode. */
  execute(command: string): NxosAnswer {
    return this.#known(command) ?? INVALID;
  }

  /** The name of the section that lines go into; undefined at the top. */
  get section(): string | undefined {
    return this.#section;
  }

  leaveSection(): void {
    this.#section = undefined;
  }

  #known(command: string): NxosAnswer | undefined {
    const own = this.#options.replies?.[command];
    if (own !== undefined) return typeof own === "string" ? { text: own } : { text: "", body: own };
    return this.#session(command) ?? this.#file(command);
  }

  #session(command: string): NxosAnswer | undefined {
    const device = this.#device;
    if (command === "show hostname") {
      const { hostname } = device;
      return { text: `${hostname} \n`, body: { hostname } };
    }
    if (/^show running-config(?: all)?$/.test(command))
      return {
        text: `\n!Command: ${command}\n!Time: Wed Nov 25 01:02:03 2026\n\n${device.running.text("")}`,
      };
    if (command === "show startup-config") return { text: device.saved };
    if (/^terminal (?:width|length) \d+$/.test(command)) return OK;
    if (command === "terminal dont-ask" || command === "no terminal dont-ask") {
      this.#asks = command.startsWith("no ");
      return OK;
    }
    if (/^copy run(?:ning-config)? startup-config$/.test(command)) {
      device.saved = device.running.text("");
      return { text: "[########################################] 100%\nCopy complete.\n" };
    }
    return undefined;
  }

  #file(command: string): NxosAnswer | undefined {
    const { files, running } = this.#device;
    const [, made = ""] = /^checkpoint file (\S+)$/.exec(command) ?? [];
    if (made !== "") {
      if (this.#asks && files.has(made)) return { error: "ERROR: the file exists already" };
      files.set(made, running.text(""));
      return { text: "Done\n" };
    }
    const [, listed] = /^dir (\S+)$/.exec(command) ?? [];
    if (listed !== undefined) return { text: this.#directory(fileName(listed)) };
    const [, summed = "", algorithm = ""] = /^show file (\S+) (sha256|md5)sum$/.exec(command) ?? [];
    if (summed !== "") {
      const content = files.get(fileName(summed));
      if (content === undefined) return { error: "No such file or directory" };
      return { text: `${createHash(algorithm).update(content).digest("hex")}\n` };
    }
    const [, deleted = ""] = /^delete (\S+)(?: no-prompt)?$/.exec(command) ?? [];
    if (deleted !== "") return files.delete(fileName(deleted)) ? OK : { error: "No such file or directory" };
    const [, from = "", to = ""] = /^show diff rollback-patch file (\S+) file (\S+)$/.exec(command) ?? [];
    if (from !== "") return this.#patch(files.get(from), files.get(to));
    const [, restored] = /^rollback running-config file (\S+)$/.exec(command) ?? [];
    if (restored === undefined) return undefined;
    const kept = files.get(restored);
    if (kept === undefined) return { error: "ERROR: No such file" };
    running.become(new RunningConfig(REPLACES, kept));
    return {
      text: "Generating Rollback Patch\nVerification is Successful.\n\nRollback completed successfully.\n",
    };
  }

  #directory(name: string): string {
    const { files } = this.#device;
    const found = [...files].filter(([file]) => name === "" || file === name);
    if (name !== "" && found.length === 0) return "No such file or directory\n";
    const rows = found.map(
      ([file, { length }]) => `${String(length).padStart(9)}    Sep 06 14:13:33 2026  ${file}\n`,
    );
    return `${rows.join("")}\nUsage for bootflash://sup-local\n  100000 bytes used\n  900000 bytes free\n 1000000 bytes total\n`;
  }

  #patch(before: string | undefined, after: string | undefined): NxosAnswer {
    if (before === undefined || after === undefined) return { error: "ERROR: No such file" };
    const [from, to] = [before, after].map((text) => new RunningConfig(REPLACES, text));
    const patch = to ? (from?.differences(to) ?? "") : "";
    return {
      text: `Collecting Running-Config\n#Generating Rollback Patch\n!!\n${patch || "Rollback Patch is Empty"}\n`,
    };
  }

  #configure(command: string): NxosAnswer {
    const line = command.trim();
    if (line.startsWith("show ") || line === "" || this.#options.rejects?.includes(line)) return INVALID;
    const isIndented = /^\s/.test(command);
    this.#device.running.apply(isIndented && this.#section !== undefined ? [this.#section] : [], line);
    if (!isIndented) this.#section = SECTIONS.test(line) ? line : undefined;
    return OK;
  }
}
