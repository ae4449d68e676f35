import type { Platform } from "./platform.ts";

/** How a platform says no. */
export interface FailureRules {
  readonly says: RegExp | undefined;
  readonly except: RegExp | undefined;
}

/** Compiled once per platform, not once per session. */
const compiled = new WeakMap<readonly string[], FailureRules>();

/** The platform's failure indicators as one expression, anchored to the beginnings of lines. */
export function failureRules(platform: Pick<Platform, "failures" | "notFailures">): FailureRules {
  const known = compiled.get(platform.failures);
  if (known) return known;
  const rules = { says: anchored(platform.failures), except: anchored(platform.notFailures) };
  compiled.set(platform.failures, rules);
  return rules;
}

/** The first line of an answer that means failure, or undefined. */
export function failedLine(
  answer: string,
  rules: FailureRules,
  more?: readonly string[],
): string | undefined {
  for (const says of [rules.says, more?.length ? anchored(more) : undefined]) {
    if (!says?.test(answer)) continue;
    const lines = answer.split("\n").filter((line) => says.test(line) && !rules.except?.test(line));
    // The caret line points at the error; the text beside it says what it is.
    const told = lines.find((line) => line.trim() !== "^") ?? lines[0];
    if (told !== undefined) return told.trim();
  }
  return undefined;
}

/** Whether an answer is nothing but an error: what `show` commands are judged by, since their output may quote anything. */
export function isOnlyFailure(answer: string, rules: FailureRules): string | undefined {
  const lines = answer.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0 || lines.length > 4) return undefined;
  return failedLine(lines.slice(0, 2).join("\n"), rules);
}

function anchored(patterns: readonly string[]): RegExp | undefined {
  return patterns.length === 0 ? undefined : new RegExp(`^[ \\t]*(?:${patterns.join("|")})`, "m");
}
