import { runGetter } from "../getter.ts";
import type { IosGetter } from "./request.ts";

/** How IOS says that it does not know a command. */
export const INVALID = "             ^\n% Invalid input detected at '^' marker.\n";

/** Runs a getter against a device that answers these commands and knows no others. */
export function get(
  getter: IosGetter,
  replies: Readonly<Record<string, string>>,
  args: Readonly<Record<string, unknown>> = {},
  settings: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  return runGetter(getter, { args, now: 0, settings }, async ({ command }) => replies[command] ?? INVALID);
}
