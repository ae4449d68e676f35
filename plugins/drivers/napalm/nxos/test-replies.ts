import { CommandRefused, type Getter, runGetter } from "../getter.ts";
import type { NxosRequest } from "./request.ts";

/** Runs a getter over replies by command, for tests; a command without one is refused. */
export function answered<Model>(
  getter: Getter<NxosRequest, unknown, Model>,
  replies: Readonly<Record<string, unknown>>,
  args: Readonly<Record<string, unknown>> = {},
  now = 0,
): Promise<Model> {
  return runGetter(getter, { args, now }, async ({ command }) => {
    if (!Object.hasOwn(replies, command)) throw new CommandRefused(`Invalid command: ${command}`);
    return replies[command];
  });
}
