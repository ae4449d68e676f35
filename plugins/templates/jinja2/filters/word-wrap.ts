/**
 * Python's `textwrap.wrap` of one line without touching its white space: chunks of words and blanks put into lines of at most `width` characters.
 * An empty line gives no lines.
 */
export function wrapText(text: string, width: number, breakLong: boolean, breakHyphens: boolean): string[] {
  const chunks = splitChunks(text, breakHyphens).reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const line: string[] = [];
    let length = 0;
    // Blanks at the start of a line are dropped, except on the first.
    if (lines.length > 0 && chunks.at(-1)?.trim() === "") chunks.pop();
    while (chunks.length > 0) {
      const size = chunks.at(-1)?.length ?? 0;
      if (length + size > width) break;
      line.push(chunks.pop() ?? "");
      length += size;
    }
    const next = chunks.at(-1);
    if (next !== undefined && next.length > width)
      placeLongWord(chunks, line, length, width, breakLong, breakHyphens);
    if (line.at(-1)?.trim() === "") line.pop();
    if (line.length > 0) lines.push(line.join(""));
  }
  return lines;
}

function placeLongWord(
  chunks: string[],
  line: string[],
  length: number,
  width: number,
  breakLong: boolean,
  breakHyphens: boolean,
): void {
  const room = width < 1 ? 1 : width - length;
  const word = chunks.pop() ?? "";
  if (breakLong) {
    let end = room;
    if (breakHyphens && word.length > room) {
      const hyphen = word.lastIndexOf("-", room - 1);
      if (hyphen > 0 && [...word.slice(0, hyphen)].some((c) => c !== "-")) end = hyphen + 1;
    }
    line.push(word.slice(0, end));
    if (end < word.length) chunks.push(word.slice(end));
  } else if (line.length === 0) line.push(word);
  else chunks.push(word);
}

const WORDS = /(\s+)/;
function splitChunks(text: string, breakHyphens: boolean): string[] {
  if (!breakHyphens) return text.split(WORDS).filter((chunk) => chunk !== "");
  const chunks: string[] = [];
  for (const piece of text.split(WORDS)) {
    if (piece === "") continue;
    if (piece.trim() === "") chunks.push(piece);
    else chunks.push(...splitWord(piece));
  }
  return chunks;
}

/** A word may end after a hyphen that stands between two letters on either side; a dash of two or more stands alone. */
function splitWord(word: string): string[] {
  return word
    .split(/((?<=[\w!"'&.,?])-{2,}(?=\w))/)
    .flatMap((part) => (/^-{2,}$/.test(part) ? [part] : part.split(/(?<=[\p{L}_]{2}-)(?=[\p{L}_]{2})/u)))
    .filter((part) => part !== "");
}
