import { type Device, listed } from "./device.ts";
import type { FlashReply } from "./flash.ts";
import type { RunningConfig } from "./running-config.ts";

const PAGE = 24;

/** What a session needs of the connection it runs on. */
export interface Terminal {
  write(text: string): void;
  /** Ends the session; `cut` as if the device had crashed. */
  end(cut: boolean): void;
}

type Waiting =
  | { readonly for: "secret"; readonly mode: string }
  | {
      readonly for: "answer";
      readonly says: string;
      readonly saves: boolean;
      /** What comes then, instead of `says`. */
      readonly next?: () => FlashReply;
    }
  | { readonly for: "page"; readonly rest: readonly string[] };

/** One login on a simulated device: reads lines, answers them, keeps the mode. */
export class Session {
  mode: string;
  private readonly device: Device;
  private readonly terminal: Terminal;
  private readonly number: number;
  private readonly username: string;
  private line = "";
  private skipLineFeed = false;
  private path: string[] = [];
  /** Name of the configuration session that it is in. */
  private session: string | undefined;
  private waiting: Waiting | undefined;
  private paging: boolean;
  private queue = "";
  private busy = false;
  private ended = false;

  constructor(device: Device, terminal: Terminal, number: number, username: string) {
    this.device = device;
    this.terminal = terminal;
    this.number = number;
    this.username = username;
    this.mode = device.options.startMode;
    this.paging = device.options.pager;
  }

  start(): void {
    this.terminal.write(`\r\n${this.prompt()}`);
  }

  /** Takes what the user typed. */
  input(text: string): void {
    this.queue += text;
    if (!this.busy) this.work();
  }

  private work(): void {
    while (this.queue !== "" && !this.busy && !this.ended) {
      if (this.waiting?.for === "page") {
        const key = this.queue[0] ?? "";
        this.queue = this.queue.slice(1);
        this.page(key, this.waiting.rest);
        continue;
      }
      const end = this.queue.search(/[\r\n]/);
      const typed = end < 0 ? this.queue : this.queue.slice(0, end);
      const terminator = end < 0 ? "" : (this.queue[end] ?? "");
      this.queue = end < 0 ? "" : this.queue.slice(end + 1);
      if (terminator === "\n" && typed === "" && this.skipLineFeed) {
        this.skipLineFeed = false;
        continue;
      }
      this.skipLineFeed = terminator === "\r";
      this.line += typed;
      const shown = this.device.options.echo && this.waiting?.for !== "secret" ? typed : "";
      if (end < 0) {
        if (shown !== "") this.terminal.write(shown);
        return;
      }
      const line = this.line;
      this.line = "";
      this.enter(line, `${shown}\r\n`);
    }
  }

  private enter(raw: string, echo: string): void {
    const line = raw.trim();
    const waiting = this.waiting;
    this.device.lines.push({
      session: this.number,
      mode: this.mode,
      line: waiting?.for === "secret" ? "<secret>" : raw.trimEnd(),
      at: Date.now(),
      ...(waiting && waiting.for !== "page" && { pending: waiting.for === "secret" ? "secret" : "question" }),
    });
    this.waiting = undefined;
    if (waiting?.for === "secret") {
      this.secret(line, waiting.mode, echo);
      return;
    }
    if (waiting?.for === "answer") {
      if (waiting.next) {
        this.reply(waiting.next(), echo);
        return;
      }
      if (waiting.saves) this.device.startup = this.device.runningText();
      this.say(echo, waiting.says);
      return;
    }
    const { options } = this.device;
    if (listed(line, options.hangsOn)) {
      this.terminal.write(echo);
      this.busy = true;
      return;
    }
    if (listed(line, options.closesOn)) {
      this.terminal.write(`${echo}partial out`);
      this.end(true);
      return;
    }
    const wait = line === "" ? 0 : options.latencyMs + (options.slow[line] ?? 0);
    if (wait === 0) {
      this.answer(line, echo);
      return;
    }
    this.busy = true;
    this.terminal.write(echo);
    setTimeout(() => {
      this.busy = false;
      this.answer(line, "");
      this.work();
    }, wait);
  }

  private answer(line: string, echo: string): void {
    if (this.ended) return;
    const { about, options } = this.device;
    if (line === "") {
      this.say(echo, "");
      return;
    }
    const question = options.questions[line];
    if (question !== undefined) {
      this.waiting = { for: "answer", says: "", saves: false };
      this.terminal.write(echo + question);
      return;
    }
    if (listed(line, options.rejects)) {
      this.say(echo, this.refusal(line));
      return;
    }
    const next = about.moves[this.mode]?.[line];
    if (next !== undefined) {
      this.move(line, next, echo);
      return;
    }
    if (this.mode !== "config" && about.leave.includes(line)) {
      this.terminal.write(echo);
      this.end(false);
      return;
    }
    const said = this.sessionCommand(line) ?? this.snapshotCommand(line);
    if (said !== undefined) {
      this.say(echo, said);
      return;
    }
    if (this.flashCommand(line, echo)) return;
    if (this.mode === "config") {
      this.say(echo, this.configure(line));
      return;
    }
    this.command(line, echo);
  }

  /** Configuration sessions: changes gather until they are committed. */
  private sessionCommand(line: string): string | undefined {
    if (!this.device.about.sessions) return undefined;
    const [, name = "", commits] = /^configure session (\S+)( commit)?$/.exec(line) ?? [];
    if (name !== "" && this.mode === "privileged") {
      if (commits) return "";
      const open = this.device.sessions.get(name) ?? this.device.running.copy();
      this.device.sessions.set(name, open);
      this.session = name;
      this.mode = "config";
      this.path = [];
      return "";
    }
    const open = this.session === undefined ? undefined : this.device.sessions.get(this.session);
    if (this.mode !== "config" || this.session === undefined || !open) return undefined;
    if (line === "show session-config diffs") {
      const text = this.device.running.differences(open).replaceAll("\n", "\r\n");
      return text === ""
        ? ""
        : `--- system:/running-config\r\n+++ session:/${this.session}-session-config\r\n${text}\r\n`;
    }
    if (line === "rollback clean-config") {
      open.clear();
      return "";
    }
    if (line !== "abort" && !/^commit(?: timer [\d:]+)?$/.test(line)) return undefined;
    if (line !== "abort") this.device.running.become(open);
    this.device.sessions.delete(this.session);
    this.session = undefined;
    this.path = [];
    this.mode = this.device.about.home;
    return "";
  }

  private snapshotCommand(line: string): string | undefined {
    const { snapshots: about } = this.device.about;
    if (!about || this.mode !== "privileged") return undefined;
    const name = (source: string) => new RegExp(source).exec(line)?.[1];
    const [taken, restored, dropped] = [name(about.take), name(about.restore), name(about.drop)];
    if (taken !== undefined) {
      this.device.snapshots.set(taken, this.device.running.copy());
      return about.taken;
    }
    if (dropped !== undefined) return this.device.snapshots.delete(dropped) ? "" : this.refusal(line);
    const snapshot = restored === undefined ? undefined : this.device.snapshots.get(restored);
    if (snapshot) this.device.running.become(snapshot);
    return restored === undefined ? undefined : snapshot ? "Done\r\n" : this.refusal(line);
  }

  /** Commands about files, and the Tcl shell; false: it is none. */
  private flashCommand(line: string, echo: string): boolean {
    const { flash } = this.device;
    if (!flash) return false;
    if (this.mode === "tclsh") {
      this.say(echo, flash.tcl(line));
      return true;
    }
    if (this.mode !== "privileged") return false;
    const minutes = /^configure terminal revert timer (\d+)$/.exec(line)?.[1];
    if (minutes !== undefined) {
      flash.startTimer(Number(minutes), this.username);
      this.move(line, "config", echo);
      return true;
    }
    const reply = flash.answer(line, this.username);
    if (reply) this.reply(reply, echo);
    return reply !== undefined;
  }

  private reply(reply: FlashReply, echo: string): void {
    if ("says" in reply) {
      this.say(echo, reply.says);
      return;
    }
    this.waiting = { for: "answer", says: "", saves: false, next: reply.next };
    this.terminal.write(echo + reply.asks);
  }

  private command(line: string, echo: string): void {
    const { about, options } = this.device;
    const save = about.save.find((s) => new RegExp(s.match).test(line));
    if (save && this.mode !== "exec") {
      if (save.asks !== undefined) {
        this.waiting = { for: "answer", says: save.says, saves: true };
        this.terminal.write(echo + save.asks);
        return;
      }
      this.device.startup = this.device.runningText();
      this.say(echo, save.says);
      return;
    }
    if (line === "terminal length 0") this.paging = false;
    const output = this.output(line) ?? options.outputs[line] ?? about.outputs[line];
    if (output !== undefined) {
      this.print(echo, this.fill(output));
      return;
    }
    if (line.startsWith(about.commentLine) || about.quiet.some((source) => new RegExp(source).test(line))) {
      this.say(echo, "");
      return;
    }
    this.say(echo, this.refusal(line));
  }

  /** Outputs that depend on the device's state or on the command's size. */
  private output(line: string): string | undefined {
    if (/^show run(?:ning-config)?$/.test(line) && this.mode !== "exec") return this.device.runningText();
    if (/^show start(?:up-config)?$/.test(line) && this.mode !== "exec") return this.device.startup;
    const size = /^show big (\d+)$/.exec(line)?.[1];
    if (size === undefined) return undefined;
    const row = "x".repeat(71);
    return Array.from(
      { length: (Number(size) * 1024) / 80 },
      (_, i) => `${String(i).padStart(6, "0")} ${row}`,
    ).join("\n");
  }

  private configure(line: string): string {
    const { about } = this.device;
    if (line.startsWith(about.commentLine)) return "";
    const bare = line.replace(/^(?:no|default) /, "");
    const word = bare.split(/\s/)[0] ?? "";
    if (this.device.refuses(line)) return this.refusal(line);
    if (word === "do") return "";
    const opens = this.submode(line);
    if (opens !== undefined) {
      // A line that opens a level belongs to the top, wherever it is typed.
      this.config().apply([], line);
      this.path = [line];
      return "";
    }
    if (word === "hostname" && this.path.length === 0)
      this.device.hostname = bare.split(/\s+/)[1] ?? this.device.hostname;
    this.config().apply(this.path, line);
    return "";
  }

  /** What a configuration line changes. */
  private config(): RunningConfig {
    return (
      (this.session === undefined ? undefined : this.device.sessions.get(this.session)) ?? this.device.running
    );
  }

  private submode(line: string): string | undefined {
    return this.device.submodes.find(([pattern]) => pattern.test(line))?.[1];
  }

  private move(line: string, next: string, echo: string): void {
    const { about, options } = this.device;
    const asks = about.asks[line] ?? (line === "enable" ? "Password: " : undefined);
    if (asks !== undefined && options.secret !== "") {
      this.waiting = { for: "secret", mode: next };
      this.terminal.write(echo + this.fill(asks));
      return;
    }
    if (next === "up") {
      if (this.path.length > 0) this.path.pop();
      else this.mode = about.home;
    } else {
      this.mode = next;
      this.path = [];
      this.session = undefined;
    }
    const entering = next === "config" && about.submodeAtTop === "config" && about.invalid.includes("marker");
    this.say(echo, entering ? "Enter configuration commands, one per line.  End with CNTL/Z.\r\n" : "");
  }

  private secret(given: string, mode: string, echo: string): void {
    if (given === this.device.options.secret) {
      this.mode = mode;
      this.say(echo, "");
      return;
    }
    this.say(
      echo,
      this.device.about.asks["sudo -s"] === undefined
        ? "% Bad secrets\r\n\r\n"
        : "sudo: 1 incorrect password attempt\r\n",
    );
  }

  private print(echo: string, text: string): void {
    const lines = text.replace(/\n$/, "").split("\n");
    if (!this.paging || lines.length <= PAGE) {
      this.say(echo, `${lines.join("\r\n")}\r\n`);
      return;
    }
    this.terminal.write(echo);
    this.page(" ", lines);
  }

  private page(key: string, lines: readonly string[]): void {
    const wipe = this.waiting?.for === "page" ? `${"\b".repeat(10)}${" ".repeat(10)}${"\b".repeat(10)}` : "";
    this.waiting = undefined;
    if (key === "q" || key === "\x03") {
      this.say(wipe, "");
      return;
    }
    const shown = `${lines.slice(0, PAGE).join("\r\n")}\r\n`;
    const rest = lines.slice(PAGE);
    if (rest.length === 0) {
      this.say(wipe, shown);
      return;
    }
    this.waiting = { for: "page", rest };
    this.terminal.write(`${wipe}${shown} --More-- `);
  }

  private say(echo: string, text: string): void {
    this.terminal.write(`${echo}${text}${this.prompt()}`);
  }

  private refusal(line: string): string {
    return this.device.about.invalid.replaceAll("{word}", line.split(/\s/)[0] ?? "");
  }

  private prompt(): string {
    const top = this.device.about.submodeAtTop;
    const inside = this.path.length > 0 ? (this.submode(this.path[0] ?? "") ?? top) : top;
    const submode =
      this.session === undefined ? inside : inside.replace("config", `config-s-${this.session.slice(0, 6)}`);
    return this.fill(this.device.about.prompts[this.mode] ?? "# ").replaceAll("{submode}", submode);
  }

  private fill(text: string): string {
    return text.replaceAll("{hostname}", this.device.hostname).replaceAll("{username}", this.username);
  }

  private end(cut: boolean): void {
    this.ended = true;
    this.terminal.end(cut);
  }
}
