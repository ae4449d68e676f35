const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BITS = 5;

/** The bytes of a base32 text (RFC 4648) as authenticator apps show it: any case, blanks, hyphens and padding allowed. Undefined: it is none. */
export function base32(text: string): Buffer | undefined {
  const digits = text.replace(/[\s-]/g, "").replace(/=+$/, "").toUpperCase();
  if (digits === "") return undefined;
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return undefined;
    held = (held << BITS) | value;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
