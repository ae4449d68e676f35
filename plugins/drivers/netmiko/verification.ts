import { verifyChange } from "../../../src/device/verification.ts";
import type { Verification } from "../../../src/plugin/index.ts";
import type { Cli } from "./cli.ts";

/** Runs the checks after a change. Returns `VerificationFailed` for the first that does not hold. */
export function verify(cli: Cli, checks: readonly Verification[]): Promise<Error | undefined> {
  const output = async (command: string) => (await cli.input({ send: command })).output;
  return verifyChange({ device: cli.device, output }, checks);
}
