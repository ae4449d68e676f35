import type { ChangeResult, ConfigChange, LineResult } from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";
import type { Cli } from "./cli.ts";
import { missingLines } from "./config-diff.ts";
import { configurationMode, roleMode } from "./platform.ts";
import { save } from "./save.ts";
import { type SendRules, sendLines } from "./send-lines.ts";
import { verify } from "./verification.ts";

/** What `send_config_set` may be told about sending lines, under Netmiko's names. */
export type LineArgs = Partial<
  Pick<
    Args,
    "error_pattern" | "cmd_verify" | "config_mode_command" | "enter_config_mode" | "global_cmd_verify"
  >
>;

/** Matches nothing: an empty `error_pattern` switches the search for refusals off. */
const NOTHING = /(?!)/;

/**
 * Configures a device that acts on every line at once. The first refused line ends the change; configuration mode is left in every
 * case; only then, and only if all went well and every check holds, it saves.
 */
export async function changeByLines(
  cli: Cli,
  change: ConfigChange,
  args: LineArgs,
  signal: AbortSignal,
): Promise<ChangeResult> {
  if (change.dryRun) return compare(cli, change, signal);
  const { platform } = cli;
  const mode = configurationMode(platform) ?? "";
  const reversible = change.onError === "Rollback" && platform.rollback !== undefined;
  const results: LineResult[] = [];
  let error: Error | undefined;
  let rolledBack = false;
  let saved = false;
  try {
    if (reversible) await cli.steps(platform.rollback?.checkpoint, signal);
    if (args.enter_config_mode !== false) {
      if (args.config_mode_command === undefined) await cli.enter(mode, signal);
      else await cli.enterBy(args.config_mode_command, mode, signal);
    }
    error = await sendLines(cli, { ...change, mode: cli.mode ?? mode, ...lineRules(args) }, results, signal);
  } catch (failure) {
    error = asError(failure);
  }
  try {
    // From here on nothing is cancelled: the session must end up where it began.
    if (!cli.channel.outOfStep) {
      await cli.leaveConfig();
      error ??= await verify(cli, change.verify);
      if (error && reversible) {
        await cli.steps(platform.rollback?.restore);
        rolledBack = true;
      }
      if (reversible) await cli.steps(platform.rollback?.remove);
      if (!error && change.save) saved = await save(cli);
    }
  } catch (failure) {
    error ??= asError(failure);
  }
  return {
    lines: withSkipped(change.lines, results),
    committed: false,
    saved,
    rolledBack,
    ...(error && { error }),
  };
}

/** The rules for sending lines that arguments ask for. */
export function lineRules(args: LineArgs): Pick<SendRules, "errorPattern" | "echo"> {
  const { error_pattern: pattern } = args;
  const verifies = args.cmd_verify ?? args.global_cmd_verify;
  return {
    ...(pattern !== undefined && { errorPattern: pattern === "" ? NOTHING : new RegExp(pattern, "m") }),
    ...(verifies === false && { echo: false }),
  };
}

/** The lines that were never sent stand in the result too. */
export function withSkipped(lines: readonly string[], results: readonly LineResult[]): LineResult[] {
  const skipped = lines
    .slice(results.length)
    .map((line) => ({ line, output: "", state: "skipped" as const }));
  return [...results, ...skipped];
}

async function compare(cli: Cli, change: ConfigChange, signal: AbortSignal): Promise<ChangeResult> {
  const home = roleMode(cli.platform, "privileged");
  if (home !== undefined) await cli.enter(home, signal);
  const { output } = await cli.input({ send: cli.platform.runningConfig ?? "", signal });
  return {
    lines: change.lines.map((line) => ({ line, output: "", state: "skipped" })),
    diff: missingLines(output, change.lines),
    committed: false,
    saved: false,
    rolledBack: false,
  };
}

function asError(failure: unknown): Error {
  return failure instanceof Error ? failure : new Error(String(failure));
}
