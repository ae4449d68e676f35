import { verifyChange } from "../../../src/device/verification.ts";
import {
  type ChangeResult,
  type ConfigChange,
  type LineResult,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import { commandProgram, failure, limitsOf } from "./command.ts";
import { type ProgramRun, runProgram } from "./run-program.ts";
import type { ParamikoSession } from "./session.ts";

/** Runs the lines of a change one by one, each as a command of its own. Stops at the first that fails, unless told otherwise. */
export async function configure(
  session: ParamikoSession,
  change: ConfigChange,
  context: OperationContext,
): Promise<ChangeResult> {
  refuseUnknown(change);
  const goesOn = change.onError === "Continue" || !session.args.stop_on_error;
  const lines: LineResult[] = [];
  let first: Error | undefined;
  let ended = false;
  for (const line of change.lines) {
    if (ended) {
      lines.push({ line, output: "", state: "skipped" });
      continue;
    }
    const { result, error } = await runLine(session, line, change, context);
    lines.push(result);
    first ??= error;
    ended = error !== undefined && !(goesOn && isRefusal(error));
  }
  const error = first ?? (await verify(session, change, context));
  return { lines, committed: false, saved: false, rolledBack: false, ...(error && { error }) };
}

/** What a host's shell has no notion of is refused before the first line. */
function refuseUnknown({ mode, dryRun, save, onError, commit }: ConfigChange): void {
  const what =
    (mode === "Replace" && "configMode Replace") ||
    (dryRun && "dryRun") ||
    (save && "save") ||
    (onError === "Rollback" && "onError Rollback") ||
    (commit && "commit");
  if (what) throw pluginErrors.NotImplemented({ what, driver: "paramiko" });
}

async function runLine(
  session: ParamikoSession,
  line: string,
  change: ConfigChange,
  context: OperationContext,
): Promise<{ result: LineResult; error?: Error }> {
  try {
    const run = await runOne(session, line, change, context);
    const output = `${run.stdout}${run.stderr}`.trimEnd();
    const error = run.error ?? failure(session, line, run);
    return { result: { line, output, state: error ? "rejected" : "accepted" }, ...(error && { error }) };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { result: { line, output: "", state: "rejected" }, error };
  }
}

/** Checks read what the host says on stdout; a program that fails says nothing. */
function verify(
  session: ParamikoSession,
  change: ConfigChange,
  context: OperationContext,
): Promise<Error | undefined> {
  const output = async (command: string) => {
    const run = await runOne(session, command, change, context);
    if (run.error) throw run.error;
    return run.stdout;
  };
  return verifyChange({ device: session.device, output, signal: context.signal }, change.verify).catch(
    (cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))),
  );
}

function runOne(
  session: ParamikoSession,
  command: string,
  change: ConfigChange,
  context: OperationContext,
): Promise<ProgramRun> {
  return runProgram(session, commandProgram(session, { command }), [], limitsOf(session, change), context);
}

/** Whether the host said no, which later lines may do without; anything else ends a change. */
function isRefusal(error: Error): boolean {
  return error.name === "CommandFailed";
}
