import type { ChangeResult, ConfigChange, NetPulseError } from "../../plugin/index.ts";

/**
 * What a change that failed has left on the device, for people: the error says why it failed, not whether it is in force. Undefined
 * where the error itself or the lines' states tell.
 */
export function standing(
  { dryRun, commit }: Pick<ConfigChange, "dryRun" | "commit">,
  { rolledBack }: Pick<ChangeResult, "rolledBack">,
  error: NetPulseError | undefined,
): string | undefined {
  if (!error || dryRun) return undefined;
  const checked = error.code === "VerificationFailed";
  if (!rolledBack) return checked ? "The change is in force: nothing took it back." : undefined;
  const { confirmTimeoutMs } = commit ?? {};
  if (!checked || confirmTimeoutMs === undefined) return "The change was taken back.";
  // Some platforms are told to take it back at once, others are left to their timer.
  return `The change was not confirmed: the device has taken it back, or does so by itself ${confirmTimeoutMs / 1000} s after the commit.`;
}
