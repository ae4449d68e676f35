export interface FaultOutcome {
  readonly result?: unknown;
  readonly raised?: string;
}

/**
 * What is right under a fault, where Netmiko's own outcome is not: the code of the error that must come, or `succeeds`. Without a rule
 * ours must return what Netmiko returned, and may fail with an error of its own where Netmiko failed.
 */
export const rules: Readonly<Record<string, string>> = {
  silence: "succeeds",
  pager: "succeeds",
  question: "succeeds",
  kill: "SessionClosed",
  hang: "OperationTimeout",
  reject_password: "EnableFailed",
  reject_login: "AuthFailed",
};

/** Whether our outcome is at least as good as the original's. */
export function judge(actions: readonly string[], original: FaultOutcome, ours: FaultOutcome): boolean {
  if (actions.includes("reject")) return staysClean(original, ours);
  if (original.raised === undefined) return sameText(original.result, ours);
  const right = actions.map((action) => rules[action]).find((rule) => rule !== undefined);
  if (right === undefined) return true;
  return right === "succeeds"
    ? ours.raised === undefined
    : ours.raised === right || ours.raised === timeoutOf(right);
}

/** Running out of time is one failure, whether a command or its prompt was waited for. */
function timeoutOf(code: string): string {
  return code === "OperationTimeout" ? "PromptNotFound" : code;
}

/** A refused line ends the change by itself, and configuration mode is not left open. */
function staysClean(original: FaultOutcome, ours: FaultOutcome): boolean {
  if (typeof original.result === "string" && original.result.endsWith("config mode afterwards: True"))
    return ours.result === original.result.replace("True", "False");
  return ours.raised === "ConfigRejected";
}

/** The same text; a prompt that Netmiko left in it, because the device's name had changed, need not be. */
function sameText(expected: unknown, ours: FaultOutcome): boolean {
  if (ours.raised !== undefined) return false;
  if (ours.result === expected) return true;
  const [prompt = "", ...rest] = String(expected).split("\n").toReversed();
  return /[>#$%]\s*$/.test(prompt) && ours.result === rest.toReversed().join("\n");
}
