import { type CommandRefused, LineRefused } from "../getter.ts";

/**
 * The refusal of a configuration, of one line where the router's answer repeats one. It marks the place below the line that it did not
 * understand; of several the first counts.
 */
export function refusalOf(error: CommandRefused, config: string): CommandRefused {
  const told = new Set(error.message.split(/\r?\n/).map((line) => line.trim()));
  const lines = config.split("\n");
  const index = lines.findIndex((line) => isStatement(line) && told.has(line.trim()));
  const line = lines[index];
  if (line === undefined) return error;
  return new LineRefused(error.message, { line, number: index + 1 }, { cause: error });
}

function isStatement(line: string): boolean {
  const text = line.trim();
  return text !== "" && !text.startsWith("!");
}
