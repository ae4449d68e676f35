import type { CommandOutcome } from "../../api/index.ts";
import type { BaseDriver, CommandResult, DriverSession, OperationContext } from "../../plugin/index.ts";
import { deviceErrors, NetPulseError } from "../../plugin/index.ts";
import type { TransferSurroundings } from "../transfer/carry.ts";
import type { Work } from "./prepare.ts";
import { standing } from "./standing.ts";

/** What a driver says of an output beyond the output itself: whose it is, and how it is to be parsed. */
export type ParseHints = Pick<CommandResult, "platform" | "parse">;

export interface Performance {
  readonly outcomes: readonly CommandOutcome[];
  readonly hints?: ReadonlyMap<CommandOutcome, ParseHints>;
  /** The failure that ended the work; the outcomes before it are kept. */
  readonly error?: NetPulseError;
  /** The work was left between two commands because the job asked to stop. */
  readonly stopped: boolean;
}

/** Does the work on a session. Never throws: what happened on the device until a failure is part of the result. */
export async function perform(
  driver: BaseDriver,
  session: DriverSession,
  work: Work,
  context: OperationContext,
  device: string,
  shouldStop: () => boolean,
  transfers: Omit<TransferSurroundings, "shouldStop">,
): Promise<Performance> {
  switch (work.kind) {
    case "commands":
      return runCommands(driver, session, work.commands, context, device, shouldStop);
    case "config":
      return applyChange(driver, session, work.change, context, device);
    case "transfer":
      return carryFiles(driver, session, work.transfer, context, device, { ...transfers, shouldStop });
    case "script":
      return runScript(driver, session, work.script, context, device);
    case "call":
      return callMethod(driver, session, work.call, context, device);
  }
}

type WorkOf<K extends Work["kind"]> = Extract<Work, { kind: K }>;

async function runCommands(
  driver: BaseDriver,
  session: DriverSession,
  commands: WorkOf<"commands">["commands"],
  context: OperationContext,
  device: string,
  shouldStop: () => boolean,
): Promise<Performance> {
  const outcomes: CommandOutcome[] = [];
  const hints = new Map<CommandOutcome, ParseHints>();
  for (const command of commands) {
    if (outcomes.length > 0 && shouldStop()) return { outcomes, hints, stopped: true };
    try {
      const result = await driver.executeCommand(session, command, context);
      const { outcome, error } = outcomeOf(command.command, result, device);
      outcomes.push(outcome);
      hints.set(outcome, result);
      const goesOn =
        error?.code === "CommandFailed" && (command.continueOnError ?? result.continueOnError ?? false);
      if (error && !goesOn) return { outcomes, hints, error, stopped: false };
    } catch (cause) {
      const error = asError(cause, device);
      outcomes.push({ command: command.command, error: failureOf(error) });
      return { outcomes, hints, error, stopped: false };
    }
  }
  return { outcomes, hints, stopped: false };
}

async function carryFiles(
  driver: BaseDriver,
  session: DriverSession,
  transfer: WorkOf<"transfer">["transfer"],
  context: OperationContext,
  device: string,
  around: TransferSurroundings,
): Promise<Performance> {
  return transfer.carry(driver, session, context, around, (cause) => asError(cause, device));
}

async function runScript(
  driver: BaseDriver,
  session: DriverSession,
  script: WorkOf<"script">["script"],
  context: OperationContext,
  device: string,
): Promise<Performance> {
  try {
    const result = await driver.runScript(session, script, context);
    const { outcome, error } = outcomeOf(script.name, result, device);
    return {
      outcomes: [outcome],
      hints: new Map([[outcome, result]]),
      ...(error && { error }),
      stopped: false,
    };
  } catch (cause) {
    const error = asError(cause, device);
    return { outcomes: [{ command: script.name, error: failureOf(error) }], error, stopped: false };
  }
}

/** What a result says of its command: a failure keeps what was printed. */
function outcomeOf(
  command: string,
  { output, exitStatus, stderr, error: cause }: CommandResult,
  device: string,
): { outcome: CommandOutcome; error?: NetPulseError } {
  const error = cause && asError(cause, device);
  const outcome = {
    command,
    output,
    ...(exitStatus !== undefined && { exitStatus }),
    ...(stderr !== undefined && { stderr }),
    ...(error && { error: failureOf(error) }),
  };
  return { outcome, ...(error && { error }) };
}

async function applyChange(
  driver: BaseDriver,
  session: DriverSession,
  change: WorkOf<"config">["change"],
  context: OperationContext,
  device: string,
): Promise<Performance> {
  const command = change.dryRun ? "dry run" : "configure";
  try {
    const result = await driver.configure(session, change, context);
    const error = result.error && asError(result.error, device);
    const left = standing(change, result, error);
    const notes = [...(result.notes ?? []), ...(left === undefined ? [] : [left])];
    const outcome: CommandOutcome = {
      command,
      lines: result.lines.map(({ line, state, output }) => ({
        line,
        state,
        ...(output && { output: output.slice(0, 8192) }),
      })),
      ...(result.diff !== undefined && { diff: result.diff }),
      ...(result.plan?.length && { plan: [...result.plan] }),
      ...(notes.length > 0 && { notes }),
      ...(error && { error: failureOf(error) }),
    };
    return { outcomes: [outcome], ...(error && { error }), stopped: false };
  } catch (cause) {
    const error = asError(cause, device);
    return { outcomes: [{ command, error: failureOf(error) }], error, stopped: false };
  }
}

async function callMethod(
  driver: BaseDriver,
  session: DriverSession,
  call: WorkOf<"call">["call"],
  context: OperationContext,
  device: string,
): Promise<Performance> {
  try {
    const parsed = await driver.call(session, call, context);
    return { outcomes: [{ command: call.method, parsed }], stopped: false };
  } catch (cause) {
    const error = asError(cause, device);
    return { outcomes: [{ command: call.method, error: failureOf(error) }], error, stopped: false };
  }
}

/** Any failure as one of the catalogue. */
export function asError(cause: unknown, device: string): NetPulseError {
  if (cause instanceof NetPulseError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return deviceErrors.DriverFailed({ device, why }, { cause });
}

export function failureOf(error: NetPulseError): { reason: string; message: string } {
  return { reason: error.code, message: error.message.slice(0, 4096) };
}
