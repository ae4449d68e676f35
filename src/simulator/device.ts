import { type Description, description } from "./description.ts";
import { Flash } from "./flash.ts";
import { RunningConfig } from "./running-config.ts";

export interface DeviceOptions {
  hostname: string;
  /** Password of `enable` and `sudo`; empty: none is asked. */
  secret: string;
  /** Mode after login, where it is not the platform's. */
  startMode: string;
  /** Milliseconds before each answer. */
  latencyMs: number;
  /** Lines that are refused (exact text or pattern). */
  rejects: readonly (string | RegExp)[];
  /** Takes any configuration line, however it begins. */
  acceptsAny: boolean;
  /** More outputs: command -> text with `\n`. */
  outputs: Readonly<Record<string, string>>;
  /** Commands that are never answered. */
  hangsOn: readonly (string | RegExp)[];
  /** Commands in whose middle the session is closed. */
  closesOn: readonly (string | RegExp)[];
  /** Command -> milliseconds of silence before its answer. */
  slow: Readonly<Record<string, number>>;
  /** Command -> question that waits for a line before the answer comes. */
  questions: Readonly<Record<string, string>>;
  /** Stops every 24 lines with ` --More-- ` until `terminal length 0`. */
  pager: boolean;
  echo: boolean;
  /** The archive of IOS is on, without which it compares nothing and takes nothing back. */
  archive: boolean;
}

export interface ReceivedLine {
  readonly session: number;
  readonly mode: string;
  readonly line: string;
  readonly at: number;
  /** Set when the line answered a question or a password prompt. */
  readonly pending?: "secret" | "question";
}

/** What all sessions of one device share: its configuration, its settings, and what it received. */
export class Device {
  readonly about: Description;
  readonly options: DeviceOptions;
  readonly running: RunningConfig;
  readonly lines: ReceivedLine[] = [];
  readonly words: ReadonlySet<string>;
  readonly submodes: readonly (readonly [RegExp, string])[];
  /** Named copies of the running configuration, and configuration sessions that are open. */
  readonly snapshots = new Map<string, RunningConfig>();
  readonly sessions = new Map<string, RunningConfig>();
  /** Absent: this kind of device has none. */
  readonly flash: Flash | undefined;
  startup: string;
  hostname: string;

  constructor(platform: string, options: Partial<DeviceOptions>) {
    this.about = description(platform);
    this.options = {
      hostname: options.hostname ?? this.about.hostname,
      secret: options.secret ?? "",
      startMode: options.startMode ?? this.about.start,
      latencyMs: options.latencyMs ?? 0,
      rejects: options.rejects ?? [],
      acceptsAny: options.acceptsAny ?? false,
      outputs: options.outputs ?? {},
      hangsOn: options.hangsOn ?? [],
      closesOn: options.closesOn ?? [],
      slow: options.slow ?? {},
      questions: options.questions ?? {},
      pager: options.pager ?? false,
      echo: options.echo ?? true,
      archive: options.archive ?? true,
    };
    this.hostname = this.options.hostname;
    this.running = new RunningConfig(
      this.about.replaces,
      this.about.initial.replaceAll("{hostname}", this.hostname),
    );
    this.words = new Set(this.about.words.split(/\s+/).filter((w) => w !== ""));
    this.submodes = Object.entries(this.about.submodes).map(
      ([source, name]) => [new RegExp(source), name] as const,
    );
    this.startup = this.runningText();
    this.flash = this.about.flash ? new Flash(this, this.options.archive) : undefined;
  }

  /** Whether it does not take a configuration line. */
  refuses(line: string): boolean {
    const word = line.replace(/^(?:no|default) /, "").split(/\s/)[0] ?? "";
    const isUnknown = !this.options.acceptsAny && this.words.size > 0 && !this.words.has(word);
    return isUnknown || listed(line, this.options.rejects);
  }

  runningText(): string {
    const { header, separator, footer } = this.about.showConfig;
    return `${header.replaceAll("{hostname}", this.hostname)}${this.running.text(separator)}${footer}`;
  }
}

/** Whether a command is in a list of exact texts and patterns. */
export function listed(command: string, list: readonly (string | RegExp)[]): boolean {
  return list.some((entry) => (typeof entry === "string" ? entry === command : entry.test(command)));
}
