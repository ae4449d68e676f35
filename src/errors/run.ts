import { defineErrors } from "./define.ts";

/** Failures of jobs that are run without a cluster. */
export const runErrors = defineErrors({
  FilesInvalid: {
    retry: "never",
    when: "The files given to `netpulse run` or `netpulse connect` are not what they should be; no device was touched.",
    remedy: "Correct what the message names; the same files would be refused by a cluster.",
    message: (e: { problems: readonly string[] }) =>
      e.problems.length === 1
        ? String(e.problems[0])
        : `\n${e.problems.map((problem) => `- ${problem}`).join("\n")}`,
  },
  CredentialMissing: {
    retry: "never",
    when: "A device's credential was given neither in a file nor in the environment.",
    remedy:
      "Pass its Secret with -f, a folder or file with --credentials, or set NETPULSE_USERNAME and NETPULSE_PASSWORD; --ask-password asks for it.",
    message: (e: { credential: string }) =>
      `Nothing is known of credential ${e.credential}: pass its Secret with -f, --credentials, or set NETPULSE_USERNAME and NETPULSE_PASSWORD.`,
  },
});
