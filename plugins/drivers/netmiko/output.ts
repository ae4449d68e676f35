import type { Platform } from "./platform.ts";

/**
 * What a device said, without what belongs to the conversation: a repeated echo at the beginning, context lines and the first
 * lines of a multi-line prompt at the end, and the last line end.
 */
export function cleanOutput(
  text: string,
  sent: string,
  platform: Pick<Platform, "contextLines" | "promptLines">,
): string {
  let output = text.includes("\b") ? text.replaceAll("\b", "") : text;
  const first = output.indexOf("\n");
  if (sent !== "" && first >= 0 && output.slice(0, first).trimEnd().endsWith(sent)) {
    if (/^\S{0,64}\s*$/.test(output.slice(0, first).trimEnd().slice(0, -sent.length)))
      output = output.slice(first + 1);
  }
  if (output.endsWith("\n")) output = output.slice(0, -1);
  for (let line = 1; line < platform.promptLines; line++) output = withoutLastLine(output);
  for (const context of platform.contextLines) {
    const pattern = new RegExp(`^(?:${context})\\s*$`);
    while (pattern.test(lastLine(output))) output = withoutLastLine(output);
  }
  return output;
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1);
}

function withoutLastLine(text: string): string {
  return text.slice(0, Math.max(0, text.lastIndexOf("\n")));
}
