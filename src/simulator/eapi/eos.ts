/** What one command came to: its result, or why it failed. */
export type EosAnswer =
  | { readonly result: Readonly<Record<string, unknown>> }
  | { readonly code: number; readonly error: string };

export interface EosOptions {
  /** Replies to commands that this device does not know by itself; a function sees the format that was asked for. */
  readonly replies?: Readonly<
    Record<string, Readonly<Record<string, unknown>> | ((format: string) => EosAnswer | undefined)>
  >;
  /** Configuration lines that the device refuses. */
  readonly rejects?: readonly string[];
  readonly runningConfig?: readonly string[];
  readonly version?: string;
  readonly enablePassword?: string;
}

/** The state of a simulated EOS device: a running configuration of lines, a saved one, and configuration sessions. */
export class EosDevice {
  running: string[];
  saved: string[] | undefined;
  /** The session that was committed with a timer and still waits to be confirmed. */
  pending: { readonly name: string; readonly before: string[] } | undefined;
  readonly sessions = new Map<string, string[]>();
  /** Copies of the configuration by file name, such as `flash:before`. */
  readonly files = new Map<string, string[]>();
  readonly #options: EosOptions;

  constructor(options: EosOptions) {
    this.#options = options;
    this.running = [...(options.runningConfig ?? ["hostname leaf1"])];
  }

  /** Begins a request: modes do not outlive it. */
  request(): EosShell {
    return new EosShell(this, this.#options);
  }

  /** What happens when the timer of a commit runs out. */
  expire(): void {
    if (!this.pending) return;
    this.running = this.pending.before;
    this.pending = undefined;
  }
}

const OK: EosAnswer = { result: {} };

/** The command line during one request, or during one session over SSH. */
export class EosShell {
  readonly #device: EosDevice;
  readonly #options: EosOptions;
  #privileged = false;
  /** The configuration that lines go into: the running one or a session's. */
  #target: { readonly session?: string } | undefined;

  constructor(device: EosDevice, options: EosOptions) {
    this.#device = device;
    this.#options = options;
  }

  get privileged(): boolean {
    return this.#privileged;
  }

  /** The configuration session that it is in. */
  get session(): string | undefined {
    return this.#target?.session;
  }

  /** Out of configuration. */
  leave(): void {
    this.#target = undefined;
  }

  run(command: string, input: string | undefined, format: string): EosAnswer {
    const own = this.#options.replies?.[command];
    const replied = typeof own === "function" ? own(format) : own && { result: own };
    if (replied) return replied;
    const known = this.#known(command, input, format);
    if (known) return known;
    return this.#target ? this.#configure(command, input) : invalid(command);
  }

  #known(command: string, input: string | undefined, format: string): EosAnswer | undefined {
    const device = this.#device;
    if (command === "enable") return this.#enable(input);
    if (command === "show version") return this.#version(format);
    if (/^show (?:running|startup)-config(?: all)?$/.test(command))
      return text(`${(command.includes("startup") ? (device.saved ?? []) : device.running).join("\n")}\n`);
    if (command === "show clock") return text("Wed Nov 25 01:02:03 2026\n");
    if (command === "write memory") {
      device.saved = [...device.running];
      return OK;
    }
    if (command === "configure terminal") {
      this.#target = {};
      return OK;
    }
    return this.#fileCommand(command) ?? this.#sessionCommand(command);
  }

  #fileCommand(command: string): EosAnswer | undefined {
    const device = this.#device;
    const [, from, copy] = /^copy (running|startup)-config (flash:\S+)$/.exec(command) ?? [];
    if (copy !== undefined) {
      device.files.set(copy, [...(from === "running" ? device.running : (device.saved ?? []))]);
      return OK;
    }
    const file = /^configure replace (flash:\S+)$/.exec(command)?.[1];
    if (file === undefined) return undefined;
    const kept = device.files.get(file);
    if (!kept) return { code: 1000, error: `${file}: no such file` };
    device.running = [...kept];
    return OK;
  }

  #enable(input: string | undefined): EosAnswer {
    const { enablePassword } = this.#options;
    if (enablePassword !== undefined && input !== enablePassword)
      return { code: 1005, error: `command unauthorized: enable input=${input ?? ""} refused` };
    this.#privileged = true;
    return OK;
  }

  #version(format: string): EosAnswer {
    const version = this.#options.version ?? "4.31.0F";
    return format === "text" ? text(`Arista vEOS\n${version}\n`) : { result: { version, modelName: "vEOS" } };
  }

  #sessionCommand(command: string): EosAnswer | undefined {
    const device = this.#device;
    if (/^show configuration sessions(?: detail)?$/.test(command)) return { result: this.#list() };
    const shown = /^show session-config named (\S+)(?: sanitized)?$/.exec(command)?.[1];
    if (shown !== undefined) return text(`${(device.sessions.get(shown) ?? []).join("\n")}\n`);
    const named = /^show session-config named (\S+) diffs$/.exec(command)?.[1];
    if (named !== undefined) {
      const heading = "--- system:/running-config\n+++ session:/session-config\n";
      const diff = this.#diff(named);
      return text(diff === "" ? "" : `${heading}${diff}`);
    }
    const [, name = "", action] =
      /^configure session (\S+)(?: (commit(?: timer \d\d:\d\d:\d\d)?|abort))?$/.exec(command) ?? [];
    if (name !== "" && !this.#privileged)
      return { code: 1002, error: "Invalid input (privileged mode required)" };
    if (name !== "" && action !== undefined) return this.#settle(name, action);
    if (name !== "") {
      if (!device.sessions.has(name)) device.sessions.set(name, [...device.running]);
      this.#target = { session: name };
      return OK;
    }
    const session = this.#target?.session;
    if (session === undefined) return undefined;
    if (command === "show session-config diffs") return text(this.#diff(session));
    if (command === "rollback clean-config") {
      device.sessions.set(session, []);
      return OK;
    }
    if (command === "end") {
      this.#target = undefined;
      return OK;
    }
    if (command === "abort") {
      device.sessions.delete(session);
      return OK;
    }
    if (command !== "commit" && !/^commit timer \d\d:\d\d:\d\d$/.test(command)) return undefined;
    return this.#commit(session, command);
  }

  #commit(session: string, command: string): EosAnswer {
    const device = this.#device;
    const before = device.running;
    device.running = device.sessions.get(session) ?? device.running;
    device.sessions.delete(session);
    device.pending = command === "commit" ? undefined : { name: session, before };
    return OK;
  }

  #settle(name: string, action: string): EosAnswer {
    const device = this.#device;
    if (device.pending?.name === name) {
      if (action === "abort") device.expire();
      device.pending = undefined;
      return OK;
    }
    if (!device.sessions.has(name)) return { code: 1000, error: `session ${name} is not pending` };
    if (action !== "abort") return this.#commit(name, action);
    device.sessions.delete(name);
    return OK;
  }

  #list(): Readonly<Record<string, unknown>> {
    const { sessions, pending } = this.#device;
    const open = [...sessions.keys()].map((name) => [name, { state: "pending" }]);
    const waiting = pending ? [[pending.name, { state: "pendingCommitTimer", commitBy: 900 }]] : [];
    return { sessions: Object.fromEntries([...open, ...waiting]), maxOpenSessions: 5 };
  }

  #diff(session: string): string {
    const lines = this.#device.sessions.get(session) ?? [];
    const added = lines.filter((line) => !this.#device.running.includes(line)).map((line) => `+${line}`);
    const removed = this.#device.running.filter((line) => !lines.includes(line)).map((line) => `-${line}`);
    return [...removed, ...added].map((line) => `${line}\n`).join("");
  }

  #configure(command: string, input: string | undefined): EosAnswer {
    if (this.#options.rejects?.includes(command)) return invalid(command);
    const { session } = this.#target ?? {};
    const lines = session === undefined ? this.#device.running : (this.#device.sessions.get(session) ?? []);
    const line = input === undefined ? command : `${command}\n${input}EOF`;
    const removed = /^no (.+)$/.exec(line)?.[1];
    const next = removed === undefined ? [...lines, line] : lines.filter((one) => !one.startsWith(removed));
    if (session === undefined) this.#device.running = next;
    else this.#device.sessions.set(session, next);
    return OK;
  }
}

function invalid(command: string): EosAnswer {
  return { code: 1002, error: `Invalid input (at token 0: '${command.split(" ")[0]}')` };
}

function text(output: string): EosAnswer {
  return { result: { output } };
}
