import { defineErrors } from "./define.ts";

/** Failures of the configuration file and of the environment variables that override it. The process ends on each. */
export const configErrors = defineErrors({
  ConfigUnreadable: {
    retry: "never",
    when: "The configuration file is missing, cannot be read, or is not YAML.",
    remedy: "Correct the file, or name another one with NETPULSE_CONFIG_FILE.",
    message: (e: { file: string; line?: number; why: string }) =>
      `${e.file}${e.line === undefined ? "" : `, line ${e.line}`}: ${e.why}`,
  },
  ConfigInvalid: {
    retry: "never",
    when: "The configuration has unknown keys or values that are not allowed.",
    remedy: "Correct each key that the message lists; docs/reference/configuration.md describes them all.",
    message: (e: { problems: readonly string[] }) =>
      `The configuration cannot be used:\n${e.problems.map((problem) => `  ${problem}`).join("\n")}`,
  },
});
