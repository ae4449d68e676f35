import { verifyChange } from "../../../src/device/verification.ts";
import {
  type ChangeResult,
  type ConfigChange,
  type LineResult,
  NetPulseError,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import type { CommitOptions, ConfigVerbs, RevertTimes } from "./config-verbs.ts";
import { LineRefused } from "./getter.ts";
import { meaningOf } from "./meaning.ts";
import type { Plan } from "./plan.ts";

/** What a change by verbs works on. */
export interface ChangedDevice<Request, Reply> {
  readonly device: string;
  readonly platform: string;
  readonly verbs: ConfigVerbs<Request, Reply>;
  run<Result>(plan: Plan<Request, Reply, Result>, context: OperationContext): Promise<Result>;
  /** The steps of a commit of that configuration as text; shown with other verbs than `verbs`, which remember what is loaded. */
  showCommit(
    change: Pick<ConfigChange, "mode"> & { readonly config: string; readonly options: CommitOptions },
  ): string[];
  /** What a command prints. */
  output(command: string, context: OperationContext): Promise<string>;
}

/**
 * A NetJob's change by NAPALM's verbs: load, compare, commit, then the job's checks. With `commit.confirmTimeoutSeconds` (or checks that
 * may roll back) the device is told to take the commit back by itself, and only checks that hold make it final: a session that is lost
 * in between means that it is not.
 */
export function changeByVerbs<Request, Reply>(
  on: ChangedDevice<Request, Reply>,
  change: ConfigChange,
  context: OperationContext,
): Promise<ChangeResult> {
  return new Change(on, change, context).run();
}

class Change<Request, Reply> {
  readonly #on: ChangedDevice<Request, Reply>;
  readonly #change: ConfigChange;
  readonly #context: OperationContext;
  #revertIn: number | undefined;
  readonly #notes: string[] = [];
  #diff: string | undefined;
  #plan: readonly string[] | undefined;
  #committed = false;
  #confirmed = true;
  #saved = false;
  #rolledBack = false;
  #refused: LineRefused | undefined;

  constructor(on: ChangedDevice<Request, Reply>, change: ConfigChange, context: OperationContext) {
    this.#on = on;
    this.#change = change;
    this.#context = context;
    this.#revertIn = this.#revertTime();
  }

  async run(): Promise<ChangeResult> {
    if (this.#change.onError === "Continue")
      throw pluginErrors.NotImplemented({
        what: `onError: Continue on platform ${this.#on.platform}, which takes a configuration as a whole,`,
        driver: "napalm",
      });
    const error = await this.#carryOut();
    return {
      lines: this.#lines(error),
      ...(this.#diff !== undefined && { diff: this.#diff }),
      ...(this.#plan && { plan: this.#plan }),
      committed: this.#committed && this.#confirmed && !this.#rolledBack,
      saved: this.#saved,
      rolledBack: this.#rolledBack,
      ...(error && { error }),
      ...(this.#notes.length > 0 && { notes: this.#notes }),
    };
  }

  async #carryOut(): Promise<Error | undefined> {
    const { verbs } = this.#on;
    const { mode, lines, dryRun, save, commit } = this.#change;
    const config = `${lines.join("\n")}\n`;
    try {
      await this.#run(
        mode === "Replace" ? verbs.load_replace_candidate(config) : verbs.load_merge_candidate(config),
      );
      this.#diff = await this.#run(verbs.compare_config());
      await this.#settleRevert();
      const options = {
        ...(commit?.message !== undefined && { message: commit.message }),
        ...(this.#revertIn !== undefined && { revertIn: this.#revertIn }),
        save: save && this.#revertIn === undefined,
      };
      if (dryRun) {
        this.#plan = this.#on.showCommit({ mode, config, options });
        await this.#run(verbs.discard_config());
        return undefined;
      }
      if (this.#diff === "" && verbs.exactDiff) {
        this.#notes.push("The device already has this configuration; nothing was committed.");
        await this.#run(verbs.discard_config());
        return undefined;
      }
      // A commit that was sent is not abandoned: what became of it would not be known.
      await this.#unhurried(() => verbs.commit_config(options));
      this.#committed = true;
      this.#saved = options.save;
    } catch (failure) {
      if (!isUnsaved(failure)) return this.#giveUp(failure);
      this.#committed = true;
      return failure;
    }
    return this.#conclude(save);
  }

  /** After the commit: the checks decide whether it stays. */
  async #conclude(save: boolean): Promise<Error | undefined> {
    const { verbs } = this.#on;
    this.#confirmed = this.#revertIn === undefined;
    try {
      const failed = await this.#verify();
      if (!failed) {
        if (this.#confirmed) return undefined;
        return await this.#confirm(save);
      }
      if (this.#revertIn !== undefined || this.#change.onError === "Rollback") {
        await this.#unhurried(() => verbs.rollback());
        this.#rolledBack = true;
      }
      return failed;
    } catch (failure) {
      if (!this.#confirmed)
        this.#notes.push(
          `The commit was not confirmed: the device takes it back by itself ${this.#revertIn} s after it was made.`,
        );
      return this.#asError(failure);
    }
  }

  async #confirm(save: boolean): Promise<Error | undefined> {
    try {
      await this.#unhurried(() => this.#on.verbs.confirm_commit({ save }));
      this.#saved = save;
      this.#confirmed = true;
      return undefined;
    } catch (failure) {
      if (!isUnsaved(failure)) throw failure;
      this.#confirmed = true;
      return failure;
    }
  }

  async #verify(): Promise<Error | undefined> {
    const { device } = this.#on;
    const output = async (command: string) => {
      try {
        return await this.#on.output(command, this.#context);
      } catch (error) {
        throw meaningOf(error, device, command);
      }
    };
    return verifyChange({ device, output, signal: this.#context.signal }, this.#change.verify);
  }

  /** Leaves nothing loaded behind a failure, as far as the device still answers. */
  async #giveUp(failure: unknown): Promise<Error> {
    try {
      await this.#unhurried(() => this.#on.verbs.discard_config());
    } catch (error) {
      this.#notes.push(`The candidate could not be discarded: ${this.#asError(error).message}`);
    }
    if (failure instanceof LineRefused) {
      this.#refused = failure;
      this.#rolledBack = failure.takenBack;
    }
    return this.#asError(failure);
  }

  #run<Result>(plan: Plan<Request, Reply, Result>): Promise<Result> {
    return this.#on.run(plan, this.#context);
  }

  #unhurried<Result>(plan: () => Plan<Request, Reply, Result>): Promise<Result> {
    const never = new AbortController().signal;
    return this.#on.run(plan(), { ...this.#context, signal: never });
  }

  /** A timer that nobody asked for is left out where the device has none: checks that fail take the commit back all the same. */
  async #settleRevert(): Promise<void> {
    const { verbs } = this.#on;
    if (this.#revertIn === undefined || this.#change.commit?.confirmTimeoutMs !== undefined) return;
    if (!verbs.canRevert || (await this.#run(verbs.canRevert()))) return;
    this.#revertIn = undefined;
    this.#notes.push(
      "The device cannot take a commit back by itself: a check that fails takes it back, a session that is lost does not.",
    );
  }

  #revertTime(): number | undefined {
    const { commit, onError, verify } = this.#change;
    const { platform, verbs } = this.#on;
    const asked = commit?.confirmTimeoutMs;
    if (asked === undefined)
      return verbs.revertIn && onError === "Rollback" && verify.length > 0
        ? rounded(CHECK_SECONDS, verbs.revertIn)
        : undefined;
    if (!verbs.revertIn)
      throw pluginErrors.NotImplemented({
        what: `a commit that has to be confirmed (confirmTimeoutSeconds) on platform ${platform}`,
        driver: "napalm",
      });
    const seconds = rounded(asked / 1000, verbs.revertIn);
    if (seconds * 1000 !== asked)
      this.#notes.push(
        `The device would take the commit back after ${seconds} s, the nearest time that it has.`,
      );
    return seconds;
  }

  #lines(error: Error | undefined): LineResult[] {
    const refused = this.#refused;
    return this.#change.lines.map((line, index) => {
      if (refused && index + 1 === refused.number)
        return { line, output: refused.message, state: "rejected" };
      const reached = refused ? index + 1 < refused.number : !error || this.#committed;
      return { line, output: "", state: reached ? "accepted" : "skipped" };
    });
  }

  #asError(failure: unknown): Error {
    const meaning = meaningOf(failure, this.#on.device, "the change");
    return meaning instanceof Error ? meaning : new Error(String(meaning));
  }
}

/** Time for checks that may roll back, where the job names none: they take seconds. */
const CHECK_SECONDS = 300;

function rounded(seconds: number, { least, most, step }: RevertTimes): number {
  return Math.min(most, Math.max(least, Math.ceil(seconds / step) * step));
}

/** What could not be saved is in force all the same. */
function isUnsaved(failure: unknown): failure is Error {
  return failure instanceof NetPulseError && failure.code === "SaveFailed";
}
