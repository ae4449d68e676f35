import { createHash } from "node:crypto";
import type { Device } from "./device.ts";
import { RunningConfig } from "./running-config.ts";

/** What a command is answered with: a text, or a question that is answered with a line before it goes on. */
export type FlashReply =
  | { readonly says: string }
  | { readonly asks: string; readonly next: () => FlashReply };

/** A commit that waits to be confirmed. */
interface Pending {
  readonly user: string;
  readonly minutes: number;
  readonly before: RunningConfig;
}

const FILE = String.raw`flash:\/?(\S+)`;
const TOTAL_BYTES = 100_000_000;

/**
 * The flash of a Cisco router and what uses its files: copies to and from the running configuration, `configure replace`, the archive's
 * comparisons, commits that are taken back by a timer, and the Tcl shell.
 */
export class Flash {
  readonly files = new Map<string, Buffer>();
  readonly #device: Device;
  /** Whether the archive is on: only with it there are comparisons and timers. */
  readonly #hasArchive: boolean;
  #pending: Pending | undefined;
  /** A file that the Tcl shell writes: its name and what it has so far. */
  #open: { readonly name: string; parts: Buffer[] } | undefined;

  constructor(device: Device, hasArchive: boolean) {
    this.#device = device;
    this.#hasArchive = hasArchive;
  }

  /** Answers a command of the privileged mode; undefined: it is none of these. */
  answer(line: string, user: string): FlashReply | undefined {
    for (const [pattern, run] of this.#commands) {
      const found = pattern.exec(line);
      if (found) return run(found[1] ?? "", found[2] ?? "", user);
    }
    return undefined;
  }

  /** Answers a command of the Tcl shell. */
  tcl(line: string): string {
    const [, name] = /^set \w+ \[open "flash:\/?(\S+)" w\]$/.exec(line) ?? [];
    const [, text] = /^puts -nonewline \$\w+ "(.*)"$/.exec(line) ?? [];
    if (name !== undefined) {
      this.#open = { name, parts: [] };
      return "file0\r\n";
    }
    if (/^fconfigure \$\w+ -translation binary$/.test(line)) return "";
    if (!this.#open) return `can't read "${line}": no such variable\r\n`;
    if (text !== undefined) {
      this.#open.parts.push(tclBytes(text));
      return "";
    }
    if (!/^close \$\w+$/.test(line)) return `invalid command name "${line.split(" ")[0]}"\r\n`;
    this.files.set(this.#open.name, Buffer.concat(this.#open.parts));
    this.#open = undefined;
    return "";
  }

  /** Before `configure terminal revert timer MINUTES` enters the configuration mode. */
  startTimer(minutes: number, user: string): void {
    this.#pending = { user, minutes, before: this.#device.running.copy() };
  }

  /** The timer of the commit that waits runs out. */
  expire(): void {
    if (this.#pending) this.#become(this.#pending.before);
    this.#pending = undefined;
  }

  readonly #commands: readonly [RegExp, (first: string, second: string, user: string) => FlashReply][] = [
    [new RegExp(`^copy running-config ${FILE}$`), (name) => this.#copyTo(name, () => this.#runningBytes())],
    [new RegExp(`^copy null: ${FILE}$`), (name) => this.#copyTo(name, () => Buffer.alloc(0))],
    [new RegExp(`^copy ${FILE} running-config$`), (name) => this.#merge(name)],
    [/^configure replace flash:\/?(\S+) force(.*)$/, (name, how, user) => this.#replace(name, how, user)],
    [/^configure confirm$/, () => this.#confirm()],
    [/^configure revert now$/, () => this.#revert()],
    [/^show archive$/, () => this.#archive()],
    [/^show archive config rollback timer$/, () => ({ says: this.#timer() })],
    [
      new RegExp(`^show archive config incremental-diffs ${FILE} ignorecase$`),
      (name) => this.#wouldMerge(name),
    ],
    [
      new RegExp(`^show archive config differences system:/running-config ${FILE}$`),
      (name) => this.#wouldReplace(name),
    ],
    [/^dir(?: flash:\/?)?$/, () => ({ says: this.#directory("flash:/", [...this.files]) })],
    [
      new RegExp(`^dir ${FILE}$`),
      (name) => this.#with(name, (bytes) => this.#directory(`flash:/${name}`, [[name, bytes]])),
    ],
    [new RegExp(`^more ${FILE}$`), (name) => this.#with(name, (bytes) => lines(bytes.toString("utf8")))],
    [
      new RegExp(`^verify /md5 ${FILE}$`),
      (name) => this.#with(name, (bytes) => `.Done!\r\nverify /md5 (flash:/${name}) = ${md5(bytes)}\r\n`),
    ],
    [new RegExp(`^delete /force ${FILE}$`), (name) => this.#delete(name)],
  ];

  /** Asks for the name, and before it writes over a file, unless the configuration says `file prompt quiet`. */
  #copyTo(name: string, bytes: () => Buffer): FlashReply {
    const write = (): FlashReply => {
      const content = bytes();
      this.files.set(name, content);
      return { says: `${content.length} bytes copied in 0.1 secs\r\n` };
    };
    if (this.#isQuiet()) return write();
    const over =
      "%Warning:There is a file already existing with this name \r\nDo you want to over write? [confirm]";
    return {
      asks: `Destination filename [${name}]? `,
      next: () => (this.files.has(name) ? { asks: over, next: write } : write()),
    };
  }

  #delete(name: string): FlashReply {
    return this.#with(name, () => {
      this.files.delete(name);
      return "";
    });
  }

  #merge(name: string): FlashReply {
    const run = () =>
      this.#with(name, (bytes) => {
        const refused = this.#apply(this.#device.running, bytes.toString("utf8"));
        this.#renamed();
        return `${refused.map((line) => ` ${line}\r\n${this.#device.about.invalid}`).join("")}${bytes.length} bytes copied in 0.1 secs\r\n`;
      });
    return this.#isQuiet() ? run() : { asks: "Destination filename [running-config]? ", next: run };
  }

  #replace(name: string, how: string, user: string): FlashReply {
    if (how.includes("revert") && !this.#hasArchive)
      return { says: "%Please turn config archive on before using this command\r\n" };
    return this.#with(name, (bytes) => {
      const next = new RunningConfig(this.#device.about.replaces, "");
      const refused = this.#apply(next, bytes.toString("utf8"));
      if (refused.length > 0 && how.includes("trigger error"))
        return `Rollback aborted after 5 passes\r\nThe following commands failed to apply: ${refused.join(", ")}\r\nThe original configuration has been successfully restored.\r\n`;
      const minutes = /timer (\d+)/.exec(how)?.[1];
      if (minutes !== undefined) this.startTimer(Number(minutes), user);
      this.#become(next);
      return "Total number of passes: 1\r\nRollback Done\r\n\r\n";
    });
  }

  #confirm(): FlashReply {
    const says = this.#pending ? "" : "%No Rollback Confirmed Change pending\r\n";
    this.#pending = undefined;
    return { says };
  }

  #revert(): FlashReply {
    if (!this.#pending) return { says: "%No Rollback Confirmed Change pending\r\n" };
    this.expire();
    return { says: "Total number of passes: 1\r\nRollback Done\r\n\r\n" };
  }

  #archive(): FlashReply {
    if (!this.#hasArchive) return { says: "Archive feature not enabled\r\n" };
    return {
      says: "The maximum archive configurations allowed is 10.\r\nThere are currently 0 archive configurations saved.\r\n",
    };
  }

  #timer(): string {
    if (!this.#pending) return "%No Rollback Confirmed Change pending\r\n";
    const { minutes, user } = this.#pending;
    return `Time configured(UTC or Unix time): 16:01:02 UTC Mon Mar 1 2021\r\nTimer type: absolute timer\r\nTimer value: ${minutes} min\r\nUser: ${user}\r\n`;
  }

  #wouldMerge(name: string): FlashReply {
    return this.#with(name, (bytes) => {
      const after = this.#device.running.copy();
      this.#apply(after, bytes.toString("utf8"));
      const changed = this.#device.running
        .differences(after)
        .split("\n")
        .filter((line) => /^[+ ]/.test(line));
      const said = changed.some((line) => line.startsWith("+"))
        ? changed.map((line) => line.slice(1))
        : ["!No changes were found"];
      return lines(["!List of Commands:", ...said, "end", ""].join("\n"));
    });
  }

  #wouldReplace(name: string): FlashReply {
    return this.#with(name, (bytes) => {
      const after = new RunningConfig(this.#device.about.replaces, "");
      this.#apply(after, bytes.toString("utf8"));
      const difference = this.#device.running.differences(after) || "!No changes were found";
      return lines(`!Contextual Config Diffs:\n${difference}\n`);
    });
  }

  /** Puts the lines of a text into a configuration; returns those that were refused. */
  #apply(config: RunningConfig, text: string): string[] {
    const refused: string[] = [];
    let path: string[] = [];
    for (const whole of text.split(/\r?\n/)) {
      const line = whole.trim();
      if (line === "" || line.startsWith("!") || NOT_LINES.test(line)) continue;
      if (line === "end") break;
      if (!whole.startsWith(" ")) path = [];
      if (this.#device.refuses(line)) {
        refused.push(line);
        continue;
      }
      config.apply(path, line);
      if (this.#device.submodes.some(([pattern]) => pattern.test(line))) path = [line];
    }
    return refused;
  }

  #become(config: RunningConfig): void {
    this.#device.running.become(config);
    this.#renamed();
  }

  #renamed(): void {
    const name = /^hostname (\S+)$/m.exec(this.#device.runningText())?.[1];
    if (name !== undefined) this.#device.hostname = name;
  }

  #isQuiet(): boolean {
    return /^file prompt quiet$/m.test(this.#device.runningText());
  }

  #runningBytes(): Buffer {
    return Buffer.from(this.#device.runningText(), "utf8");
  }

  #with(name: string, run: (bytes: Buffer) => string): FlashReply {
    const bytes = this.files.get(name);
    return { says: bytes ? run(bytes) : `%Error opening flash:/${name} (No such file or directory)\r\n` };
  }

  #directory(path: string, files: readonly (readonly [string, Buffer])[]): string {
    const used = [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
    const rows = files.map(
      ([name, { length }], at) =>
        `${String(at + 2).padStart(5)}  -rw-  ${String(length).padStart(12)}  Mar 1 2021 00:01:10 +00:00  ${name}`,
    );
    return lines(
      `Directory of ${path}\n\n${rows.join("\n")}\n\n${TOTAL_BYTES} bytes total (${TOTAL_BYTES - used} bytes free)\n`,
    );
  }
}

/** What stands in a shown configuration and is no line of it. */
const NOT_LINES = /^(?:Building configuration|Current configuration|version )/;

function lines(text: string): string {
  return text.replaceAll("\n", "\r\n");
}

function md5(bytes: Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}

/** A text in Tcl's quotes, whose escapes are octal. */
function tclBytes(text: string): Buffer {
  return Buffer.from(
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    "latin1",
  );
}
