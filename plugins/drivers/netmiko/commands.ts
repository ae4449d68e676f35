import {
  type Command,
  type CommandResult,
  deviceErrors,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";
import type { Answer, Cli } from "./cli.ts";
import { isOnlyFailure } from "./failures.ts";
import { roleMode } from "./platform.ts";

/** What `send_command` may be told, under Netmiko's names. */
export type CommandArgs = Partial<
  Pick<
    Args,
    | "expect_string"
    | "read_timeout"
    | "read_timeout_override"
    | "strip_prompt"
    | "strip_command"
    | "normalize"
    | "cmd_verify"
    | "global_cmd_verify"
    | "last_read"
  >
>;

/** Runs one command of a job. Throws `CommandRejected` when the answer is nothing but an error. */
export async function runCommand(
  cli: Cli,
  command: Command,
  args: CommandArgs,
  context: OperationContext,
): Promise<CommandResult> {
  if (/[\r\n]/.test(command.command.trimEnd())) {
    // The second line would be sent before the first was answered.
    throw pluginErrors.NotImplemented({
      what: "command of several lines (give them one by one, or as a dialogue)",
      driver: "netmiko",
    });
  }
  if (command.enableMode) await enable(cli, context.signal);
  const text = await sendCommand(cli, command.command, args, {
    signal: context.signal,
    ...(command.dialogue && { dialogue: command.dialogue }),
    ...(command.readTimeoutMs !== undefined && { silenceMs: command.readTimeoutMs }),
    ...(context.onOutput && { onText: context.onOutput }),
  });
  const refusal = isOnlyFailure(text, cli.failures);
  if (refusal !== undefined) {
    throw deviceErrors.CommandRejected({ device: cli.device, command: command.command, answer: refusal });
  }
  return { command: command.command, output: text };
}

/** Sends a command and returns its output, as Netmiko's `send_command`. */
export async function sendCommand(
  cli: Cli,
  command: string,
  args: CommandArgs,
  more: Pick<Parameters<Cli["input"]>[0], "signal" | "dialogue" | "silenceMs" | "onText">,
): Promise<string> {
  const raw = args.normalize === false;
  const send = raw ? command : command.trimEnd();
  const silence = args.read_timeout_override ?? args.read_timeout;
  const answer = await cli.input({
    send,
    ...(raw && { lineEnd: false }),
    ...((args.cmd_verify ?? args.global_cmd_verify) === false && { echo: false }),
    ...(args.expect_string !== undefined && { endsAt: new RegExp(args.expect_string) }),
    ...(args.last_read !== undefined && { quietMs: args.last_read * 1000 }),
    ...(silence !== undefined && { silenceMs: silence * 1000 }),
    ...more,
  });
  return present(answer, send, args);
}

/** Into the privileged mode, where the platform has one and configuration mode is not already above it. */
export async function enable(cli: Cli, signal?: AbortSignal): Promise<void> {
  const mode = roleMode(cli.platform, "privileged");
  const above =
    roleMode(cli.platform, "config") !== roleMode(cli.platform, "exec") &&
    cli.mode === roleMode(cli.platform, "config");
  if (mode !== undefined && !above) await cli.enter(mode, signal);
}

function present(answer: Answer, sent: string, args: CommandArgs): string {
  const echo = args.strip_command === false ? `${sent}\n` : "";
  const ended = answer.mode === undefined || args.strip_prompt === false;
  const end = ended && answer.prompt !== "" ? `${answer.output === "" ? "" : "\n"}${answer.prompt}` : "";
  return echo + answer.output + end;
}
