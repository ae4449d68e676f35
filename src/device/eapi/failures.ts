import { deviceErrors, type NetPulseError } from "../../plugin/index.ts";
import type { CommandError } from "./command-error.ts";

/** What eAPI's refusal means to the user who asked for `purpose`. */
export function failureOf(error: CommandError, device: string, purpose: string): NetPulseError {
  const command = commandOf(error) ?? purpose;
  const answer = answerOf(error);
  const cause = { cause: error };
  switch (error.errorCode) {
    case 1001:
      return deviceErrors.DeviceFailed({ device, command, answer }, cause);
    case 1003:
      return deviceErrors.CommandNotConverted({ device, command, answer }, cause);
    case 1005:
      return deviceErrors.CommandUnauthorised({ device, command, answer }, cause);
    case 1004:
    case -32600:
    case -32601:
    case -32602:
      return deviceErrors.ApiUnsupported({ device, answer: error.errorText }, cause);
    default:
      return deviceErrors.CommandRejected({ device, command, answer }, cause);
  }
}

/** What the device said about the command that failed. */
export function answerOf(error: CommandError): string {
  return error.answers.join("; ") || error.errorText;
}

/** The command that failed, if the device said which. */
function commandOf(error: CommandError): string | undefined {
  const command = error.failedIndex === undefined ? undefined : error.commands[error.failedIndex];
  if (typeof command === "string") return command;
  return typeof command === "object" && command !== null && "cmd" in command
    ? String(command.cmd)
    : undefined;
}
