/** A place in a text. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** UTF-16 offset in the line, from 0; without it the whole line is meant. */
  readonly column?: number | undefined;
}

/**
 * A line of a text with its number, and a caret below the column.
 *
 * @example
 * excerpt("Value A (x", { line: 1, column: 8 });
 * // "  1 | Value A (x\n    |         ^"
 */
export function excerpt(text: string, { line, column }: Place): string {
  const content = text.split(/\r\n|\n|\r/)[line - 1] ?? "";
  const number = String(line).padStart(3);
  const shown = `${number} | ${visible(content)}`;
  if (column === undefined) return shown;
  const before = content.slice(0, column);
  // Tabs stay tabs, so that the caret stands below its character whatever a tab's width is.
  const indent = before.replace(/[^\t]/gu, " ");
  return `${shown}\n${" ".repeat(number.length)} | ${indent}^`;
}

/** Control characters could move the cursor of a terminal: they are shown as pictures of themselves. */
function visible(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (char) =>
    char === "\x7f" ? "\u2421" : String.fromCharCode(0x2400 + char.charCodeAt(0)),
  );
}
