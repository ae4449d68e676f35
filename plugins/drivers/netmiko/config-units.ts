import type { Block } from "./platform.ts";

/** Lines that are one input to the device: nearly always a single one, several for a banner or a certificate. */
export interface Unit {
  readonly lines: readonly string[];
  readonly block?: Block;
}

/** Groups configuration lines into inputs. A block that has no end stays single lines, so that nothing runs on. */
export function units(lines: readonly string[], blocks: readonly Block[]): Unit[] {
  const result: Unit[] = [];
  for (let at = 0; at < lines.length; at++) {
    const found = blockAt(lines, at, blocks);
    if (found) {
      result.push({ lines: lines.slice(at, found.end + 1), block: found.block });
      at = found.end;
    } else result.push({ lines: [lines[at] ?? ""] });
  }
  return result;
}

function blockAt(
  lines: readonly string[],
  at: number,
  blocks: readonly Block[],
): { block: Block; end: number } | undefined {
  for (const block of blocks) {
    const start = new RegExp(block.start).exec(lines[at] ?? "");
    if (!start) continue;
    const last = block.end.replace(/\{(\w+)\}/g, (_, name: string) => start.groups?.[name] ?? "");
    // A delimiter may stand behind text; a word such as `quit` stands alone.
    const ends = block.end.includes("{")
      ? (line: string) => line.includes(last)
      : (line: string) => line.trim() === last;
    const end = lines.findIndex((line, i) => i > at && ends(line));
    if (end > 0) return { block, end };
  }
  return undefined;
}
