import {
  type ChangeResult,
  type ConfigChange,
  deviceErrors,
  type LineResult,
  NetPulseError,
  type OperationContext,
} from "../../plugin/index.ts";
import { CommandError } from "./command-error.ts";
import { type ConfigInput, configInputs } from "./config-inputs.ts";
import { answerOf, failureOf } from "./failures.ts";
import type { EapiSession } from "./session.ts";
import { verify } from "./verification.ts";

/**
 * Configures a device: in a configuration session that is committed whole or not at all, or line by line where the arguments say that
 * the device has no sessions.
 */
export function changeConfiguration(
  session: EapiSession,
  change: ConfigChange,
  context: OperationContext,
): Promise<ChangeResult> {
  return new Change(session, change, context).run(session.args.config_session);
}

class Change {
  readonly #session: EapiSession;
  readonly #change: ConfigChange;
  readonly #context: OperationContext;
  readonly #inputs: readonly ConfigInput[];
  /** What the device answered to inputs that it refused. */
  readonly #refused = new Map<ConfigInput, string>();
  /** How many inputs the device has taken, where it stopped at a refusal. */
  #taken = 0;
  #diff: string | undefined;
  #committed = false;
  #saved = false;
  #rolledBack = false;

  constructor(session: EapiSession, change: ConfigChange, context: OperationContext) {
    this.#session = session;
    this.#change = change;
    this.#context = context;
    this.#inputs = configInputs(change.lines);
  }

  async run(throughSession: boolean): Promise<ChangeResult> {
    const error = await (throughSession ? this.#inSession() : this.#atOnce());
    const message = this.#change.commit?.message !== undefined;
    return {
      lines: this.#lines(),
      ...(this.#diff !== undefined && { diff: this.#diff }),
      committed: this.#committed,
      saved: this.#saved,
      rolledBack: this.#rolledBack,
      ...(error && { error }),
      ...(message && { notes: ["EOS keeps no commit message."] }),
    };
  }

  async #inSession(): Promise<Error | undefined> {
    const { node } = this.#session;
    if (node.sessionName !== undefined)
      return deviceErrors.ConfigModeFailed({
        device: this.#session.device,
        why: `configuration session ${node.sessionName} is still open; commit or abort it first`,
      });
    node.configureSession();
    try {
      const refusal = await this.#fill();
      if (refusal) return await this.#giveUp(refusal);
      this.#diff = (await node.diff()).trim();
      if (this.#change.dryRun) return await this.#giveUp(undefined);
      // A commit that was sent is not abandoned: what became of it would not be known.
      return await this.#session.during(this.#unhurried(), () => this.#commit());
    } catch (failure) {
      return this.#giveUp(this.#named(failure));
    } finally {
      node.leaveSession();
      node.refresh();
    }
  }

  /** Fills the session. A refused line ends it, or with `Continue` the session begins again without that line. */
  async #fill(): Promise<Error | undefined> {
    const { node } = this.#session;
    const heading = [
      `configure session ${node.sessionName}`,
      ...(this.#change.mode === "Replace" ? ["rollback clean-config"] : []),
    ];
    for (;;) {
      const refusal = await this.#send(heading);
      if (!refusal || this.#change.onError !== "Continue") return refusal;
      await node.abort();
      node.leaveSession();
      node.configureSession();
      heading[0] = `configure session ${node.sessionName}`;
    }
  }

  /** Sends all inputs that were not refused before, in one request. Remembers the one that the device refuses. */
  async #send(heading: readonly string[]): Promise<Error | undefined> {
    const sent = this.#inputs.filter((input) => input.command !== undefined && !this.#refused.has(input));
    const commands = sent.map((input) => input.command ?? "");
    const sendEnable = this.#change.enableMode;
    try {
      await this.#session.node.runCommands([...heading, ...commands], "json", {
        ...this.#session.runOptions,
        sendEnable,
      });
      this.#taken = this.#inputs.length;
      return undefined;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const place = (error.failedIndex ?? 0) - heading.length - (sendEnable ? 1 : 0);
      const input = sent[place];
      if (!input) throw this.#modeFailed(error);
      return this.#refusal(input, answerOf(error), error);
    }
  }

  #refusal(input: ConfigInput, answer: string, cause: Error): Error {
    this.#refused.set(input, answer);
    this.#taken = this.#inputs.indexOf(input);
    const before = this.#inputs.slice(0, this.#taken).flatMap(({ lines }) => lines);
    const { device } = this.#session;
    const line = input.lines[0]?.trim() ?? "";
    return deviceErrors.ConfigRejected({ device, number: before.length + 1, line, answer }, { cause });
  }

  #modeFailed(error: CommandError): Error {
    const { device } = this.#session;
    const why =
      `no configuration session could be opened: ${answerOf(error)}. ` +
      "Where the device has no sessions, use driver pyeapi with driver.args.config_session: false";
    return deviceErrors.ConfigModeFailed({ device, why }, { cause: error });
  }

  async #commit(): Promise<Error | undefined> {
    const { node, device } = this.#session;
    const timer = this.#timer();
    try {
      await node.commit(timer);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return this.#giveUp(deviceErrors.CommitFailed({ device, answer: answerOf(error) }, { cause: error }));
    }
    this.#committed = true;
    const failed = await verify(this.#session, this.#change.verify);
    if (failed) {
      if (timer !== undefined) await this.#takeBack();
      return failed;
    }
    if (timer !== undefined) await node.confirmSession();
    if (this.#change.save) await this.#save();
    return undefined;
  }

  /** A commit that its checks may undo needs a timer: the device takes it back even if this session ends. */
  #timer(): string | undefined {
    const { commit, onError, verify } = this.#change;
    if (commit?.confirmTimeoutMs !== undefined) return clock(commit.confirmTimeoutMs);
    return onError === "Rollback" && verify.length > 0 ? clock(CHECK_MS) : undefined;
  }

  async #takeBack(): Promise<void> {
    const { node } = this.#session;
    await node.runCommands(`configure session ${node.sessionName} abort`);
    this.#rolledBack = true;
  }

  async #save(): Promise<void> {
    const { node, device } = this.#session;
    try {
      await node.runCommands("write memory");
      this.#saved = true;
    } catch (error) {
      if (error instanceof CommandError)
        throw deviceErrors.SaveFailed({ device, answer: answerOf(error) }, { cause: error });
      throw error;
    }
  }

  /** Drops what the session holds, as far as the device can still be reached. */
  async #giveUp(error: Error | undefined): Promise<Error | undefined> {
    const { node } = this.#session;
    if (this.#committed) return error;
    try {
      await this.#session.during(this.#unhurried(), () => node.abort());
      this.#rolledBack = error !== undefined;
    } catch (failure) {
      return error ?? this.#named(failure);
    }
    return error;
  }

  async #atOnce(): Promise<Error | undefined> {
    let failed: Error | undefined;
    try {
      // Each refusal with Continue sends the rest again; what is in force already stays as it is.
      do failed = await this.#send(["configure terminal"]);
      while (failed && this.#change.onError === "Continue");
      if (failed) return failed;
      this.#committed = true;
      const wrong = await verify(this.#session, this.#change.verify);
      if (wrong) return wrong;
      if (this.#change.save) await this.#save();
      return undefined;
    } catch (failure) {
      return this.#named(failure);
    } finally {
      this.#session.node.refresh();
    }
  }

  #lines(): LineResult[] {
    return this.#inputs.flatMap((input, index) => {
      const answer = this.#refused.get(input);
      const state = answer !== undefined ? "rejected" : index < this.#taken ? "accepted" : "skipped";
      return input.lines.map(
        (line, at): LineResult => ({ line, output: at === 0 ? (answer ?? "") : "", state }),
      );
    });
  }

  #named(failure: unknown): Error {
    if (failure instanceof CommandError) return failureOf(failure, this.#session.device, "configure");
    if (failure instanceof NetPulseError) return failure;
    return deviceErrors.DriverFailed({ device: this.#session.device, why: String(failure) });
  }

  #unhurried(): OperationContext {
    return { ...this.#context, signal: new AbortController().signal };
  }
}

/** How long checks may take before the device takes back a commit that nobody gave a time. */
const CHECK_MS = 5 * 60_000;

/** HH:MM:SS, at least a second. */
function clock(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
