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

  /** Begins a request: neither modes nor `terminal dont-ask` outlive it. */
  request(): NxosShell {
    return new NxosShell(this, this.#options);
  }
}

/** The command line during one request. */
export class NxosShell {
  readonly #device: NxosDevice;
  readonly #options: NxosOptions;
  #asks = true;
  #section: string | undefined;

  constructor(device: NxosDevice, options: NxosOptions) {
    this.#device = device;
    this.#options = options;
  }

  run(command: string): NxosAnswer {
    const own = this.#options.replies?.[command];
    if (own !== undefined) return typeof own === "string" ? { text: own } : { text: "", body: own };
    return this.#session(command) ?? this.#file(command) ?? this.#configure(command);
  }

  #session(command: string): NxosAnswer | undefined {
    const device = this.#device;
    if (command === "show hostname") {
      const hostname = /^hostname (\S+)$/m.exec(device.running.text(""))?.[1] ?? "switch";
      return { text: `${hostname} \n`, body: { hostname } };
    }
    if (/^show running-config(?: all)?$/.test(command))
      return {
        text: `\n!Command: ${command}\n!Time: Wed Nov 25 01:02:03 2026\n\n${device.running.text("")}`,
      };
    if (command === "show startup-config") return { text: device.saved };
    if (command === "terminal dont-ask" || command === "no terminal dont-ask") {
      this.#asks = command.startsWith("no ");
      return OK;
    }
    if (command === "copy run startup-config") {
      device.saved = device.running.text("");
      return { text: "[########################################] 100%\nCopy complete.\n" };
    }
    return undefined;
  }

  #file(command: string): NxosAnswer | undefined {
    const { files, running } = this.#device;
    const [, made] = /^checkpoint file (\S+)$/.exec(command) ?? [];
    if (made !== undefined) {
      if (this.#asks && files.has(made)) return { error: "ERROR: the file exists already" };
      files.set(made, running.text(""));
      return { text: "Done\n" };
    }
    const [, listed] = /^dir (\S+)$/.exec(command) ?? [];
    if (listed !== undefined)
      return {
        text: files.has(listed)
          ? `  ${files.get(listed)?.length}  ${listed}\n`
          : "No such file or directory\n",
      };
    const [, deleted] = /^delete (\S+)$/.exec(command) ?? [];
    if (deleted !== undefined) return files.delete(deleted) ? OK : { error: "No such file or directory" };
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
    if (line.startsWith("show ") || line === "" || this.#options.rejects?.includes(line))
      return { error: "% Invalid command" };
    const isIndented = /^\s/.test(command);
    this.#device.running.apply(isIndented && this.#section !== undefined ? [this.#section] : [], line);
    if (!isIndented) this.#section = SECTIONS.test(line) ? line : undefined;
    return OK;
  }
}
