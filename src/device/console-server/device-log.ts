/** How log messages begin that devices print on their console: `*Mar  1 00:01:02.3: %SYS-5-CONFIG_I: …`, `[   12.345678] eth0: …`. */
const LOG = /^(?:[^\n]{0,120}%\S{0,40}-[0-7]-[A-Z0-9_]{2,60}\b|\[ *\d{1,9}\.\d{6}\] |Message from syslogd@)/;

/**
 * A text that ends with a line end, without the log messages after which it does so: on a console they come after a prompt, which is then
 * still the one that the device waits at. Any other text as it is.
 */
export function beforeLog(text: string): string {
  if (!text.endsWith("\n")) return text;
  const lines = text.split("\n");
  let end = lines.length;
  let messages = 0;
  for (; end > 0; end--) {
    const line = lines[end - 1] ?? "";
    if (LOG.test(line)) messages++;
    else if (line.trim() !== "") break;
  }
  return messages === 0 ? text : lines.slice(0, end).join("\n");
}
