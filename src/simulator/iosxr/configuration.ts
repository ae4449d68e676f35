export interface XrOptions {
  /** What it runs at first, a line for each statement. */
  readonly running?: readonly string[];
  /** A line that holds this is not understood. */
  readonly rejects?: string;
  /** It refuses commits with these words. */
  readonly commitError?: string;
}

/** Who holds a lock or waits with a commit: a session's number, or a person at the console. */
export type Holder = number | "console";

/** Configuration of a simulated IOS-XR: what runs, the candidate, its lock, and commits that are taken back unless they are confirmed. */
export class XrConfiguration {
  running: readonly string[];
  candidate: readonly string[];
  lockedBy: Holder | undefined;
  /** Whose commit waits to be confirmed. */
  waitingFor: Holder | undefined;
  private readonly options: XrOptions;
  /** The lines that were loaded since the candidate was empty. */
  private loaded: readonly string[] = [];
  private history: (readonly string[])[] = [];

  constructor(options: XrOptions) {
    this.options = options;
    this.running = options.running ?? [];
    this.candidate = this.running;
  }

  /** False: somebody else has it. */
  lock(by: Holder): boolean {
    if (this.lockedBy !== undefined && this.lockedBy !== by) return false;
    this.lockedBy = by;
    return true;
  }

  unlock(): void {
    this.lockedBy = undefined;
  }

  /** Loads all lines or none; returns the router's words where it does not understand one. */
  load(text: string, kind: "merge" | "replace"): string | undefined {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const { rejects } = this.options;
    const wrong = rejects === undefined ? undefined : lines.find((line) => line.includes(rejects));
    if (wrong !== undefined)
      return `!! SYNTAX/AUTHORIZATION ERRORS: This configuration failed due to\n!! one or more of the following reasons:\n!!  - the entered commands do not exist\n\n${wrong}\n`;
    this.loaded = [...this.loaded, ...lines];
    const kept = kind === "replace" ? [] : this.candidate;
    this.candidate = [...kept, ...lines.filter((line) => !kept.includes(line))];
    return undefined;
  }

  /** With `+` and `-`; empty without any difference. `replaces`: as if only what was loaded were to run. */
  difference(replaces = false): string {
    const wanted = replaces ? this.loaded : this.candidate;
    const removed = this.running.filter((line) => !wanted.includes(line));
    const added = wanted.filter((line) => !this.running.includes(line));
    return [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join("\n");
  }

  /** Returns the router's words where it refuses. `replaces`: only what was loaded is to run. */
  commit(by: Holder, confirmed: boolean, replaces = false): string | undefined {
    const { commitError } = this.options;
    if (commitError !== undefined) return commitError;
    const wanted = replaces ? this.loaded : this.candidate;
    if (wanted !== this.running) this.history = [this.running, ...this.history];
    this.running = wanted;
    this.discard();
    this.waitingFor = confirmed ? by : undefined;
    return undefined;
  }

  discard(): void {
    this.candidate = this.running;
    this.loaded = [];
  }

  /** Takes the last commit back. */
  rollback(): void {
    this.waitingFor = undefined;
    this.running = this.history.shift() ?? this.running;
    this.discard();
  }

  /** The time of a commit that waits is over. */
  timeOut(): void {
    if (this.waitingFor !== undefined) this.rollback();
  }

  /** A session ends: its lock and, where they belong to it, its candidate and its commit that waits. */
  forget(session: number, takesBack: boolean): void {
    if (this.lockedBy === session) {
      this.unlock();
      this.discard();
    }
    if (takesBack && this.waitingFor === session) this.rollback();
  }
}

/** Text out of XML, and into it; line feeds of attributes are kept. */
export function plainText(xml: string): string {
  return xml
    .replaceAll("&#10;", "\n")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

export function xmlText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
