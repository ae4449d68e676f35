import { deviceErrors, type Verification } from "../../plugin/index.ts";
import { CommandError } from "./command-error.ts";
import { answerOf } from "./failures.ts";
import type { EapiSession } from "./session.ts";

/** Runs the checks after a change. Returns `VerificationFailed` for the first that does not hold. */
export async function verify(
  { node, device }: EapiSession,
  checks: readonly Verification[],
): Promise<Error | undefined> {
  for (const { command, expect, reject } of checks) {
    try {
      const output = await node.show(command);
      const why =
        expect !== undefined && !new RegExp(expect, "m").test(output)
          ? `the output does not match ${JSON.stringify(expect)}`
          : reject !== undefined && new RegExp(reject, "m").test(output)
            ? `the output matches ${JSON.stringify(reject)}`
            : undefined;
      if (why !== undefined) return deviceErrors.VerificationFailed({ device, command, why });
    } catch (error) {
      const why = error instanceof CommandError ? answerOf(error) : String(error);
      return deviceErrors.VerificationFailed({ device, command, why }, { cause: error });
    }
  }
  return undefined;
}
