import { type DeviceType, type DeviceTypes, recordedAnswers } from "./device-type.ts";
import type { FakeDeviceOptions } from "./options.ts";

export type FakeMode = "user" | "enable" | "config";

/** What happens after a line besides its text. */
export interface Answer {
  readonly text: string;
  readonly delayMs?: number;
  readonly after?: "hang" | "close" | "syslog";
}

/** Commands that enter configuration mode although the recorded facts do not say so. */
const MORE_WAYS_TO_CONFIG: Readonly<Record<string, readonly string[]>> = { endace: ["conf t"] };
const WAYS_OUT_OF_CONFIG = [
  "end",
  "exit",
  "quit",
  "return",
  "exit all",
  "quit-config",
  "enter running",
  "exit configuration-mode",
];

const VERSION = [
  "Cisco IOS Software, C3560CX Software (C3560CX-UNIVERSALK9-M), Version 15.2(4)E7, RELEASE SOFTWARE (fc2)",
  "ROM: Bootstrap program is C3560CX boot loader",
  "",
  "dev1 uptime is 5 weeks, 1 day, 2 hours, 30 minutes",
  'System image file is "flash:c3560cx-universalk9-mz.152-4.E7.bin"',
  ...Array.from(
    { length: 24 },
    (_, i) => `line ${i} of a realistic show version output with some padding text here`,
  ),
  "Configuration register is 0xF",
].join("\r\n");

/** The command line of one session: modes, prompts and answers, without input and output. */
export class CommandLine {
  mode: FakeMode;
  paging: boolean;
  /** Where a mode command leads, per mode. */
  private readonly ways: Record<FakeMode, Map<string, FakeMode>> = {
    user: new Map(),
    enable: new Map(),
    config: new Map(),
  };
  private readonly prompts: Record<FakeMode, string>;
  private readonly responses: ReadonlyMap<string, string>;
  private readonly pagingCommands: ReadonlySet<string>;
  /** The mode after configuration. */
  readonly home: FakeMode;
  private host: string | undefined;

  constructor(name: string, types: DeviceTypes, options: FakeDeviceOptions) {
    const type = types.types.get(name);
    if (!type) throw new Error(`platforms.json has no device type ${name}.`);
    const examples = { ...type.prompt.example_prompts };
    if (type.no_enable) examples.user = examples.enable;
    const same = examples.enable === examples.config;
    this.prompts = examples;
    this.home = type.no_enable || same ? "user" : "enable";
    this.mode = options.user === "enable" ? "enable" : "user";
    this.host = options.host;
    this.paging = options.pager ?? false;
    this.pagingCommands = new Set(type.session_preparation.paging_commands);
    this.responses = new Map([...recordedAnswers(type), ...Object.entries(types.responses[name] ?? {})]);
    this.connectModes(name, type, same, options.configCommands ?? []);
  }

  prompt(): string {
    const prompt = this.prompts[this.mode];
    return this.host ? prompt.replaceAll("dev1", this.host) : prompt;
  }

  /** The mode to which a line leads from here. */
  wayOf(line: string): FakeMode | undefined {
    return this.ways[this.mode].get(line);
  }

  /** Called for every command: a paging command ends paging. */
  notice(line: string): void {
    if (this.pagingCommands.has(line)) this.paging = false;
  }

  answer(line: string): Answer {
    if (line.startsWith("show big ")) return { text: bigOutput(Number(line.split(/\s+/)[2])) };
    if (line.startsWith("show slow ")) return { text: "done", delayMs: Number(line.split(/\s+/)[2]) * 1000 };
    if (line === "show clock" || line === "display clock") return { text: "12:00:00.000 UTC Mon Mar 1 2021" };
    if (line === "show version" || line === "display version") return { text: VERSION };
    if (line === "hang") return { text: "", after: "hang" };
    if (line === "die") return { text: "", after: "close" };
    if (line === "log") return { text: "", after: "syslog" };
    if (line.startsWith("bad"))
      return { text: "                 ^\r\n% Invalid input detected at '^' marker.\r\n" };
    if (this.mode === "config" && line.startsWith("hostname ")) {
      this.host = line.split(/\s+/)[1];
      return { text: "" };
    }
    for (const [key, text] of this.responses) {
      if (key === line || (key.startsWith("re:") && new RegExp(key.slice(3)).test(line))) return { text };
    }
    return { text: "" };
  }

  private connectModes(name: string, type: DeviceType, same: boolean, more: readonly string[]): void {
    const { user, enable, config } = this.ways;
    const enableCommand = type.enable.command?.trim();
    const enableExit = type.enable.exit_command?.trim();
    if (enableCommand && !type.no_enable) user.set(enableCommand, "enable");

    const firstSent = type.config.run_enter.dialogue
      .map((event) => (typeof event.send === "string" ? event.send.trim() : ""))
      .filter(Boolean)
      .slice(0, 1);
    const toConfig = [
      type.config.enter_command?.trim(),
      ...firstSent,
      ...(MORE_WAYS_TO_CONFIG[name] ?? []),
      "configure terminal",
      "configure",
      "config",
      ...more,
    ];
    for (const command of toConfig) {
      if (!command) continue;
      if (!enable.has(command)) enable.set(command, "config");
      if (!user.has(command)) user.set(command, "config");
    }
    for (const command of [type.config.exit_command?.trim(), ...WAYS_OUT_OF_CONFIG]) {
      if (command) config.set(command, this.home);
    }
    if (!enableExit) return;
    if (!enable.has(enableExit)) enable.set(enableExit, "user");
    if (same) config.set(enableExit, "user");
  }
}

function bigOutput(kilobytes: number): string {
  const lines = Math.floor((kilobytes * 1024) / 80);
  return Array.from({ length: lines }, (_, i) => `${String(i).padStart(6, "0")} ${"x".repeat(71)}`).join(
    "\r\n",
  );
}
