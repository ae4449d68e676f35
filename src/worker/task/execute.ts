import type { CommandOutcome, DeviceResult, NetTaskSpec, TaskDevice } from "../../api/index.ts";
import type {
  BaseDriver,
  Credential,
  DeviceTarget,
  DriverSession,
  OperationContext,
} from "../../plugin/index.ts";
import {
  type Content,
  deviceErrors,
  type NetPulseError,
  type PluginRegistry,
  pluginErrors,
  transferErrors,
} from "../../plugin/index.ts";
import { type Clock, type Logger, sleep, type TimerHandle } from "../../runtime/index.ts";
import type { Credentials } from "../credentials.ts";
import { sessionKey } from "../session/session-key.ts";
import type { Held, SessionPool } from "../session/session-pool.ts";
import { INLINE_BYTES, type OutputPlace, type TransferSurroundings } from "../transfer/carry.ts";
import { ClaimRefused } from "./claims.ts";
import { refuseUnhonoured } from "./honoured.ts";
import { parseOutcomes } from "./parse-outcomes.ts";
import { asError, failureOf, type Performance, perform } from "./perform.ts";
import { operationsOf, type PrepareOptions, prepare, type Work } from "./prepare.ts";

export interface ExecutorOptions extends Omit<PrepareOptions, "signal"> {
  readonly plugins: PluginRegistry;
  readonly sessions: SessionPool;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: Logger;
  readonly beforeWrite: () => void;
  readonly workerName: string;
  /** Told each outcome; for metrics. */
  readonly onResult?: ((driver: string, result: DeviceResult) => void) | undefined;
}

/** What surrounds the work on one device. */
export interface Execution {
  readonly spec: NetTaskSpec;
  readonly device: TaskDevice;
  /** Aborted when the work must end at once: the worker is fenced, or a deadline has passed. */
  readonly signal: AbortSignal;
  /** Ends between two commands; undefined while the work may go on. */
  readonly stopReason: () => string | undefined;
  /** Tells people something about this work as an Event of its task. */
  readonly notify: (reason: string, message: string) => void;
  /** Makes sure that a change may begin. @throws ClaimRefused */
  readonly claim: () => Promise<void>;
  /** Told how far a transfer is, often. */
  readonly progress?: TransferSurroundings["onProgress"];
  /** Keeps what is fetched and is no short text; absent: that is refused. */
  readonly keepOutput?: TransferSurroundings["keepOutput"];
}

/** A session that is held for one exchange. */
export interface Turn {
  readonly driver: BaseDriver;
  readonly session: DriverSession;
  readonly context: OperationContext;
}

/** Time that a driver has to notice an abort; then its session is ended under it. */
const ABORT_GRACE_MS = 5000;
/** Before the second attempt; doubled for each further one. */
const RETRY_MS = 1000;

/** Carries out a task on one device and says how it went. Throws only ClaimRefused: then nothing was begun. */
export class Executor {
  readonly #options: ExecutorOptions;

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  async execute(execution: Execution): Promise<DeviceResult> {
    const result = await this.#execute(execution);
    this.#options.onResult?.(execution.device.driver.name, result);
    return result;
  }

  get workerName(): string {
    return this.#options.workerName;
  }

  /** The work of the execution, rendered and complete; nothing is sent. */
  prepare({ spec, device, signal }: Execution): Promise<Work> {
    return prepare(spec, device, { ...this.#options, signal });
  }

  /** Uses the device's session, kept or new, for one exchange. What fails drops the session and is thrown. */
  async use<T>(execution: Execution, exchange: (turn: Turn) => Promise<T>): Promise<T> {
    const { sessions, plugins } = this.#options;
    const { device } = execution;
    const driver = await plugins.driver(device.driver.name);
    const context = this.#context(execution);
    const { target, version } = await this.#target(driver, device);
    const key = sessionKey(target, device.driver.name, version);
    const held = await sessions.acquire(key, driver, target, context);
    try {
      const result = await exchange({ driver: held.driver, session: held.session, context });
      sessions.release(key);
      return result;
    } catch (error) {
      await sessions.drop(key);
      throw error;
    }
  }

  async #execute(execution: Execution): Promise<DeviceResult> {
    const { spec, device } = execution;
    const startTime = this.#time();
    const base = { device: device.name, worker: this.#options.workerName, startTime };
    let attempts = 0;
    let work: Work | undefined;
    try {
      const driver = await this.#options.plugins.driver(device.driver.name);
      work = await prepare(spec, device, { ...this.#options, signal: execution.signal });
      refuseUnhonoured(driver, device.driver.name, work);
      const readOnly = operationsOf(work, device).every((operation) => driver.isReadOnly(operation));
      if (!readOnly) await execution.claim();
      for (;;) {
        attempts += 1;
        const attempt = await this.#attempt(execution, driver, work);
        const { error } = attempt;
        // A transfer leaves the old file or the complete new one, and goes on from where it was.
        const repeatable = readOnly || !attempt.begun || work.kind === "transfer";
        const mayRepeat = error !== undefined && error.retry !== "never" && repeatable;
        if (
          mayRepeat &&
          attempts <= spec.backoffLimit &&
          execution.stopReason() === undefined &&
          !execution.signal.aborted
        ) {
          await sleep(this.#options.clock, RETRY_MS * 2 ** (attempts - 1), execution.signal);
          continue;
        }
        return { ...base, ...(await this.#conclude(execution, attempt)), attempts, endTime: this.#time() };
      }
    } catch (cause) {
      if (cause instanceof ClaimRefused) throw cause;
      const { reason, message } = failureOf(asError(cause, device.name));
      return { ...base, state: "Failed", reason, message, attempts, endTime: this.#time() };
    } finally {
      if (work?.kind === "transfer") await work.transfer.close();
    }
  }

  async #attempt(execution: Execution, driver: BaseDriver, work: Work): Promise<Attempt> {
    const { sessions } = this.#options;
    const { device, spec } = execution;
    const context = this.#context(execution);
    let key: string;
    let held: Held;
    try {
      const { target, version } = await this.#target(driver, device);
      key = sessionKey(target, device.driver.name, version);
      held = await sessions.acquire(key, driver, target, context);
    } catch (cause) {
      return {
        outcomes: [],
        error: this.#errorOf(cause, execution),
        stopped: false,
        begun: false,
        sessionReused: false,
      };
    }
    const shouldStop = () => execution.stopReason() !== undefined;
    const transfers = {
      clock: this.#options.clock,
      onProgress: execution.progress ?? (() => {}),
      keepOutput: execution.keepOutput ?? refuseOutput,
    };
    const done = perform(driver, held.session, work, context, device.name, shouldStop, transfers);
    const performance = await this.#withinAbort(done, key, execution);
    const error = performance.error && this.#errorOf(performance.error, execution);
    if (await this.#mayKeep(held, work, error, context, spec)) sessions.release(key);
    else await sessions.drop(key);
    return { ...performance, ...(error && { error }), begun: true, sessionReused: held.reused };
  }

  /** A session is kept when it is certainly in step: no failure, a refusal by the device, or proof of it after a timeout. */
  async #mayKeep(
    held: Held,
    work: Work,
    error: NetPulseError | undefined,
    context: OperationContext,
    spec: NetTaskSpec,
  ): Promise<boolean> {
    if (spec.strategy === "Fifo" || context.signal.aborted) return false;
    if (!error || error.retry === "never") return true;
    if (work.kind === "config") return false;
    return held.driver.resynchronise(held.session, context).catch(() => false);
  }

  /** Waits for the work; after an abort only for a while, then the session is ended under it. */
  async #withinAbort(
    done: Promise<Performance>,
    key: string,
    { signal, device }: Execution,
  ): Promise<Performance> {
    const { clock, sessions } = this.#options;
    const overdue = new Promise<Performance>((resolve) => {
      let timer: TimerHandle | undefined;
      const end = () => {
        timer = clock.setTimeout(() => {
          void sessions.drop(key);
          const error = deviceErrors.OperationAborted({ device: device.name, why: String(signal.reason) });
          resolve({ outcomes: [], error, stopped: false });
        }, ABORT_GRACE_MS);
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
      // The session's key may be in use by the next job by then: nothing of this work may touch it any more.
      void done.finally(() => {
        signal.removeEventListener("abort", end);
        clock.clearTimeout(timer);
      });
    });
    return Promise.race([done, overdue]);
  }

  async #conclude(execution: Execution, attempt: Attempt): Promise<Omit<DeviceResult, "device">> {
    const { spec, device } = execution;
    const { error, stopped, sessionReused } = attempt;
    const commands = await parseOutcomes(spec, device, attempt.outcomes, attempt.hints, {
      ...this.#options,
      signal: execution.signal,
    });
    const common = { sessionReused, ...(commands.length > 0 && { commands }) };
    if (error) return { ...common, state: "Failed", ...failureOf(error) };
    if (stopped)
      return {
        ...common,
        state: "Cancelled",
        reason: execution.stopReason() ?? "Cancelled",
        message: "stopped between two commands",
      };
    const failed = commands.find(
      (command): command is CommandOutcome & { error: object } => command.error !== undefined,
    );
    if (failed?.error) return { ...common, state: "Failed", ...failed.error };
    const complies = compliesOf(commands);
    return { ...common, ...(complies !== undefined && { complies }), state: "Succeeded" };
  }

  #context(execution: Execution): OperationContext {
    const { log, beforeWrite, templates, templateTimeoutMs } = this.#options;
    return {
      signal: execution.signal,
      log,
      beforeWrite,
      notify: execution.notify,
      render: (engine, text, variables) =>
        templates.render(
          engine,
          {
            template: { name: "template of the call", text },
            templates: {},
            context: variables,
            options: {},
          },
          { timeoutMs: templateTimeoutMs, signal: execution.signal },
        ),
    };
  }

  /** After an abort its reason explains more than what the driver saw of it. */
  #errorOf(cause: unknown, { signal, device }: Execution): NetPulseError {
    if (signal.aborted) {
      const why = signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
      return deviceErrors.OperationAborted({ device: device.name, why }, { cause });
    }
    return asError(cause, device.name);
  }

  async #target(driver: BaseDriver, device: TaskDevice): Promise<{ target: DeviceTarget; version: string }> {
    const own = await this.#credential(device.credential);
    const hops = await Promise.all(
      (device.jumpHosts ?? []).map(async (hop) => ({ hop, ...(await this.#credential(hop.credential)) })),
    );
    const line = device.consoleServer;
    if (line && !driver.reachesConsoles)
      throw pluginErrors.NotImplemented({ what: "way through a console server", driver: device.driver.name });
    const server = line && { line, ...(await this.#credential(line.credential)) };
    const args = driver.argsSchema.parse(device.driver.args ?? {});
    const target: DeviceTarget = {
      ...endpointOf(device, own.credential),
      args,
      ...(hops.length > 0 && { jumpHosts: hops.map(({ hop, credential }) => endpointOf(hop, credential)) }),
      ...(server && { consoleServer: endpointOf(server.line, server.credential) }),
    };
    const credentials = [own, ...hops, ...(server ? [server] : [])];
    return { target, version: credentials.map(({ version }) => version).join(" ") };
  }

  async #credential(name: string | undefined): Promise<{ credential: Credential; version: string }> {
    return name === undefined
      ? { credential: { data: {} }, version: "" }
      : this.#options.credentials.get(name);
  }

  #time(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}

/** What a report says, where a method's result is one: a map with a boolean `complies`, as NAPALM's are. */
function compliesOf(commands: readonly CommandOutcome[]): boolean | undefined {
  const [{ command, parsed } = { command: "" }] = commands;
  if (command !== "compliance_report" || typeof parsed !== "object" || parsed === null) return undefined;
  return "complies" in parsed && typeof parsed.complies === "boolean" ? parsed.complies : undefined;
}

interface Attempt extends Performance {
  /** Something may have been sent to the device. */
  readonly begun: boolean;
  readonly sessionReused: boolean;
}

function refuseOutput({ command }: OutputPlace, { size }: Content): Promise<never> {
  return Promise.reject(
    transferErrors.TransferTooLarge({ path: command, limitBytes: Math.min(size, INLINE_BYTES) }),
  );
}

function endpointOf({ name, host, port, hostKeys }: Omit<TaskDevice, "driver">, credential: Credential) {
  return {
    name,
    host,
    ...(port !== undefined && { port }),
    credential,
    hostKeys:
      hostKeys.policy === "Insecure"
        ? { policy: "Insecure" as const }
        : { policy: "Strict" as const, fingerprints: hostKeys.fingerprints ?? [] },
  };
}
