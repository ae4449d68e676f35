import { type ConfigChange, deviceErrors, type LineResult } from "../../../src/plugin/index.ts";
import type { Answer, Cli } from "./cli.ts";
import { type Unit, units } from "./config-units.ts";
import { failedLine } from "./failures.ts";

export interface SendRules extends Pick<ConfigChange, "lines" | "onError" | "readTimeoutMs"> {
  /** The mode that every line must leave the session in. */
  readonly mode: string;
  /** What means refusal, instead of the platform's own; an expression that matches nothing switches it off. */
  readonly errorPattern?: RegExp;
  /** `false`: do not wait for the echo of lines. */
  readonly echo?: boolean;
}

/**
 * Sends configuration lines, each after the prompt that ended the one before. Appends to `results` as they are answered, so nothing is
 * lost when it throws. Returns the first failure. A cancel takes effect between lines, where it is safe.
 */
export async function sendLines(
  cli: Cli,
  rules: SendRules,
  results: LineResult[],
  signal: AbortSignal,
): Promise<Error | undefined> {
  const { device } = cli;
  let first: Error | undefined;
  for (const unit of units(rules.lines, cli.platform.blocks)) {
    if (signal.aborted) return first ?? aborted(device, signal);
    const number = results.length + 1;
    const line = unit.lines[0] ?? "";
    if (unit.lines.length === 1 && line.trim() === "") {
      results.push({ line, output: "", state: "accepted" });
      continue;
    }
    const answer = await sendUnit(cli, unit, rules);
    const refusal = rules.errorPattern
      ? rules.errorPattern.exec(answer.output)?.[0]
      : failedLine(answer.output, cli.failures);
    for (const [at, text] of unit.lines.entries()) {
      const output = at === unit.lines.length - 1 ? answer.output : "";
      results.push({ line: text, output, state: refusal === undefined ? "accepted" : "rejected" });
    }
    if (refusal !== undefined) {
      first ??= deviceErrors.ConfigRejected({ device, number, line, answer: refusal });
      if (rules.onError !== "Continue") return first;
    }
    if (cli.mode !== rules.mode && results.length < rules.lines.length) {
      const why = `line ${number} ${JSON.stringify(line)} left the configuration mode; the lines after it were not sent`;
      return first ?? deviceErrors.ConfigModeFailed({ device, why });
    }
  }
  return first;
}

/** One unit. The lines of a block follow only after the device has agreed to take text; otherwise they might be run as commands. */
async function sendUnit(cli: Cli, unit: Unit, rules: SendRules): Promise<Answer> {
  const { lineEnd, lineAnswers } = cli.platform;
  const [head = "", ...rest] = unit.lines;
  const asked = Object.entries(lineAnswers).find(([pattern]) => new RegExp(pattern).test(head))?.[1];
  const base = {
    towards: rules.mode,
    ...(rules.readTimeoutMs !== undefined && { silenceMs: rules.readTimeoutMs }),
    ...(rules.echo !== undefined && { echo: rules.echo }),
    ...(asked && { step: { send: head, answers: asked } }),
  };
  if (rest.length === 0) return cli.input({ ...base, send: head });
  if (unit.block?.accepted === undefined) return cli.input({ ...base, send: unit.lines.join(lineEnd) });
  const opened = await cli.input({
    ...base,
    send: head,
    endsAt: new RegExp(unit.block.accepted),
    tailLines: 2,
  });
  if (opened.mode !== undefined) {
    // A prompt instead of "enter text": refused, or the line was complete in itself. Either way the rest is not text.
    if (failedLine(opened.output, cli.failures) !== undefined) return opened;
    let last = opened;
    for (const line of rest) last = await cli.input({ ...base, send: line });
    return last;
  }
  return cli.input({ ...base, send: rest.join(lineEnd) });
}

function aborted(device: string, signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name !== "AbortError") return reason;
  return deviceErrors.OperationAborted({
    device,
    why: "between two configuration lines; the remaining ones were not sent",
  });
}
