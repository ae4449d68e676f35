import { splitPipes } from "./pipes.ts";

/** Commands that only print. */
const COMMANDS = /^(?:show|ping|traceroute|file (?:list|show|checksum)|help)\b/;

/** What may follow a bar: `save`, `append` and `tee` write files, and what else there may be is not known to print only. */
const FILTERS = new Set("match except find count last trim no-more display resolve compare".split(" "));

/** Whether a command line certainly only reads. */
export function onlyReads(line: string): boolean {
  if (/[\n\r]/.test(line)) return false;
  const [command = "", ...pipes] = splitPipes(line);
  return COMMANDS.test(command) && pipes.every((pipe) => FILTERS.has(pipe.split(/\s/, 1)[0] ?? ""));
}
