import { napalmErrors } from "../../../../src/errors/napalm.ts";
import { deviceErrors, pluginErrors } from "../../../../src/plugin/index.ts";
import type { CommitOptions, ConfigVerbs } from "../config-verbs.ts";
import { CommandRefused, LineRefused } from "../getter.ts";
import type { Plan } from "../plan.ts";
import { mergeDifference, mergedLines, replaceDifference } from "./difference.ts";
import { isRefusal } from "./request.ts";
import type { IosSettings } from "./settings.ts";

/** One exchange of a configuration verb; each is answered by what the device prints. */
export type IosVerbRequest =
  | { readonly kind: "command"; readonly command: string }
  /** Into the configuration mode by a command, and out of it. */
  | { readonly kind: "enter"; readonly command: string }
  | { readonly kind: "leave" }
  /** Writes a file on the device. */
  | { readonly kind: "put"; readonly fileSystem: string; readonly file: string; readonly content: string }
  /** Keeps the running configuration for the next start. */
  | { readonly kind: "save" };

type IosPlan<Result> = Plan<IosVerbRequest, string, Result>;

export interface IosVerbsOptions
  extends Pick<
    IosSettings,
    "candidate_cfg" | "merge_cfg" | "rollback_cfg" | "dest_file_system" | "auto_rollback_on_error"
  > {
  readonly device: string;
  /** Who is logged in. */
  readonly username: string | undefined;
}

const MINUTE = 60;

/**
 * NAPALM's verbs on IOS: a file on the device's flash, merged by `copy FILE running-config` or put in the place of everything by
 * `configure replace`. Before either, the running configuration is kept as a file, and without it nothing is changed. Questions of the
 * device about files are answered one by one: `file prompt quiet`, which NAPALM configures for that, would stay behind after a crash.
 */
export class IosVerbs implements ConfigVerbs<IosVerbRequest, string> {
  readonly revertIn = { least: MINUTE, most: 120 * MINUTE, step: MINUTE };
  readonly #options: IosVerbsOptions;
  #fileSystem: string | undefined;
  #loaded: { readonly replace: boolean; readonly config: string } | undefined;
  /** Whether what runs was kept for the next start by the last commit; undefined: there was none. */
  #saved: boolean | undefined;

  constructor(options: IosVerbsOptions) {
    this.#options = options;
    this.#fileSystem = options.dest_file_system;
  }

  /** What a merge would change, the device tells without regard to upper and lower case: a new password may be no difference. */
  get exactDiff(): boolean {
    return this.#loaded?.replace ?? false;
  }

  canRevert(): IosPlan<boolean> {
    return this.#hasArchive();
  }

  load_merge_candidate(config: string): IosPlan<void> {
    return this.#load(config, false);
  }

  load_replace_candidate(config: string): IosPlan<void> {
    return this.#load(config, true);
  }

  *compare_config(): IosPlan<string> {
    if (!this.#loaded) return "";
    const path = yield* this.#path(this.#candidate);
    if (this.#loaded.replace) {
      const command = `show archive config differences system:/running-config ${path}`;
      const reply = yield ask("compares the file with the running configuration", command, "");
      refuseErrors(reply, command);
      return replaceDifference(reply);
    }
    const command = `show archive config incremental-diffs ${path} ignorecase`;
    const reply = yield ask("asks what merging the file would change", command, "");
    if (!isRefusal(reply) && !/error(?: code)? 5\b/.test(reply)) {
      refuseErrors(reply, command);
      return mergeDifference(reply);
    }
    const more = `more ${path}`;
    const file = yield ask("shows the file instead", more, "");
    refuseErrors(file, more);
    return mergedLines(file);
  }

  *commit_config({ message, revertIn, save = true }: CommitOptions = {}): IosPlan<void> {
    const { device } = this.#options;
    if (message)
      throw pluginErrors.NotImplemented({ what: "a commit message on platform ios", driver: "napalm" });
    if (!this.#loaded) throw napalmErrors.NothingLoaded({ device });
    const minutes = revertIn === undefined ? undefined : yield* this.#minutes(revertIn);
    if (yield* this.has_pending_commit()) throw napalmErrors.CommitPending({ device });
    yield* this.#keepWayBack();
    const path = yield* this.#existing(this.#candidate);
    const { config } = this.#loaded;
    if (this.#loaded.replace) yield* this.#replace(path, minutes);
    else yield* this.#merge(path, config, minutes);
    this.#loaded = undefined;
    this.#saved = save && minutes === undefined;
    if (this.#saved) yield SAVE;
  }

  *confirm_commit({ save = true }: Pick<CommitOptions, "save"> = {}): IosPlan<void> {
    const { device } = this.#options;
    if (!(yield* this.has_pending_commit())) throw napalmErrors.NoCommitPending({ device });
    yield* this.#refuseCommitOfOthers();
    yield* this.#changing("makes the commit final", "configure confirm");
    if (save) yield SAVE;
    this.#saved = save;
  }

  *has_pending_commit(): IosPlan<boolean> {
    return (yield* this.#pendingCommit()) !== undefined;
  }

  *discard_config(): IosPlan<void> {
    if (!this.#loaded) return;
    this.#loaded = undefined;
    const [candidate, merge] = [
      yield* this.#path(this.#options.candidate_cfg),
      yield* this.#path(this.#options.merge_cfg),
    ];
    yield ask("empties the candidate of its changes", `copy running-config ${candidate}`, "");
    yield ask("empties the file to merge", `copy null: ${merge}`, "");
  }

  *rollback(): IosPlan<void> {
    if (yield* this.has_pending_commit()) {
      yield* this.#refuseCommitOfOthers();
      yield* this.#changing("takes the commit back now", "configure revert now");
    } else yield* this.#restore();
    // What was never kept for the next start needs not be taken back there.
    if (this.#saved !== false) yield SAVE;
    this.#saved = undefined;
  }

  /** Nothing of it outlives the session but the files. */
  *close(): IosPlan<void> {}

  *#load(config: string, replace: boolean): IosPlan<void> {
    const fileSystem = yield* this.#fileSystemOf();
    const file = replace ? this.#options.candidate_cfg : this.#options.merge_cfg;
    yield {
      does: "writes the configuration into a file on the device",
      send: { kind: "put", fileSystem, file, content: config },
      assume: "",
    };
    this.#loaded = { replace, config };
  }

  get #candidate(): string {
    return this.#loaded?.replace ? this.#options.candidate_cfg : this.#options.merge_cfg;
  }

  *#fileSystemOf(): IosPlan<string> {
    if (this.#fileSystem !== undefined) return this.#fileSystem;
    const reply = yield ask("finds out where files are", "dir", "Directory of flash:/");
    const found = /^Directory of ([\w-]+:)/m.exec(reply)?.[1];
    if (found === undefined) throw napalmErrors.FileSystemUnknown({ device: this.#options.device });
    this.#fileSystem = found;
    return found;
  }

  *#path(file: string): IosPlan<string> {
    return `${yield* this.#fileSystemOf()}/${file}`;
  }

  /** The path of a file that is there. */
  *#existing(file: string): IosPlan<string> {
    const path = yield* this.#path(file);
    const reply = yield ask("looks whether the file is there", `dir ${path}`, `Directory of ${path}`);
    if (!reply.includes("Error opening") && reply.includes(`Directory of ${path}`)) return path;
    throw deviceErrors.CommitFailed({
      device: this.#options.device,
      answer: `${path} is not there: ${reply.trim()}`,
    });
  }

  /** The time of a revert in minutes, where the device can take a commit back by itself at all. */
  *#minutes(revertIn: number): IosPlan<number> {
    const { device } = this.#options;
    if (!(yield* this.#hasArchive())) throw napalmErrors.ArchiveDisabled({ device });
    const { least, most } = this.revertIn;
    if (revertIn < least || revertIn > most) {
      const allowed = `it counts in minutes, from ${least} s to ${most} s`;
      throw napalmErrors.RevertTimeInvalid({ device, asked: revertIn, allowed });
    }
    return Math.ceil(revertIn / MINUTE);
  }

  *#hasArchive(): IosPlan<boolean> {
    const reply = yield ask("asks for the archive", "show archive", "");
    return !reply.includes("Archive feature not enabled");
  }

  /** A commit that waits to be confirmed, and whose it is. */
  *#pendingCommit(): IosPlan<{ readonly user: string | undefined } | undefined> {
    if (!(yield* this.#hasArchive())) return undefined;
    const reply = yield ask(
      "looks for a commit that waits",
      "show archive config rollback timer",
      "%No Rollback Confirmed Change pending",
    );
    if (reply.includes("No Rollback Confirmed Change pending")) return undefined;
    if (!/^(?:Time configured|Timer type|Timer value|User)\b.*: /m.test(reply)) return undefined;
    return { user: /^User: (.*?)\s*$/m.exec(reply)?.[1] };
  }

  /** Asked for anew: it may have been confirmed, or another one begun, in the meantime. */
  *#refuseCommitOfOthers(): IosPlan<void> {
    const { device, username } = this.#options;
    const pending = yield* this.#pendingCommit();
    if (!pending) throw napalmErrors.NoCommitPending({ device });
    if (pending.user !== username)
      throw napalmErrors.CommitOfAnother({ device, by: pending.user ?? "somebody else" });
  }

  /** Keeps what runs now as a file. An old file of that name is no way back, so a copy that failed ends the change. */
  *#keepWayBack(): IosPlan<void> {
    const path = yield* this.#path(this.#options.rollback_cfg);
    const reply = yield ask("keeps the way back", `copy running-config ${path}`, "");
    if (!/^\s*%(?!\s*Warning)/im.test(reply)) return;
    throw napalmErrors.NoWayBack({ device: this.#options.device, answer: reply.trim() });
  }

  *#replace(path: string, minutes: number | undefined): IosPlan<void> {
    const auto = this.#options.auto_rollback_on_error;
    const revert = auto || minutes !== undefined ? " revert" : "";
    const timer = minutes === undefined ? "" : ` timer ${minutes}`;
    const command = `configure replace ${path} force${revert}${auto ? " trigger error" : ""}${timer}`;
    const reply = yield ask("puts the candidate in the place of the running configuration", command, "");
    const { device } = this.#options;
    if (reply.includes("%Please turn config archive on")) throw napalmErrors.ArchiveDisabled({ device });
    const restored = reply.includes("original configuration has been successfully restored");
    if (!restored && !FAILED.test(reply) && !isRefusal(reply)) return;
    if (!restored) yield* this.#restore();
    throw deviceErrors.CommitFailed({ device, answer: `${reply.trim()} (it was taken back)` });
  }

  *#merge(path: string, config: string, minutes: number | undefined): IosPlan<void> {
    if (minutes !== undefined) {
      const command = `configure terminal revert timer ${minutes}`;
      yield {
        does: "sets the timer that takes the commit back",
        send: { kind: "enter", command },
        assume: "",
      };
      yield { does: "leaves the configuration mode", send: { kind: "leave" }, assume: "" };
    }
    const command = `copy ${path} running-config`;
    const reply = yield ask("merges the file into the running configuration", command, "");
    if (!LINE_REFUSED.test(reply)) return;
    if (minutes === undefined) yield* this.#restore();
    else yield* this.#changing("takes the commit back now", "configure revert now");
    const { device } = this.#options;
    throw (
      refusedLine(reply, config) ??
      deviceErrors.CommitFailed({ device, answer: `${reply.trim()} (it was taken back)` })
    );
  }

  *#restore(): IosPlan<void> {
    const path = yield* this.#existing(this.#options.rollback_cfg);
    yield* this.#changing("takes the commit back", `configure replace ${path} force`);
  }

  /** A command whose refusal is an error. */
  *#changing(does: string, command: string): IosPlan<void> {
    const reply = yield ask(does, command, "");
    if (REFUSED.test(reply) || FAILED.test(reply)) throw new CommandRefused(reply.trim(), { command });
  }
}

/** How a replacement says that it did not come to its end. */
const FAILED = /error|not a valid config file|failed|aborted/i;

/** Remarks begin with a percent sign, too. */
const REFUSED = /^\s*% ?(?:No Rollback|Please turn|Invalid|Incomplete|Ambiguous|Unknown)/m;

/** How a merge says that it did not take a line; it goes on with the next one. */
const LINE_REFUSED =
  /^\s*(?:% ?(?:\[\w+\] )?(?:Ambiguous command|Incomplete command|Invalid input|Unknown command|Unrecognized|Bad (?:mask|secrets|passwords)|Error|Cannot|Not enough)|% .* overlaps with|Command authorization failed|Command rejected)/m;

const SAVE = {
  does: "keeps it for the next start",
  send: { kind: "save" as const },
  assume: "",
};

function ask(does: string, command: string, assume: string) {
  return { does, send: { kind: "command" as const, command }, assume };
}

/** An answer that begins with an error is no difference. */
function refuseErrors(reply: string, command: string): void {
  if (isRefusal(reply) || /^\s*%\s?Error/.test(reply)) throw new CommandRefused(reply.trim(), { command });
}

/** The line of the configuration that stands before the mark of the first refusal. */
function refusedLine(reply: string, config: string): LineRefused | undefined {
  const [, before, answer = ""] = /^[^\S\n]*(\S.*)\n\s*\^\s*\n\s*(% ?.*)$/m.exec(reply) ?? [];
  if (before === undefined) return undefined;
  const index = config.split(/\r?\n/).findIndex((line) => line.trim() === before.trim());
  return index < 0
    ? undefined
    : new LineRefused(answer, { line: before.trim(), number: index + 1 }, { takenBack: true });
}

/** A request as a line, for people; the configuration itself stays out. */
export function showIosStep(request: IosVerbRequest): string {
  switch (request.kind) {
    case "command":
    case "enter":
      return request.command;
    case "leave":
      return "end";
    case "put":
      return `${request.fileSystem}/${request.file}, ${Buffer.byteLength(request.content)} bytes`;
    case "save":
      return "write mem";
  }
}
