import { CommandRefused } from "../getter.ts";
import type { NxosRequest } from "../nxos/request.ts";

/** The line to type for a request. */
export function lineOf({ command, format }: NxosRequest): string {
  return format === "json" ? `${command} | json` : command;
}

/** A reply as the getter wants it. Throws CommandRefused where a release cannot give the data as JSON. */
export function dataOf({ format }: NxosRequest, output: string): unknown {
  if (format === "text") return output;
  try {
    return JSON.parse(output);
  } catch (error) {
    throw new CommandRefused(output.trim(), { cause: error });
  }
}
