import { deviceErrors, type Verification } from "../../../src/plugin/index.ts";
import type { Cli } from "./cli.ts";

/** Runs the checks after a change. Returns `VerificationFailed` for the first that does not hold. */
export async function verify(
  cli: Cli,
  checks: readonly Verification[],
  signal?: AbortSignal,
): Promise<Error | undefined> {
  for (const { command, expect, reject } of checks) {
    const { output } = await cli.input({ send: command, ...(signal && { signal }) });
    const why =
      expect !== undefined && !new RegExp(expect, "m").test(output)
        ? `the output does not match ${JSON.stringify(expect)}`
        : reject !== undefined && new RegExp(reject, "m").test(output)
          ? `the output matches ${JSON.stringify(reject)}`
          : undefined;
    if (why !== undefined) return deviceErrors.VerificationFailed({ device: cli.device, command, why });
  }
  return undefined;
}
