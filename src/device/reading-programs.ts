import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const table = z
  .strictObject({ programs: z.array(z.string()), lines: z.array(z.string()) })
  .parse(parse(readFileSync(join(import.meta.dirname, "reading-programs.yaml"), "utf8")));

/** Command lines of a POSIX shell that only read; each pattern is for a whole line. */
export const readingPrograms: readonly RegExp[] = [
  new RegExp(`(?:${table.programs.join("|")})(?:[ \\t][^|;&<>\`$\\\\\\n\\r]*)?`),
  new RegExp(table.lines.join("|")),
];

/** Whether a whole line of a POSIX shell is a program that only reads, without pipes, redirections and substitutions. */
export function onlyReadsInShell(line: string): boolean {
  const text = line.trim();
  return (
    !/[\r\n]/.test(text) &&
    readingPrograms.some((pattern) => new RegExp(`^(?:${pattern.source})$`).test(text))
  );
}
