import { deviceErrors, type Verification } from "../../plugin/index.ts";
import { verifyChange } from "../verification.ts";
import { CommandError } from "./command-error.ts";
import { failureOf } from "./failures.ts";
import type { EapiSession } from "./session.ts";

/** Runs the checks after a change. Returns `VerificationFailed` for the first that does not hold, or that cannot be asked for. */
export async function verify(
  { node, device }: EapiSession,
  checks: readonly Verification[],
): Promise<Error | undefined> {
  let asked = "";
  const output = async (command: string) => {
    asked = command;
    try {
      return await node.show(command);
    } catch (error) {
      throw error instanceof CommandError ? failureOf(error, device, command) : error;
    }
  };
  try {
    return await verifyChange({ device, output }, checks);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return deviceErrors.VerificationFailed({ device, command: asked, why }, { cause: error });
  }
}
