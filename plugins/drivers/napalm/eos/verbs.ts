import { z } from "zod";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import { type ConfigChange, deviceErrors, pluginErrors } from "../../../../src/plugin/index.ts";
import type { CommitOptions, ConfigVerbs } from "../config-verbs.ts";
import { CommandRefused, LineRefused } from "../getter.ts";
import { type Plan, type Step, stepsOf } from "../plan.ts";
import { eosInputs } from "./inputs.ts";
import type { EapiRequest } from "./request.ts";

type Replies = readonly unknown[];
type EosPlan<Result> = Plan<EapiRequest, Replies, Result>;

export interface EosVerbsOptions {
  readonly device: string;
  /** A name that no other configuration session has. */
  readonly sessionName: () => string;
  /** Load although others have configuration sessions open. */
  readonly lockDisable: boolean;
}

/** The file that a commit can be taken back to. */
const ROLLBACK = "flash:rollback-0";
const SAVE = "write memory";

/**
 * NAPALM's verbs on EOS: a named configuration session that is committed whole, with a timer where the commit has to be confirmed. The
 * way back is the running configuration at the time of the commit; NAPALM keeps the startup configuration, which loses what was
 * changed and not saved before.
 */
export class EosVerbs implements ConfigVerbs<EapiRequest, Replies> {
  readonly revertIn = { least: 1, most: 86_399, step: 1 };
  readonly exactDiff = true;
  readonly #options: EosVerbsOptions;
  #session: string | undefined;
  /** Whether the last commit was one to keep for the next start. What was not is not kept by a rollback either. */
  #saves = true;

  constructor(options: EosVerbsOptions) {
    this.#options = options;
  }

  get candidate(): string | undefined {
    return this.#session;
  }

  load_merge_candidate(config: string): EosPlan<void> {
    return this.#load(config, []);
  }

  load_replace_candidate(config: string): EosPlan<void> {
    return this.#load(config, ["rollback clean-config"]);
  }

  *compare_config(): EosPlan<string> {
    if (this.#session === undefined) return "";
    const command = `show session-config named ${this.#session} diffs`;
    const [reply] = yield asText("compares the session with the running configuration", [command], "");
    const { output } = textReply.parse(reply);
    // The first two lines name what was compared.
    return output.split("\n").slice(2).join("\n").trim();
  }

  *commit_config({ message, revertIn, save = true }: CommitOptions = {}): EosPlan<void> {
    const { device } = this.#options;
    if (message)
      throw pluginErrors.NotImplemented({ what: "a commit message on platform eos", driver: "napalm" });
    if (revertIn !== undefined && (yield* this.has_pending_commit()))
      throw napalmErrors.CommitPending({ device });
    if (this.#session === undefined) throw napalmErrors.NothingLoaded({ device });
    const commit = `configure session ${this.#session} commit`;
    const commands = [
      `copy running-config ${ROLLBACK}`,
      revertIn === undefined ? commit : `${commit} timer ${clock(revertIn)}`,
      ...(save && revertIn === undefined ? [SAVE] : []),
    ];
    this.#saves = save;
    yield* this.#commit("keeps the way back and commits the session", commands);
  }

  *confirm_commit({ save = true }: Pick<CommitOptions, "save"> = {}): EosPlan<void> {
    const pending = yield* this.#pendingSession();
    if (pending === undefined) throw napalmErrors.NoCommitPending({ device: this.#options.device });
    const commands = [`configure session ${pending} commit`, ...(save ? [SAVE] : [])];
    this.#saves = save;
    yield* this.#commit("makes the commit final", commands);
  }

  *has_pending_commit(): EosPlan<boolean> {
    return (yield* this.#pendingSession()) !== undefined;
  }

  *discard_config(): EosPlan<void> {
    if (this.#session === undefined) return;
    const commands = [`configure session ${this.#session} abort`];
    this.#session = undefined;
    yield asText("drops the session", commands, "");
  }

  *rollback(): EosPlan<void> {
    const pending = yield* this.#pendingSession();
    const back =
      pending === undefined ? `configure replace ${ROLLBACK}` : `configure session ${pending} abort`;
    const commands = [back, ...(this.#saves ? [SAVE] : [])];
    yield asText("takes the commit back", commands, "");
    this.#session = undefined;
  }

  *close(): EosPlan<void> {
    yield* this.discard_config();
  }

  /** Throws `CommitFailed`, or `SaveFailed` for a commit that was made. From then on no session must be aborted: it would be taken back. */
  *#commit(does: string, commands: readonly string[]): EosPlan<void> {
    try {
      yield asText(does, commands, "");
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      const failure = { device: this.#options.device, answer: error.message };
      if (error.index === undefined || commands[error.index] !== SAVE)
        throw deviceErrors.CommitFailed(failure, { cause: error });
      this.#session = undefined;
      throw deviceErrors.SaveFailed(failure, { cause: error });
    }
    this.#session = undefined;
  }

  *#load(config: string, first: readonly string[]): EosPlan<void> {
    if (!this.#options.lockDisable) yield* this.#refuseOthers();
    this.#session = this.#options.sessionName();
    const inputs = eosInputs(config);
    const heading = [`configure session ${this.#session}`, ...first];
    const isEnded = inputs.some(({ command }) => command === "end");
    const commands = [...heading, ...inputs.map(({ command }) => command), ...(isEnded ? [] : ["end"])];
    try {
      yield {
        does: "loads the configuration into a session",
        send: { commands, encoding: "json" },
        assume: commands.map(() => ({})),
      };
    } catch (error) {
      yield* this.discard_config();
      const refused =
        error instanceof CommandRefused && error.index !== undefined
          ? inputs[error.index - heading.length]
          : undefined;
      throw refused ? new LineRefused((error as Error).message, refused, { cause: error }) : error;
    }
  }

  /** Another session that is being filled or waits for its timer may be committed at any moment. */
  *#refuseOthers(): EosPlan<void> {
    const [reply] = yield asData(
      "looks for other configuration sessions",
      ["show configuration sessions"],
      [{ sessions: {} }],
    );
    const { sessions, commitTimerSessionName: waiting } = sessionsReply.parse(reply);
    const open = Object.entries(sessions).filter(([, { state }]) => state.startsWith("pending"));
    const others = new Set([...open.map(([name]) => name), ...(waiting ? [waiting] : [])]);
    if (this.#session !== undefined) others.delete(this.#session);
    if (others.size > 0)
      throw napalmErrors.ConfigLocked({ device: this.#options.device, by: [...others].join(", ") });
  }

  /** The session that waits to be confirmed: a device has one at most. */
  *#pendingSession(): EosPlan<string | undefined> {
    const [reply] = yield asData(
      "looks for a commit that waits",
      ["show configuration sessions detail"],
      [{ sessions: {} }],
    );
    const [version] = yield asData("asks for the device's time", ["show version"], [{ uptime: 0 }]);
    const { uptime } = versionReply.parse(version);
    const { sessions, commitTimerSessionName, commitTimerExpireTime } = sessionsReply.parse(reply);
    // Since 4.32 the timer stands beside the sessions.
    const timers = commitTimerSessionName
      ? [{ name: commitTimerSessionName, endsAt: commitTimerExpireTime }]
      : Object.entries(sessions)
          .filter(([, { state }]) => state === "pendingCommitTimer")
          .map(([name, { commitBy }]) => ({ name, endsAt: commitBy }));
    return timers.find(({ endsAt }) => endsAt > uptime)?.name;
  }
}

/** What a change would tell the device after it was compared. */
export function changePlan({ lines, mode, commit, save }: ConfigChange): string[] {
  const verbs = new EosVerbs({ device: "", sessionName: () => "NAME", lockDisable: true });
  const config = lines.join("\n");
  const revertIn = commit?.confirmTimeoutMs;
  const load = mode === "Replace" ? verbs.load_replace_candidate(config) : verbs.load_merge_candidate(config);
  // The steps before the commit are what the dry run has just done.
  for (const _ of stepsOf(load));
  const options = { ...(revertIn !== undefined && { revertIn: revertIn / 1000 }), save };
  return [...stepsOf(verbs.commit_config(options))].map(({ does, send }) => `${does}: ${showEapi(send)}`);
}

/** Commands of a request as one line; the texts that commands read stay out. */
export function showEapi({ commands }: EapiRequest): string {
  return commands.map((command) => (typeof command === "string" ? command : command.cmd)).join("; ");
}

function asText(does: string, commands: readonly string[], output: string): Step<EapiRequest, Replies> {
  return { does, send: { commands, encoding: "text" }, assume: commands.map(() => ({ output })) };
}

function asData(does: string, commands: readonly string[], assume: Replies): Step<EapiRequest, Replies> {
  return { does, send: { commands, encoding: "json" }, assume };
}

const textReply = z.object({ output: z.string().default("") });
/** In seconds since the device started; -1 where it does not know. */
const endOfTimer = z
  .number()
  .default(-1)
  .transform((time) => (time === -1 ? Number.POSITIVE_INFINITY : time));
const sessionsReply = z.object({
  sessions: z
    .record(z.string(), z.object({ state: z.string().default(""), commitBy: endOfTimer }))
    .default({}),
  commitTimerSessionName: z.string().optional(),
  commitTimerExpireTime: endOfTimer,
});
const versionReply = z.object({ uptime: z.number().default(0) });

/** HH:MM:SS. */
function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
