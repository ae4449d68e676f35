import type { BenchRow } from "./report.ts";
import { benchCommands } from "./transfer/commands.ts";
import { benchFiles } from "./transfer/files.ts";

/** Figures of the drivers of hosts: files both ways, and many short commands. */
export async function bench(): Promise<BenchRow[]> {
  return [...(await benchFiles()), ...(await benchCommands())];
}
