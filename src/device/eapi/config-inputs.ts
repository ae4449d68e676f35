import type { EapiCommand } from "./node.ts";

/** Configuration lines that are one command to eAPI: nearly always a single one, several for a banner. */
export interface ConfigInput {
  readonly lines: readonly string[];
  /** Absent for what is no command: blank lines and comments. */
  readonly command?: EapiCommand;
}

/** Commands that read lines up to one that only says EOF. */
const READS_LINES = /^(?:banner (?:motd|login|exec)|code|comment)\b/i;

/** Groups rendered lines into commands. Without its EOF a banner stays single lines, so that nothing runs on. */
export function configInputs(lines: readonly string[]): ConfigInput[] {
  const inputs: ConfigInput[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const bare = line.trim();
    const end = READS_LINES.test(bare) ? lines.findIndex((l, i) => i > at && l.trim() === "EOF") : -1;
    if (end > 0) {
      const text = lines.slice(at + 1, end).map((l) => `${l}\n`);
      inputs.push({ lines: lines.slice(at, end + 1), command: { cmd: bare, input: text.join("") } });
      at = end;
    } else if (bare === "" || bare.startsWith("!")) inputs.push({ lines: [line] });
    else inputs.push({ lines: [line], command: bare });
  }
  return inputs;
}
