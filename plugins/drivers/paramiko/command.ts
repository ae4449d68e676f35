import {
  type Command,
  type CommandResult,
  type DialogueStep,
  deviceErrors,
  type OperationContext,
  pluginErrors,
  programErrors,
  type Script,
} from "../../../src/plugin/index.ts";
import { VARIABLE_NAME } from "./args.ts";
import { expectation, type ReplyRule } from "./conversation.ts";
import type { Program } from "./program.ts";
import { type ProgramRun, type RunLimits, runProgram } from "./run-program.ts";
import type { ParamikoSession } from "./session.ts";

/** Runs one command of a job. */
export async function runCommand(
  session: ParamikoSession,
  command: Command,
  context: OperationContext,
): Promise<CommandResult> {
  refuseEnableMode(command);
  const program = commandProgram(session, command);
  const replies = [...dialogue(session, command.dialogue ?? []), ...expected(session)];
  const run = await runProgram(session, program, replies, limitsOf(session, command), context);
  return resultOf(session, command.command, run);
}

/** Runs a script of a job. */
export async function runScript(
  session: ParamikoSession,
  script: Script,
  context: OperationContext,
): Promise<CommandResult> {
  const program = scriptProgram(session, script);
  const run = await runProgram(session, program, expected(session), limitsOf(session, script), context);
  return resultOf(session, script.name, run);
}

// A program that nobody has given any time must not hold its host for ever.
const USUAL_LIMIT_MS = 300_000;

/** The limits that the job gives, else those of the arguments. */
export function limitsOf(
  { args }: Pick<ParamikoSession, "args">,
  { timeLimitMs, readTimeoutMs }: Pick<Command, "timeLimitMs" | "readTimeoutMs">,
): RunLimits {
  const asked = timeLimitMs ?? (args.timeout === undefined ? undefined : args.timeout * 1000);
  const whole = asked ?? (readTimeoutMs === undefined ? USUAL_LIMIT_MS : undefined);
  return {
    ...(whole !== undefined && { timeLimitMs: whole }),
    ...(readTimeoutMs !== undefined && { silenceMs: readTimeoutMs }),
  };
}

/** A command with what the driver's arguments add to it. */
export function commandProgram(session: ParamikoSession, command: Command): Program {
  return { title: command.command, run: { command: command.command }, ...settingOf(session, command) };
}

/** A script with what the driver's arguments add to it. */
export function scriptProgram(session: ParamikoSession, script: Script): Program {
  const { interpreter = session.args.script_interpreter, content, args } = script;
  return { title: script.name, run: { interpreter, content, args }, ...settingOf(session, script) };
}

type Wishes = Pick<Command, "environment" | "workingDirectory" | "sudo" | "pty">;

function settingOf({ args, cannotSignal }: ParamikoSession, wishes: Wishes): Omit<Program, "title" | "run"> {
  const environment = { ...args.environment, ...wishes.environment };
  const wrong = Object.keys(environment).find((name) => !VARIABLE_NAME.test(name));
  if (wrong !== undefined)
    throw deviceErrors.CallInvalid({
      method: "environment",
      why: `${JSON.stringify(wrong)} is not the name of a variable`,
    });
  const workingDirectory = wishes.workingDirectory ?? args.working_directory;
  return {
    environment,
    ...(workingDirectory !== undefined && { workingDirectory }),
    sudo: wishes.sudo ?? args.sudo,
    pty: wishes.pty ?? args.get_pty,
    announced: cannotSignal,
  };
}

function dialogue({ credential }: ParamikoSession, steps: readonly DialogueStep[]): ReplyRule[] {
  return steps.map(({ expect, send, secretKey }) => {
    const pattern = new RegExp(expect);
    const reply = send ?? (secretKey === undefined ? "" : (credential.data[secretKey] ?? ""));
    const secret = secretKey !== undefined;
    return { asks: (text) => pattern.test(text), looksAt: "lastLine", reply, secret };
  });
}

function expected({ args }: ParamikoSession): ReplyRule[] {
  return Object.entries(args.expect_map ?? {}).map(([source, reply]) => ({
    asks: expectation(source),
    looksAt: "all",
    reply,
  }));
}

/** An exit status other than 0 is a failure that keeps its output. */
function resultOf(session: ParamikoSession, command: string, run: ProgramRun): CommandResult {
  const { stdout, stderr, exit } = run;
  const error = run.error ?? failure(session, command, run);
  return {
    command,
    output: stdout,
    stderr,
    ...(exit && { exitStatus: exit.status }),
    ...(error && { error }),
    continueOnError: !session.args.stop_on_error,
    platform: "linux",
  };
}

/** The failure that an exit status other than 0 is. */
export function failure(
  { device }: ParamikoSession,
  command: string,
  { stdout, stderr, exit }: ProgramRun,
): Error | undefined {
  if (!exit || exit.status === 0) return undefined;
  const { status, signal } = exit;
  const said = (stderr.trim() || stdout.trim()).split("\n").at(-1) ?? "";
  return programErrors.CommandFailed({ device, command, status, said, ...(signal && { signal }) });
}

function refuseEnableMode({ enableMode }: Command): void {
  if (enableMode)
    throw pluginErrors.NotImplemented({
      what: "enable mode (run commands as root with sudo)",
      driver: "paramiko",
    });
}
