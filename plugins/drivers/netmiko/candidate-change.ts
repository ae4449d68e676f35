import {
  type ChangeResult,
  type ConfigChange,
  deviceErrors,
  type LineResult,
} from "../../../src/plugin/index.ts";
import type { Cli } from "./cli.ts";
import { withSkipped } from "./line-change.ts";
import { type Candidate, homeMode, type Steps, stepList } from "./platform.ts";
import { save } from "./save.ts";
import { sendLines } from "./send-lines.ts";
import { verify } from "./verification.ts";

/**
 * Configures a device with a candidate: enter it alone, refuse one that somebody else has touched, send the lines, and commit all or
 * nothing. Whatever fails before the commit, the candidate is discarded.
 */
export function changeByCandidate(
  cli: Cli,
  candidate: Candidate,
  change: ConfigChange,
  signal: AbortSignal,
): Promise<ChangeResult> {
  return new CandidateChange(cli, candidate, change, signal).run();
}

class CandidateChange {
  private readonly cli: Cli;
  private readonly candidate: Candidate;
  private readonly change: ConfigChange;
  private readonly signal: AbortSignal;
  private readonly results: LineResult[] = [];
  private readonly values: Readonly<Record<string, string>>;
  private diff: string | undefined;
  private locked = false;
  private touched = false;
  private committed = false;
  private saved = false;
  private rolledBack = false;

  constructor(cli: Cli, candidate: Candidate, change: ConfigChange, signal: AbortSignal) {
    this.cli = cli;
    this.candidate = candidate;
    this.change = change;
    this.signal = signal;
    this.values = commitValues(change);
  }

  async run(): Promise<ChangeResult> {
    const error = await this.attempt();
    return {
      lines: withSkipped(this.change.lines, this.results),
      ...(this.diff !== undefined && { diff: this.diff }),
      committed: this.committed,
      saved: this.saved,
      rolledBack: this.rolledBack,
      ...(error && { error }),
    };
  }

  private async attempt(): Promise<Error | undefined> {
    const { cli, candidate, change, signal } = this;
    try {
      await this.lock();
      await cli.enter(candidate.mode, signal);
      await this.refuseDirty();
      this.touched = true;
      if (change.mode === "Replace") await cli.steps(candidate.replace, signal, this.values);
      const refused = await sendLines(cli, { ...change, mode: candidate.mode }, this.results, signal);
      if (refused) return await this.giveUp(refused);
      if (candidate.diff !== undefined) this.diff = (await cli.steps(candidate.diff, signal)).trim();
      if (change.dryRun) {
        if (candidate.check) await cli.steps(candidate.check, signal);
        return await this.giveUp(undefined);
      }
      return await this.commit();
    } catch (failure) {
      return this.giveUp(failure instanceof Error ? failure : new Error(String(failure)));
    }
  }

  private async lock(): Promise<void> {
    const { cli, candidate, signal } = this;
    if (candidate.lock === undefined) return;
    const home = homeMode(cli.platform);
    if (home !== undefined) await cli.enter(home, signal);
    await cli.steps(candidate.lock, signal);
    this.locked = true;
  }

  private async commit(): Promise<Error | undefined> {
    const { cli, change } = this;
    const confirmed = change.commit?.confirmTimeoutMs !== undefined;
    try {
      await cli.steps(this.commitSteps(confirmed), undefined, this.values);
    } catch (failure) {
      const answer = failure instanceof Error ? failure.message : String(failure);
      // Whether it was committed is not known then; the failure itself says what happened.
      if (cli.channel.outOfStep || cli.channel.isClosed) throw failure;
      return this.giveUp(deviceErrors.CommitFailed({ device: cli.device, answer }, { cause: failure }));
    }
    this.committed = true;
    this.touched = false;
    const failed = change.verify.length === 0 ? undefined : await this.verified();
    if (failed) return this.takeBack(failed, confirmed);
    if (confirmed) await this.confirm();
    await this.leave();
    if (change.save) this.saved = await save(cli);
    return undefined;
  }

  /** Another user's uncommitted changes would be committed along, or discarded with ours. */
  private async refuseDirty(): Promise<void> {
    const { candidate, cli } = this;
    if (candidate.isolation === "private" || candidate.diff === undefined) return;
    const pending = (await cli.steps(candidate.diff, this.signal)).trim();
    if (pending === "" || (candidate.clean !== undefined && new RegExp(candidate.clean, "m").test(pending)))
      return;
    throw deviceErrors.ConfigModeFailed({
      device: cli.device,
      why: `the candidate already holds changes that nobody committed (${JSON.stringify(pending.slice(0, 200))}); nothing was changed`,
    });
  }

  private async verified(): Promise<Error | undefined> {
    await this.leave();
    return verify(this.cli, this.change.verify);
  }

  private async takeBack(failed: Error, confirmed: boolean): Promise<Error> {
    // A commit that is not confirmed takes itself back; the device does it even if this session ends.
    if (confirmed) this.rolledBack = true;
    else if (this.change.onError === "Rollback" && this.candidate.undo) {
      await this.cli.enter(this.candidate.mode);
      await this.cli.steps(this.candidate.undo, undefined, this.values);
      this.rolledBack = true;
    }
    await this.leave();
    return failed;
  }

  private async confirm(): Promise<void> {
    const { candidate, cli } = this;
    const [first] = stepList(candidate.confirm ?? candidate.commit);
    if (first?.in === undefined && cli.mode !== candidate.mode) await cli.enter(candidate.mode);
    await cli.steps(candidate.confirm ?? candidate.commit, undefined, this.values);
  }

  /** Throws the candidate away, if anything of ours is in it, and leaves. */
  private async giveUp(error: Error | undefined): Promise<Error | undefined> {
    const { cli, candidate } = this;
    if (cli.channel.outOfStep || cli.channel.isClosed) return error;
    try {
      if (this.touched && cli.mode === candidate.mode) {
        await cli.steps(candidate.discard, undefined, this.values);
        this.rolledBack = error !== undefined;
      }
      await this.leave();
    } catch (failure) {
      return error ?? (failure instanceof Error ? failure : new Error(String(failure)));
    }
    return error;
  }

  private async leave(): Promise<void> {
    const { cli, candidate } = this;
    if (candidate.leave !== undefined && cli.mode === candidate.mode) await cli.steps(candidate.leave);
    const home = homeMode(cli.platform);
    if (home !== undefined && cli.mode === candidate.mode) await cli.enter(home);
    if (!this.locked) return;
    this.locked = false;
    await cli.steps(candidate.unlock);
  }

  private commitSteps(confirmed: boolean): Steps {
    const { candidate, change } = this;
    const message = change.commit?.message !== undefined;
    if (confirmed && message && candidate.commitConfirmedComment) return candidate.commitConfirmedComment;
    if (confirmed && candidate.commitConfirmed) return candidate.commitConfirmed;
    if (message && candidate.commitComment) return candidate.commitComment;
    return candidate.commit;
  }
}

/**
 * The values of `{comment}`, `{minutes}`, `{seconds}`, `{clock}` (HH:MM:SS). A comment loses quotes, which would end it early, and question
 * marks, which ask for help while it is typed.
 */
function commitValues(change: ConfigChange): Record<string, string> {
  const seconds = Math.ceil((change.commit?.confirmTimeoutMs ?? 0) / 1000);
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    comment: (change.commit?.message ?? "").replace(/["?\s\x00-\x1f]+/g, " ").trim(),
    minutes: String(Math.max(1, Math.ceil(seconds / 60))),
    seconds: String(seconds),
    clock: `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
  };
}
