const predefined: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const reference = /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([^\s;&<]*));?/g;

/**
 * Replaces `&lt;`, `&#60;`, `&#x3c;` and their like. `fail` makes the error for one that is unknown, not closed, or no character;
 * it gets the offset within the text.
 */
export function resolveReferences(text: string, fail: (offset: number, why: string) => Error): string {
  if (!text.includes("&")) return text;
  return text.replace(
    reference,
    (whole: string, hexadecimal?: string, decimal?: string, name?: string, offset = 0) => {
      if (!whole.endsWith(";")) throw fail(offset, 'a "&" that begins no reference');
      if (name !== undefined) {
        const character = Object.hasOwn(predefined, name) ? predefined[name] : undefined;
        if (character === undefined) throw fail(offset, `entity ${whole} is unknown`);
        return character;
      }
      const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
      if (!isCharacter(code)) throw fail(offset, `${whole} is no character`);
      return String.fromCodePoint(code);
    },
  );
}

function isCharacter(code: number): boolean {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}
