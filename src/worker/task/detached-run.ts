import { createHash } from "node:crypto";
import type {
  CommandOutcome,
  DetachedStatus,
  DeviceResult,
  NetTaskSpec,
  TaskDevice,
} from "../../api/index.ts";
import { jobErrors } from "../../errors/job.ts";
import { programErrors } from "../../errors/program.ts";
import { type DetachedProgress, type DetachedWork, pluginErrors } from "../../plugin/index.ts";
import { type Clock, sleep } from "../../runtime/index.ts";
import type { Execution, Executor, Turn } from "./execute.ts";
import { asError, failureOf } from "./perform.ts";

export interface DetachedOptions {
  readonly executor: Executor;
  readonly clock: Clock;
  /** Waits for the device's queue; a program that runs does not hold it. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly isDraining: () => boolean;
  /** Told how far the program is. */
  readonly onProgress: (detached: DetachedStatus) => void;
}

/** How often a program that runs is looked at. */
const LOOK_MS = 2000;
/** Progress without a log for anybody is told at most this often. */
const QUIET_PROGRESS_MS = 30_000;
/** Of one log this much is taken over into the result; the rest stays on the host, and the result says so. */
const LOG_BYTES = 16 * 1024 * 1024;
/** Pieces of all devices of a task together: half of what a task may hold. */
const PUSH_BYTES = 256 * 1024;
const PUSH_PIECE_BYTES = 64 * 1024;
/** Looks that may fail in a row: a host that restarts is away for minutes. */
const FAILED_LOOKS = 60;

/** The id under which a device knows the program of a run: the same for every worker that takes it up. */
function detachedId({ jobRef }: Pick<NetTaskSpec, "jobRef">, device: string): string {
  const digest = createHash("sha256").update(`${jobRef.uid}/${jobRef.run}/${device}`).digest("hex");
  return `np-${digest.slice(0, 20)}`;
}

/**
 * A program that outlives its session and its worker, on one device: started once whoever starts it, looked at until it ends. The
 * device is asked in turn with other jobs and is free in between. A worker that has to go leaves the program running: the result
 * `NotStarted` gives the device to another worker, whose start finds the program.
 */
export class DetachedRun {
  readonly #options: DetachedOptions;
  readonly #execution: Execution;
  readonly #device: TaskDevice;
  readonly #id: string;
  readonly #startTime: string;
  #command = "program";
  #pushedTo = 0;
  #sequence = 0;
  #lastPush: number;
  #lastTold = Number.NEGATIVE_INFINITY;

  constructor(options: DetachedOptions, execution: Execution) {
    this.#options = options;
    this.#execution = execution;
    this.#device = execution.device;
    this.#id = detachedId(execution.spec, execution.device.name);
    this.#startTime = new Date(options.clock.now()).toISOString();
    this.#lastPush = options.clock.now();
  }

  /** Throws only ClaimRefused: then nothing was begun. Rejects when the worker is fenced. */
  async run(): Promise<DeviceResult> {
    const { executor, inTurn } = this.#options;
    await inTurn(() => this.#start());
    for (;;) {
      const seen = await this.#lookUntilEnd();
      if (seen === "leaving") return this.#leaving();
      const stopped = this.#execution.stopReason();
      if (seen.state === "Running" && stopped !== undefined) {
        await inTurn(() => executor.use(this.#execution, (turn) => this.#cancel(turn)));
        continue;
      }
      return inTurn(() => executor.use(this.#execution, (turn) => this.#conclude(turn, seen, stopped)));
    }
  }

  /** Removes what the device keeps of the program, once its end is stored. */
  async forget(): Promise<void> {
    const { executor, inTurn } = this.#options;
    await inTurn(() =>
      executor.use(this.#execution, ({ driver, session, context }) =>
        driver.forgetDetached(session, this.#id, context),
      ),
    );
  }

  async #start(): Promise<void> {
    const { executor } = this.#options;
    const work = await executor.prepare(this.#execution);
    const detached: DetachedWork | undefined =
      work.kind === "script"
        ? { id: this.#id, script: work.script }
        : work.kind === "commands" && work.commands[0]
          ? { id: this.#id, command: work.commands[0] }
          : undefined;
    if (!detached)
      throw pluginErrors.NotImplemented({ what: `detached ${work.kind}`, driver: this.#device.driver.name });
    this.#command = detached.command?.command ?? detached.script?.name ?? this.#command;
    await this.#execution.claim();
    await executor.use(this.#execution, ({ driver, session, context }) => {
      if (!driver.detaches)
        throw pluginErrors.NotImplemented({
          what: "detached programs (options.detach)",
          driver: this.#device.driver.name,
        });
      return driver.startDetached(session, detached, context);
    });
    this.#tell({ id: this.#id, state: "Running", logSize: 0 });
  }

  /** The last look at the program: it has ended, or is to be stopped, or this worker has to go. */
  async #lookUntilEnd(): Promise<DetachedProgress | "leaving"> {
    const { clock, isDraining, executor, inTurn } = this.#options;
    const { signal, stopReason } = this.#execution;
    let failures = 0;
    for (;;) {
      signal.throwIfAborted();
      if (isDraining()) return "leaving";
      try {
        const seen = await inTurn(() =>
          executor.use(this.#execution, ({ driver, session, context }) =>
            driver.followDetached(session, this.#id, this.#pushedTo, context),
          ),
        );
        failures = 0;
        if (seen.state !== "Running" || stopReason() !== undefined) return seen;
        this.#progress(seen);
      } catch (cause) {
        failures += 1;
        const error = asError(cause, this.#device.name);
        if (error.retry === "never" || failures > FAILED_LOOKS) throw error;
      }
      await sleep(clock, LOOK_MS, signal).catch(() => undefined);
    }
  }

  /** A piece of the log for those who asked for it, in intervals; otherwise now and then how much there is. */
  #progress(seen: DetachedProgress): void {
    const { clock } = this.#options;
    const { options = {}, devices } = this.#execution.spec;
    const now = clock.now();
    const status: DetachedStatus = {
      id: this.#id,
      state: "Running",
      ...(seen.startedAt !== undefined && { startTime: seen.startedAt }),
      logSize: seen.logSize,
    };
    const interval = options.logIntervalSeconds;
    if (interval !== undefined && now - this.#lastPush >= interval * 1000 && seen.log !== "") {
      const limit = Math.min(PUSH_PIECE_BYTES, Math.floor(PUSH_BYTES / devices.length));
      const text = firstBytes(seen.log, limit);
      const offset = seen.nextOffset - Buffer.byteLength(seen.log);
      this.#pushedTo = offset + Buffer.byteLength(text);
      this.#lastPush = now;
      this.#sequence += 1;
      this.#tell({ ...status, piece: { sequence: this.#sequence, offset, text } });
    } else if (now - this.#lastTold >= QUIET_PROGRESS_MS) this.#tell(status);
  }

  #tell(status: DetachedStatus): void {
    this.#lastTold = this.#options.clock.now();
    this.#options.onProgress(status);
  }

  async #cancel({ driver, session, context }: Turn): Promise<void> {
    await driver.cancelDetached(session, this.#id, context);
  }

  async #conclude(turn: Turn, seen: DetachedProgress, stopped: string | undefined): Promise<DeviceResult> {
    const { driver, session, context } = turn;
    const device = this.#device.name;
    const parts: string[] = [];
    let offset = 0;
    for (let taken = 0; taken < LOG_BYTES; ) {
      const part = await driver.followDetached(session, this.#id, offset, context);
      if (part.nextOffset <= offset) break;
      parts.push(part.log);
      taken += Buffer.byteLength(part.log);
      offset = part.nextOffset;
    }
    const notes =
      offset < seen.logSize
        ? [
            `The log has ${seen.logSize} bytes; the first ${offset} are here. See detached.follow for the rest.`,
          ]
        : [];
    const detached: DetachedStatus = {
      id: this.#id,
      state: seen.state,
      ...(seen.startedAt !== undefined && { startTime: seen.startedAt }),
      ...(seen.endedAt !== undefined && { endTime: seen.endedAt }),
      ...(seen.exitStatus !== undefined && { exitStatus: seen.exitStatus }),
      logSize: seen.logSize,
    };
    const output = parts.join("");
    const error = this.#failure(seen, output);
    const outcome: CommandOutcome = {
      command: this.#command,
      output,
      ...(seen.exitStatus !== undefined && { exitStatus: seen.exitStatus }),
      ...(notes.length > 0 && { notes }),
      ...(error && { error: failureOf(error) }),
    };
    const common = {
      device,
      startTime: this.#startTime,
      endTime: new Date(this.#options.clock.now()).toISOString(),
      attempts: 1,
      detached,
      commands: [outcome],
    };
    if (stopped !== undefined)
      return { ...common, state: "Cancelled", reason: stopped, message: "the program was ended" };
    return error ? { ...common, state: "Failed", ...failureOf(error) } : { ...common, state: "Succeeded" };
  }

  #failure({ state, exitStatus }: DetachedProgress, output: string) {
    const device = this.#device.name;
    if (state === "Lost") return jobErrors.DetachedLost({ device, id: this.#id });
    if (exitStatus !== undefined && exitStatus !== 0)
      return programErrors.CommandFailed({
        device,
        command: this.#command,
        status: exitStatus,
        said: output.trimEnd().split("\n").at(-1) ?? "",
      });
    return undefined;
  }

  #leaving(): DeviceResult {
    const error = jobErrors.WorkerDraining({ worker: this.#options.executor.workerName });
    return { device: this.#device.name, state: "NotStarted", reason: error.code, message: error.message };
  }
}

/** The beginning of a text of at most so many bytes of UTF-8, cut between two characters. */
function firstBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  // 10xxxxxx continues a character of UTF-8.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
