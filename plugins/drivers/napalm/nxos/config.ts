import { alternatives } from "../values/alternatives.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { withoutSecrets } from "../values/secrets.ts";
import { type NxosGetter, text } from "./request.ts";

const KINDS = ["running", "startup", "candidate"];

/** Running and startup configuration without the lines that NX-OS prints around them; it has no candidate. */
export const getConfig: NxosGetter = function* ({ args: { retrieve = "all", full, sanitized } }) {
  const wanted = String(retrieve).toLowerCase();
  if (wanted !== "all" && !KINDS.includes(wanted))
    throw new InvalidValue(`a configuration to retrieve (all, ${KINDS.join(", ")})`, wanted);
  const config = { running: "", startup: "", candidate: "" };
  if (wanted === "all" || wanted === "running")
    config.running = withoutHeader(yield* text(`show running-config${full ? " all" : ""}`));
  if (wanted === "all" || wanted === "startup")
    config.startup = withoutHeader(yield* text("show startup-config"));
  if (!sanitized) return config;
  return {
    ...config,
    running: withoutSecrets(config.running, "cisco"),
    startup: withoutSecrets(config.startup, "cisco"),
  };
};

/** A configuration as `show` prints it, without the command, the time and the note about the startup configuration. */
export function withoutHeader(output: string): string {
  return output.replace(HEADER, "").trim();
}

const HEADER = new RegExp(
  alternatives([
    "!Command: show [^\\n]*",
    // The time takes the empty lines behind it with it.
    "!Time:[^\\n]*\\d{4}\\s*(?=\\n|$)",
    "Startup config saved at:[^\\n]*",
  ]),
  "g",
);
