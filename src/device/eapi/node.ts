import { ArgumentError } from "./argument-error.ts";
import { CliVariants } from "./cli-variants.ts";
import { CommandError } from "./command-error.ts";
import { splitSections } from "./sections.ts";

/** A command of a request: a line, or a line with its input or its model's revision. */
export type EapiCommand =
  | string
  | { readonly cmd: string; readonly input?: string | undefined; readonly revision?: number | undefined };

/** A configuration command: a line, a line with the input that it asks for, or alternatives of which the device knows one. */
export type ConfigCommand = string | { readonly cmd: string; readonly input?: string } | CliVariants;

/** Parameters of eAPI's `runCmds` besides the commands; only those that are given are sent. */
export interface RunOptions {
  readonly apiVersion?: number | "latest";
  readonly autoComplete?: boolean;
  readonly expandAliases?: boolean;
  readonly timestamps?: boolean;
  readonly streaming?: boolean;
}

export type Encoding = "json" | "text";

/** The parameters of `runCmds`, in eAPI's names. */
export interface RunCmds {
  readonly version: number | "latest";
  readonly cmds: readonly EapiCommand[];
  readonly format: Encoding;
  readonly autoComplete?: boolean;
  readonly expandAliases?: boolean;
  readonly timestamps?: boolean;
}

/** Sends one `runCmds` request and returns its results, one per command. Throws `CommandError` for the device's own refusal. */
export type Execute = (params: RunCmds, streaming: boolean) => Promise<readonly unknown[]>;

/** The result of a command. `response` is there for requests that carry all commands at once. */
export interface EnableResult {
  readonly command: EapiCommand;
  readonly result: unknown;
  readonly response?: unknown;
  readonly encoding: Encoding;
}

/** What is known about a device's software and hardware. */
interface Release {
  readonly version: string;
  readonly versionNumber: string;
  readonly model: string;
}

export interface NodeOptions {
  /** The enable password. */
  readonly enablepwd?: string | undefined;
  /** Read configurations anew after a change; true by default. */
  readonly autorefresh?: boolean;
  /** Read the running configuration with its defaults (`all`); true by default. */
  readonly configDefaults?: boolean;
  /** Makes the names of configuration sessions. */
  readonly sessionName?: () => string;
}

/**
 * One device behind eAPI, with pyeapi's calls.
 *
 * @example
 * const node = new EapiNode(execute, {});
 * await node.enable("show version"); // [{ command: "show version", result: { version: "4.31.0F", … }, encoding: "json" }]
 */
export class EapiNode {
  /** Why the device refused the last configuration, if it did. */
  lastError: CommandError | undefined;
  readonly #execute: Execute;
  readonly #options: NodeOptions;
  #running: string | undefined;
  #startup: string | undefined;
  #release: Release | undefined;
  #session: string | undefined;
  #sections: { readonly of: string; readonly map: ReturnType<typeof splitSections> } | undefined;

  constructor(execute: Execute, options: NodeOptions) {
    this.#execute = execute;
    this.#options = options;
  }

  /** The name of the open configuration session. */
  get sessionName(): string | undefined {
    return this.#session;
  }

  /** Runs commands in one request, privileged unless `sendEnable` is false; one result per command. */
  async runCommands(
    commands: EapiCommand | readonly EapiCommand[],
    encoding: Encoding = "json",
    options: RunOptions & { readonly sendEnable?: boolean } = {},
  ): Promise<unknown[]> {
    if (encoding !== "json" && encoding !== "text")
      throw new ArgumentError("encoding must be one of [json, text]");
    const { sendEnable = true, apiVersion = 1, streaming = false, ...switches } = options;
    const cmds = [commands].flat().map(withInput);
    if (sendEnable) {
      const { enablepwd } = this.#options;
      cmds.unshift(enablepwd ? { cmd: "enable", input: enablepwd } : "enable");
    }
    const params = { version: apiVersion, cmds, format: encoding, ...switches };
    const results = await this.#execute(params, streaming);
    return results.slice(sendEnable ? 1 : 0);
  }

  /** What one command prints; empty where its output was passed on as it arrived. */
  async text(
    command: EapiCommand,
    options: RunOptions & { readonly sendEnable?: boolean } = {},
  ): Promise<string> {
    const [result] = await this.runCommands(command, "text", options);
    return outputOf(result);
  }

  /** Runs commands that do not configure: a request each, as text where a command has no JSON form; all in one when `strict`. */
  async enable(
    commands: EapiCommand | readonly EapiCommand[],
    encoding: Encoding = "json",
    options: RunOptions & { readonly sendEnable?: boolean; readonly strict?: boolean } = {},
  ): Promise<EnableResult[]> {
    const { strict = false, ...run } = options;
    const list = [commands].flat();
    if (list.includes("configure")) throw new ArgumentError("config mode commands not supported");
    if (strict) {
      const results = await this.runCommands(list, encoding, run);
      return results.map((result, index) => ({
        command: list[index] ?? "",
        result,
        response: result,
        encoding,
      }));
    }
    const all: EnableResult[] = [];
    for (const command of list) all.push(await this.#enableOne(command, encoding, run));
    return all;
  }

  async #enableOne(
    command: EapiCommand,
    encoding: Encoding,
    options: RunOptions & { readonly sendEnable?: boolean },
  ): Promise<EnableResult> {
    try {
      const [result] = await this.runCommands(command, encoding, options);
      return { command, result, encoding };
    } catch (error) {
      if (!(error instanceof CommandError) || error.errorCode !== NO_JSON_FORM) throw error;
      const [result] = await this.runCommands(command, "text", options);
      return { command, result, encoding: "text" };
    }
  }

  /** Configures: in the open session, or at once. Of commands with variants the first sequence that the device takes counts. */
  async config(
    commands: ConfigCommand | readonly ConfigCommand[],
    options: RunOptions = {},
  ): Promise<unknown[]> {
    let refusal: unknown;
    for (const sequence of CliVariants.expand([commands].flat())) {
      try {
        return await (this.#session === undefined
          ? this.#configureTerminal(sequence, options)
          : this.#configureSession(sequence, "json", options));
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  async #configureTerminal(commands: readonly EapiCommand[], options: RunOptions): Promise<unknown[]> {
    const results = await this.runCommands(["configure terminal", ...commands], "json", options);
    if (this.#options.autorefresh ?? true) this.refresh();
    return results.slice(1);
  }

  async #configureSession(
    commands: readonly EapiCommand[],
    encoding: Encoding = "json",
    options: RunOptions = {},
  ): Promise<unknown[]> {
    if (this.#session === undefined)
      throw new CommandError({ code: -1, message: "Not currently in a session" });
    const results = await this.runCommands(
      [`configure session ${this.#session}`, ...commands],
      encoding,
      options,
    );
    return results.slice(1);
  }

  /** Opens a configuration session: what is configured from now on waits for `commit`. */
  configureSession(): void {
    this.#session ??= (this.#options.sessionName ?? (() => crypto.randomUUID()))();
  }

  /** What the open session would change. */
  async diff(): Promise<string> {
    const [result] = await this.#configureSession(["show session-config diffs"], "text");
    return outputOf(result);
  }

  /** Puts the open session into force and ends it; with a timer the device takes it back unless `confirmSession` comes in time. */
  async commit(timer?: string): Promise<unknown[]> {
    const results = await this.#configureSession([timer === undefined ? "commit" : `commit timer ${timer}`]);
    if (this.#options.autorefresh ?? true) this.refresh();
    if (timer === undefined) this.#session = undefined;
    return results;
  }

  /** Drops what the open session holds. */
  abort(): Promise<unknown[]> {
    return this.#configureSession(["abort"]);
  }

  /** Confirms a commit with a timer, outside of the session. */
  async confirmSession(): Promise<void> {
    if (this.#session === undefined)
      throw new CommandError({ code: -1, message: "Not currently in a session" });
    await this.runCommands(`configure session ${this.#session} commit`);
    this.#session = undefined;
  }

  /** Forgets the name of the session, whatever became of it on the device. */
  leaveSession(): void {
    this.#session = undefined;
  }

  /** The running or the startup configuration; `params` such as `all` or `section bgp` follow the command. */
  async getConfig(config = "running-config", params?: string): Promise<string> {
    if (config !== "running-config" && config !== "startup-config")
      throw new ArgumentError("invalid config name specified");
    const [result] = await this.runCommands(`show ${config}${params ? ` ${params}` : ""}`, "text");
    return outputOf(result);
  }

  async runningConfig(): Promise<string> {
    const params = (this.#options.configDefaults ?? true) ? "all" : undefined;
    this.#running ??= (await this.getConfig("running-config", params)).trim();
    return this.#running;
  }

  async startupConfig(): Promise<string> {
    this.#startup ??= (await this.getConfig("startup-config")).trim();
    return this.#startup;
  }

  /** Forgets what was read of the configurations. */
  refresh(): void {
    this.#running = undefined;
    this.#startup = undefined;
    this.#sections = undefined;
  }

  /** The first section whose heading matches. Throws an `ArgumentError` where there is none. */
  async section(heading: RegExp, config = "running_config"): Promise<string> {
    const text =
      config === "running_config"
        ? await this.runningConfig()
        : config === "startup_config"
          ? await this.startupConfig()
          : config;
    if (this.#sections?.of !== text) this.#sections = { of: text, map: splitSections(text) };
    for (const [key, section] of this.#sections.map) if (heading.test(key)) return section;
    throw new ArgumentError("config section not found");
  }

  async block(heading: RegExp): Promise<string | undefined> {
    try {
      return await this.section(heading);
    } catch (error) {
      if (error instanceof ArgumentError) return undefined;
      throw error;
    }
  }

  async configure(commands: readonly ConfigCommand[]): Promise<boolean> {
    try {
      await this.config(commands);
      this.lastError = undefined;
      return true;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.lastError = error;
      return false;
    }
  }

  async show(command: string): Promise<string> {
    const [result] = await this.enable(command, "text");
    return outputOf(result?.result);
  }

  /** Version, the number in it, and the model, of `show version`. */
  async release(): Promise<Release> {
    if (this.#release) return this.#release;
    const [shown] = await this.enable("show version");
    const facts = (shown?.result ?? {}) as { readonly version?: unknown; readonly modelName?: unknown };
    const [version, model] = [String(facts.version), String(facts.modelName)];
    this.#release = {
      version,
      versionNumber: /^[\d.]+/.exec(version)?.[0] ?? version,
      model: /\d{4}/.exec(model)?.[0] ?? model,
    };
    return this.#release;
  }

  async versionAtLeast(version: string): Promise<boolean> {
    const { versionNumber } = await this.release();
    const [own, least] = [versionNumber, version].map((number) => number.split(".").map(Number));
    for (const [index, number] of (least ?? []).entries()) {
      const ours = own?.[index] ?? 0;
      // A version that is no number is a special build, and those are recent.
      if (Number.isNaN(ours) || ours > number) return true;
      if (ours < number) return false;
    }
    return true;
  }
}

const NO_JSON_FORM = 1003;
const MULTILINE = "MULTILINE:";

/** `banner motd MULTILINE: text` is the command with the text as its input. */
function withInput(command: EapiCommand): EapiCommand {
  const text = typeof command === "string" ? command : command.cmd;
  if (!text.includes(MULTILINE)) return command;
  const [cmd = "", input = ""] = text.split(MULTILINE);
  return { cmd, input: `${input.trim()}\n` };
}

function outputOf(result: unknown): string {
  return typeof result === "object" && result !== null && "output" in result ? String(result.output) : "";
}
