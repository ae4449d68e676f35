/** What `show archive config differences` tells, without the lines that are about the comparison. */
export function replaceDifference(reply: string): string {
  return reply
    .split("\n")
    .filter((line) => !IGNORED.test(line))
    .join("\n")
    .trim();
}

/** `ntp clock-period` is written by the device itself, time and again. */
const IGNORED = /Contextual Config Diffs|No changes were found|ntp clock-period/;

/** What `show archive config incremental-diffs` tells, as lines that begin with `+`, or `-` for what is negated. */
export function mergeDifference(reply: string): string {
  const lines: string[] = [];
  let reordered = false;
  for (const line of reply.split("\n")) {
    const text = line.trim();
    if (/order-dependent line.*re-ordered/.test(line)) reordered = true;
    else if (line.includes("No changes were found")) {
      // IOS says so too where it would only change the order.
      if (!reordered) return "";
      continue;
    }
    if (text === "" || text === "end" || line.includes("List of Commands")) continue;
    lines.push(`${/^no\s/.test(text) ? "-" : "+"}${line}`);
  }
  return lines.join("\n").trim();
}

/** The lines of the file itself, where the device cannot tell what they would change. */
export function mergedLines(file: string): string {
  const lines = file.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return "! No changes specified in merge file.";
  return [
    "! incremental-diff failed; falling back to echo of merge file",
    ...lines.map((line) => `+${line}`),
  ].join("\n");
}
