import { z } from "zod";
import { CommandError } from "../../../../src/device/eapi/command-error.ts";
import { answerOf, failureOf } from "../../../../src/device/eapi/failures.ts";
import type { EapiSession } from "../../../../src/device/eapi/session.ts";
import { napalmErrors } from "../../../../src/errors/napalm.ts";
import type { Settings } from "../args.ts";
import { CommandRefused, runGetter } from "../getter.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { eosGetters } from "./getters.ts";
import type { EapiRequest } from "./request.ts";

/**
 * Runs a getter on a session. Throws what the device's refusal means (`CommandRejected` and others), `ModelInvalid` where an answer has
 * another shape, and what the transport throws.
 *
 * @param now seconds since 1970
 */
export async function runEosGetter(
  session: EapiSession<Settings>,
  name: string,
  args: Readonly<Record<string, unknown>>,
  now: number,
): Promise<unknown> {
  const getter = eosGetters[name];
  if (!getter) throw new TypeError(`there is no getter ${name}`);
  try {
    return await runGetter(getter, { args, now }, (request) => ask(session, request));
  } catch (error) {
    if (error instanceof CommandRefused && error.cause instanceof CommandError)
      throw failureOf(error.cause, session.device, name);
    if (!(error instanceof z.ZodError) && !(error instanceof InvalidValue)) throw error;
    const why = error instanceof InvalidValue ? error.message.replace(/\.$/, "") : fieldsOf(error);
    throw napalmErrors.ModelInvalid({ device: session.device, getter: name, why }, { cause: error });
  }
}

async function ask(session: EapiSession<Settings>, { commands, encoding }: EapiRequest) {
  try {
    const { sendEnable } = session.args;
    return await session.node.runCommands(commands, encoding, { ...session.runOptions, sendEnable });
  } catch (error) {
    if (error instanceof CommandError) throw new CommandRefused(answerOf(error), { cause: error });
    throw error;
  }
}

/** The first fields that were wrong: a device with many interfaces has as many. */
function fieldsOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".") || "the reply"}: ${message}`)
    .join("; ");
}
