import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { readingPrograms } from "../../../src/device/reading-programs.ts";
import type { Platform } from "./platform.ts";

const table = z
  .strictObject({
    network: z.array(z.string()),
    filters: z.array(z.string()),
  })
  .parse(parse(readFileSync(join(import.meta.dirname, "read-only.yaml"), "utf8")));

const HARMLESS = "[^|;&<>`$\\\\\\n\\r]*";

/** Device command lines that only read: a listed first word, arguments, and filters that print. */
export const networkCommands: readonly RegExp[] = [
  new RegExp(
    `(?:${table.network.join("|")})(?:\\s${HARMLESS})?(?:\\|\\s*(?:${table.filters.join("|")})\\b${HARMLESS})*`,
    "i",
  ),
];

/** Whether a command line only reads on a platform; undefined: the platform is not known yet. */
export function onlyReads(command: string, platform: Platform | undefined): boolean {
  const line = command.trim();
  if (line === "" || /[\r\n]/.test(line)) return false;
  const usual = platform?.posixShell ? readingPrograms : networkCommands;
  // A platform that is still to be detected may be a shell, where a pipe reaches any program.
  if (platform === undefined && line.includes("|")) return false;
  const own = (platform?.readOnly ?? []).map((source) => new RegExp(source, "i"));
  return [...usual, ...own].some((pattern) => whole(pattern).test(line));
}

function whole(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags);
}
