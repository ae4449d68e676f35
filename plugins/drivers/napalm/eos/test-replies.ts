import { CommandRefused, type Getter, runGetter } from "../getter.ts";
import { modelOf } from "../models.ts";
import type { EapiRequest } from "./request.ts";

/** Runs a getter over replies by command, for tests: a text where one is asked for, data otherwise. A command without one is refused. */
async function answered<Model>(
  getter: Getter<EapiRequest, readonly unknown[], Model>,
  replies: Readonly<Record<string, unknown>>,
  args: Readonly<Record<string, unknown>> = {},
  now = 0,
): Promise<Model> {
  return runGetter(getter, { args, now }, async ({ commands, encoding }) =>
    commands.map((each) => {
      const command = typeof each === "string" ? each : each.cmd;
      if (!Object.hasOwn(replies, command)) throw new CommandRefused(`Invalid input: ${command}`);
      const reply = replies[command];
      return encoding === "text" ? { output: reply } : reply;
    }),
  );
}

/** The same, held to the model of NAPALM's method. */
export async function modelled(
  method: string,
  getter: Getter<EapiRequest, readonly unknown[], unknown>,
  replies: Readonly<Record<string, unknown>>,
  args: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  return modelOf(method)?.parse(await answered(getter, replies, args));
}
