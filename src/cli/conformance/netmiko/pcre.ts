/**
 * A PCRE pattern as scrapli compiles it (without regard to case, `^` and `$` at every line) as a JavaScript one. Possessive
 * quantifiers become greedy ones, `{,n}` becomes `{0,n}`: for a yes-or-no match of a prompt it is the same.
 */
export function jsRegExp(pcre: string): RegExp {
  let source = "";
  for (let at = 0; at < pcre.length; at++) {
    const rest = pcre.slice(at);
    const escaped = /^\\[\s\S]/.exec(rest)?.[0];
    const set = /^\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/.exec(rest)?.[0];
    const possessive = /^(?:[?*+]|\{\d*,?\d*\})\+/.exec(rest)?.[0];
    const upTo = /^\{,\d+\}/.exec(rest)?.[0];
    const piece = escaped ?? set ?? possessive ?? upTo ?? pcre[at] ?? "";
    source += piece === possessive ? possessive.slice(0, -1) : piece === upTo ? `{0${upTo.slice(1)}` : piece;
    at += piece.length - 1;
  }
  return new RegExp(source, "im");
}
