import {
  type ChangeResult,
  type ConfigChange,
  deviceErrors,
  type LineResult,
} from "../../../src/plugin/index.ts";
import type { Cli } from "./cli.ts";
import { units } from "./config-units.ts";
import { failedLine } from "./failures.ts";
import { roleMode } from "./platform.ts";

/**
 * Configures a device that acts on every line at once. No line is sent before the previous line's prompt was seen; the first
 * refused line ends the change; configuration mode is left in every case; only then, and only if all went well, it saves.
 */
export async function configureLines(
  cli: Cli,
  device: string,
  change: ConfigChange,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const home = roleMode(cli.platform, "privileged") ?? roleMode(cli.platform, "exec");
  const config = roleMode(cli.platform, "config");
  const results: LineResult[] = [];
  let error: Error | undefined;
  if (config !== undefined) await cli.enter(config, signal);
  try {
    error = await sendLines(cli, device, change, config, results, signal);
  } catch (failure) {
    error = failure as Error;
  }
  for (const line of change.lines.slice(results.length)) results.push({ line, output: "", state: "skipped" });
  const outcome = { lines: results, committed: false, saved: false, rolledBack: false };
  if (cli.channel.outOfStep || cli.channel.isClosed) return { ...outcome, ...(error && { error }) };

  if (home !== undefined && cli.mode !== home) {
    try {
      await cli.enter(home, signal);
    } catch (failure) {
      error ??= failure as Error;
    }
  }
  if (error || !change.save) return { ...outcome, ...(error && { error }) };
  try {
    await save(cli, device, signal);
    return { ...outcome, saved: cli.platform.save !== undefined };
  } catch (failure) {
    return { ...outcome, error: failure as Error };
  }
}

/** Keeps the running configuration for the next start. Throws `SaveFailed` with the device's answer. */
export async function save(cli: Cli, device: string, signal?: AbortSignal): Promise<void> {
  if (cli.platform.save === undefined) return;
  try {
    await cli.steps(cli.platform.save, signal);
  } catch (failure) {
    throw deviceErrors.SaveFailed({ device, answer: (failure as Error).message }, { cause: failure });
  }
}

async function sendLines(
  cli: Cli,
  device: string,
  change: ConfigChange,
  config: string | undefined,
  results: LineResult[],
  signal: AbortSignal,
): Promise<Error | undefined> {
  let first: Error | undefined;
  for (const unit of units(change.lines, cli.platform.blocks)) {
    const answer = await cli.input({
      send: unit.lines.join(cli.platform.lineEnd),
      signal,
      ...(config !== undefined && { towards: config }),
      ...(change.readTimeoutMs !== undefined && { silenceMs: change.readTimeoutMs }),
    });
    const refusal = failedLine(answer.output, cli.failures);
    const number = results.length + 1;
    for (const [at, line] of unit.lines.entries()) {
      const output = at === unit.lines.length - 1 ? answer.output : "";
      results.push({ line, output, state: refusal === undefined ? "accepted" : "rejected" });
    }
    const line = unit.lines[0] ?? "";
    if (refusal !== undefined) {
      first ??= deviceErrors.ConfigRejected({ device, number, line, answer: refusal });
      if (change.onError !== "Continue") return first;
    }
    if (cli.mode !== config && results.length < change.lines.length) {
      const why = `line ${number} ${JSON.stringify(line)} left the configuration mode; the lines after it were not sent`;
      return first ?? deviceErrors.ConfigModeFailed({ device, why });
    }
  }
  return first;
}
