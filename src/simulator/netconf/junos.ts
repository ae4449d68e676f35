import { type NetconfServerOptions, refusal, type SimulatedNetconf, simulateNetconf } from "./server.ts";

export interface JunosOptions {
  /** What it runs at first, a line for each statement. */
  readonly running?: readonly string[];
  /** Replies to other requests, as of `simulateNetconf`. */
  readonly replies?: NetconfServerOptions["replies"];
  /** A line that holds this is a syntax error. */
  readonly rejects?: string;
  /** It refuses commits with these words. */
  readonly commitError?: string;
}

/** A simulated Junos device. */
export interface SimulatedJunos extends SimulatedNetconf {
  running(): readonly string[];
  /** The candidate that all sessions share. */
  candidate(): readonly string[];
  /** Which session holds the lock. */
  lockedBy(): number | undefined;
  /** A person locks the configuration at the console. */
  lock(): void;
  /** The time of an unconfirmed commit is over: it is taken back. */
  timeOut(): void;
}

/**
 * Starts a simulated Junos over NETCONF: a candidate, its lock, its comparison, and commits that are taken back unless they are
 * confirmed. Configurations are lines; a merge adds those that are not there.
 *
 * @example
 * const device = await simulateJunos({ running: ["host-name r1;"] });
 */
export async function simulateJunos(options: JunosOptions = {}): Promise<SimulatedJunos> {
  const system = new ConfigurationDatabase(options);
  const server = await simulateNetconf({
    versions: ["1.0"],
    capabilities: ["http://xml.juniper.net/netconf/junos/1.0"],
    ...(options.replies && { replies: options.replies }),
    answer: (request, session) => system.answer(request, session),
  });
  return Object.assign(server, {
    running: () => system.running,
    candidate: () => system.candidate,
    lockedBy: () => system.lockedBy,
    lock: () => {
      system.lockedBy = CONSOLE;
    },
    timeOut: () => system.takeBack(),
  });
}

const CONSOLE = -1;
const COMMITTED_AT = 1000;

class ConfigurationDatabase {
  running: readonly string[];
  candidate: readonly string[];
  lockedBy: number | undefined;
  private readonly options: JunosOptions;
  private history: (readonly string[])[] = [];
  private waitingMinutes: number | undefined;

  constructor(options: JunosOptions) {
    this.options = options;
    this.running = options.running ?? [];
    this.candidate = this.running;
  }

  /** Undefined: another request than one of these. */
  answer(request: string, session: number): string | undefined {
    const [, name = ""] = /^<([\w-]+)/.exec(request) ?? [];
    switch (name) {
      case "lock-configuration":
        return this.lock(session);
      case "unlock-configuration":
        this.lockedBy = undefined;
        return "<ok/>";
      case "open-configuration":
      case "close-configuration":
        return "<ok/>";
      case "load-configuration":
        return this.load(request);
      case "get-configuration":
        return request.includes('compare="rollback"') ? this.compare() : undefined;
      case "commit-configuration":
        return this.commit(request);
      case "get-commit-revision-information":
        return this.revision();
      default:
        return undefined;
    }
  }

  takeBack(): void {
    if (this.waitingMinutes === undefined) return;
    this.waitingMinutes = undefined;
    this.running = this.history.shift() ?? [];
    this.candidate = this.running;
  }

  private lock(session: number): string {
    if (this.lockedBy !== undefined && this.lockedBy !== session)
      return refusal("lock-denied", "configuration database locked by:\n  bob terminal p0");
    this.lockedBy = session;
    return "<ok/>";
  }

  private load(request: string): string {
    const back = /rollback="(\d+)"/.exec(request)?.[1];
    if (back !== undefined) {
      this.candidate = back === "0" ? this.running : (this.history[Number(back) - 1] ?? []);
      return "<ok/>";
    }
    const [, text = ""] = /<configuration-(?:text|set)>([\s\S]*)<\/configuration-/.exec(request) ?? [];
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    const rejected = this.options.rejects;
    const wrong = rejected === undefined ? -1 : lines.findIndex((line) => line.includes(rejected));
    if (wrong >= 0)
      return `<load-configuration-results><rpc-error><error-severity>error</error-severity><error-message>syntax error</error-message><error-info><bad-element>${rejected}</bad-element></error-info><line-number>${wrong + 1}</line-number></rpc-error></load-configuration-results>`;
    const kept = request.includes('action="override"') ? [] : this.candidate;
    this.candidate = [...kept, ...lines.filter((line) => !kept.includes(line))];
    return "<load-configuration-results><ok/></load-configuration-results>";
  }

  private compare(): string {
    const removed = this.running.filter((line) => !this.candidate.includes(line));
    const added = this.candidate.filter((line) => !this.running.includes(line));
    const changes = [...removed.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
    const text = changes.length > 0 ? `[edit]\n${changes.join("\n")}\n` : "";
    return `<configuration-information><configuration-output>\n${text}</configuration-output></configuration-information>`;
  }

  private commit(request: string): string {
    const { commitError } = this.options;
    if (commitError !== undefined) return refusal("operation-failed", commitError);
    if (this.candidate !== this.running) {
      this.history = [this.running, ...this.history];
      this.running = this.candidate;
    }
    const minutes = /<confirm-timeout>(\d+)/.exec(request)?.[1];
    this.waitingMinutes = request.includes("<confirmed/>") ? Number(minutes ?? 10) : undefined;
    return "<ok/>";
  }

  private revision(): string {
    const comment =
      this.waitingMinutes === undefined
        ? ""
        : `<comment>commit confirmed, rollback in ${this.waitingMinutes}mins</comment>`;
    return `<commit-revision-information><revision>re0-1</revision><date-time xmlns:junos="http://xml.juniper.net/junos/21.4R0/junos" junos:seconds="${COMMITTED_AT}">then</date-time>${comment}</commit-revision-information>`;
  }
}
