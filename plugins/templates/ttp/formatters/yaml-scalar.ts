/** How a text may be written. */
export interface ScalarStyle {
  readonly plain: boolean;
  readonly single: boolean;
  readonly multiline: boolean;
}

const BREAKS = "\n\x85\u2028\u2029";
const SPACES = `\0 \t\r${BREAKS}`;

/** Which styles PyYAML's emitter allows for a text in block context. */
export function analyse(text: string): ScalarStyle {
  if (text === "") return { plain: true, single: true, multiline: false };
  const chars = Array.from(text);
  const multiline = chars.some((char) => BREAKS.includes(char));
  const special = chars.some((char) => char !== "\n" && !(char >= " " && char <= "~"));
  const edge = isSpaceOrBreak(chars[0]) || isSpaceOrBreak(chars.at(-1));
  const breakSpace = chars.some((char, index) => char === " " && isBreak(chars[index - 1]));
  const spaceBreak = chars.some((char, index) => isBreak(char) && chars[index - 1] === " ");
  const indicators = /^(?:---|\.\.\.)/.test(text) || chars.some((_, index) => isIndicator(chars, index));
  return {
    plain: !(edge || breakSpace || spaceBreak || special || multiline || indicators),
    single: !(breakSpace || spaceBreak || special),
    multiline,
  };
}

/** Whether the character means something in block context where it stands. */
function isIndicator(chars: readonly string[], index: number): boolean {
  const char = chars[index] ?? "";
  const next = chars[index + 1];
  const followed = next === undefined || SPACES.includes(next);
  if (index === 0) {
    if ("#,[]{}&*!|>'\"%@`".includes(char)) return true;
    return followed && "?:-".includes(char);
  }
  const preceded = SPACES.includes(chars[index - 1] ?? "");
  return (char === ":" && followed) || (char === "#" && preceded);
}

function isBreak(char: string | undefined): boolean {
  return char !== undefined && BREAKS.includes(char);
}

function isSpaceOrBreak(char: string | undefined): boolean {
  return char === " " || isBreak(char);
}
