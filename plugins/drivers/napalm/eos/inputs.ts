import type { EapiCommand } from "../../../../src/device/eapi/node.ts";

/** One command of a configuration, and the number of its first line, from 1. */
export interface EosInput {
  readonly command: EapiCommand;
  readonly line: string;
  readonly number: number;
}

/** Commands that read a text up to a line that only says EOF; a certificate reads a second one, its key. */
const READS_TEXT: readonly { readonly pattern: RegExp; readonly texts: number }[] = [
  { pattern: /^banner (?:login|motd|exec)$/i, texts: 1 },
  { pattern: /^comment$/i, texts: 1 },
  { pattern: /^code$/i, texts: 1 },
  { pattern: /^protocol https certificate$/i, texts: 2 },
];

/**
 * A configuration as commands of eAPI, as NAPALM sends it: lines without their indentation, `!` comments left out, `!!` comments and
 * texts such as banners as the input of their command.
 */
export function eosInputs(config: string): EosInput[] {
  const lines = config.split(/\r?\n/);
  const inputs: EosInput[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? "").trim();
    const place = { line, number: at + 1 };
    if (line.startsWith("!!")) {
      const first = at;
      while ((lines[at + 1] ?? "").trim().startsWith("!!")) at++;
      const input = lines
        .slice(first, at + 1)
        .map((each) => each.trim().slice(2).trim())
        .join("\n");
      inputs.push({ command: { cmd: "comment", input }, ...place });
    } else if (line !== "" && !line.startsWith("!")) {
      const texts = READS_TEXT.find(({ pattern }) => pattern.test(line))?.texts ?? 0;
      const end = endOfTexts(lines, at, texts);
      const input = lines.slice(at + 1, end).join("\n");
      inputs.push({ command: end > at ? { cmd: line, input } : line, ...place });
      at = Math.max(at, end);
    }
  }
  return inputs;
}

/** The line of the last EOF; the command's own line where it reads nothing or its EOF is missing. */
function endOfTexts(lines: readonly string[], start: number, texts: number): number {
  let end = start;
  for (let left = texts; left > 0; left--) {
    const next = lines.findIndex((line, index) => index > end && line.trim() === "EOF");
    if (next < 0) return start;
    end = next;
  }
  return end;
}
