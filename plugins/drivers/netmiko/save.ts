import { deviceErrors } from "../../../src/plugin/index.ts";
import type { Cli } from "./cli.ts";

/**
 * Keeps the running configuration for the next start, outside of configuration mode unless the platform saves there. Returns whether the
 * platform has such a thing. Throws `SaveFailed` with the device's answer.
 */
export async function save(cli: Cli, signal?: AbortSignal): Promise<boolean> {
  if (cli.platform.save === undefined) return false;
  try {
    await cli.leaveConfig(signal);
    await cli.steps(cli.platform.save, signal);
    await cli.leaveConfig(signal);
    return true;
  } catch (failure) {
    if (cli.channel.outOfStep) throw failure;
    const answer = failure instanceof Error ? failure.message : String(failure);
    throw deviceErrors.SaveFailed({ device: cli.device, answer }, { cause: failure });
  }
}
