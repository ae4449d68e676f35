import type { Cli } from "./cli.ts";
import { roleMode } from "./platform.ts";
import { looksLikeQuestion } from "./questions.ts";

/** How long a late answer is waited for. */
const LATE_ANSWER_MS = 5000;

/**
 * Brings a session back into step after a timeout or a cancel, or says that it cannot be proved: waits for the late prompt, then sends
 * a comment that nobody else has sent, and believes only its own echo followed by a prompt.
 */
export async function resynchronise(cli: Cli, random: () => number, signal?: AbortSignal): Promise<boolean> {
  const { channel, platform } = cli;
  const { comment } = platform;
  if (channel.isClosed || comment === undefined || cli.mode === roleMode(platform, "config")) return false;
  try {
    const late = await cli.late(LATE_ANSWER_MS, signal);
    if (late === undefined || looksLikeQuestion(channel.lastLine)) return false;
    channel.outOfStep = false;
    const token = `${comment}${Math.floor(random() * 2 ** 40).toString(36)}`;
    const answer = await cli.input({
      send: token,
      echo: true,
      silenceMs: LATE_ANSWER_MS,
      ...(signal && { signal }),
    });
    const proved = answer.echoed && answer.mode === late && answer.output.trim() === "";
    channel.outOfStep = !proved;
    return proved;
  } catch {
    channel.outOfStep = true;
    return false;
  }
}
