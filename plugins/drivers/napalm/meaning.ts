import { z } from "zod";
import { napalmErrors } from "../../../src/errors/napalm.ts";
import { deviceErrors } from "../../../src/plugin/index.ts";
import { CommandRefused, LineRefused } from "./getter.ts";
import { InvalidValue } from "./values/invalid-value.ts";

/** What an error within a getter or a verb means to the user who asked `device` for `purpose`. */
export function meaningOf(error: unknown, device: string, purpose: string): unknown {
  const cause = { cause: error };
  if (error instanceof LineRefused)
    return deviceErrors.ConfigRejected(
      { device, number: error.number, line: error.line.trim(), answer: error.message },
      cause,
    );
  if (error instanceof CommandRefused)
    return deviceErrors.CommandRejected(
      { device, command: error.command ?? purpose, answer: error.message },
      cause,
    );
  if (error instanceof InvalidValue)
    return napalmErrors.ModelInvalid(
      { device, getter: purpose, why: error.message.replace(/\.$/, "") },
      cause,
    );
  if (error instanceof z.ZodError)
    return napalmErrors.ModelInvalid({ device, getter: purpose, why: fieldsOf(error) }, cause);
  return error;
}

/** The first fields that were wrong: a device with many interfaces has as many. */
function fieldsOf({ issues }: z.ZodError): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".") || "the reply"}: ${message}`)
    .join("; ");
}
