const PARTS = /\\[\s\S]|(\[\^?\]?(?:\\[\s\S]|[^\]\\])*\])|([?*+]|\{\d*,?\d*\})\+|\{,(\d+)\}/g;

/**
 * A PCRE pattern as scrapli compiles it (without regard to case, `^` and `$` at every line) as a JavaScript one. Possessive
 * quantifiers become greedy ones: for a yes-or-no match of a prompt it is the same. `{,n}` becomes `{0,n}`.
 */
export function jsRegExp(pcre: string): RegExp {
  const source = pcre.replace(PARTS, (part, set?: string, possessive?: string, upTo?: string) => {
    if (set !== undefined) return withEscapedBracket(set);
    if (upTo !== undefined) return `{0,${upTo}}`;
    return possessive ?? part;
  });
  return new RegExp(source, "im");
}

/** `[]a]` is a set of two in PCRE, and an empty one in JavaScript. */
function withEscapedBracket(set: string): string {
  return set.replace(/^(\[\^?)\]/, "$1\\]");
}
