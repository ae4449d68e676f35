import { defineErrors, quote } from "./define.ts";

/** Failures of programs that run on a host. */
export const programErrors = defineErrors({
  CommandFailed: {
    retry: "never",
    when: "A program ended with an exit status other than 0; its output is kept.",
    remedy:
      "Look at its output and stderr. Where such an end is no failure, append `|| true` to the command, or set continueOnError to run the commands after it.",
    message: (e: { device: string; command: string; status: number; signal?: string; said: string }) =>
      `${e.device}: ${quote(e.command)} ended with exit status ${e.status}` +
      `${e.signal ? ` (signal ${e.signal})` : ""}${e.said === "" ? "." : `: ${quote(e.said)}.`}`,
  },
  SudoFailed: {
    retry: "never",
    when: "sudo did not run the program; nothing was changed by it.",
    remedy:
      "Put the right password into the credential's Secret under the key `sudo_password` (absent: the login password is used), or allow the user in sudoers what the message names.",
    message: (e: { device: string; why: string }) => `${e.device}: sudo refused: ${quote(e.why)}.`,
  },
  DetachedNotFound: {
    retry: "never",
    when: "The host keeps no detached program of this id for this user.",
    remedy: "Check the id and the credential: each user has detached programs of their own.",
    message: (e: { device: string; id: string }) => `${e.device} has no detached program ${quote(e.id)}.`,
  },
  DetachedRunning: {
    retry: "never",
    when: "A detached program is to be forgotten while it still runs.",
    remedy: "Wait for its end, or cancel it first.",
    message: (e: { device: string; id: string }) =>
      `${e.device}: the detached program ${quote(e.id)} still runs; cancel it first.`,
  },
  DetachedFailed: {
    retry: "never",
    when: "The host could not start, find or end a detached program.",
    remedy:
      "The message has what the host said. The host needs a POSIX shell, /proc, mkfifo, dd and setsid, and room in the user's home.",
    message: (e: { device: string; id: string; why: string }) =>
      `${e.device}: detached program ${quote(e.id)}: ${quote(e.why)}.`,
  },
});
