import { InvalidValue } from "./invalid-value.ts";

/**
 * A MAC address as `01:23:45:67:89:AB`, whatever the vendor's notation: colons, hyphens, dots, bare digits, groups without their
 * leading zeros. A text that ends in a colon was cut short and is filled with zeros at its end. Throws InvalidValue.
 *
 * @example
 * macAddress("123.4567.89ab"); // "01:23:45:67:89:AB"
 */
export function macAddress(text: string): string {
  // Nearly all devices write one of these two.
  if (DOTTED.test(text)) return pairsAt(text, 0, 2, 5, 7, 10, 12);
  if (PAIRS.test(text)) return text.toUpperCase();
  const digits = text.endsWith(":") ? text.replaceAll(":", "").padEnd(12, "0") : digitsOf(text);
  if (digits === undefined || !/^[0-9a-f]{12}$/i.test(digits)) throw new InvalidValue("a MAC address", text);
  return inPairs(digits);
}

const DOTTED = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i;
const PAIRS = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;

function inPairs(twelve: string): string {
  return pairsAt(twelve, 0, 2, 4, 6, 8, 10);
}

/** The six pairs that begin at these places. */
function pairsAt(text: string, a: number, b: number, c: number, d: number, e: number, f: number): string {
  const pair = (at: number) => text.slice(at, at + 2);
  return `${pair(a)}:${pair(b)}:${pair(c)}:${pair(d)}:${pair(e)}:${pair(f)}`.toUpperCase();
}

/** The same, but an empty text where there is no valid address. */
export function macAddressOrEmpty(text: string | undefined): string {
  try {
    return text === undefined ? "" : macAddress(text);
  } catch {
    return "";
  }
}

/** Groups of a notation: how many of them, and how many digits each may have. */
const NOTATIONS: readonly { separator: RegExp; groups: number; width: number }[] = [
  { separator: /[:-]/, groups: 6, width: 2 },
  { separator: /[.:-]/, groups: 3, width: 4 },
  { separator: /[-]/, groups: 2, width: 6 },
];

function digitsOf(text: string): string | undefined {
  if (/^[0-9a-f]{11,12}$/i.test(text)) return text.padStart(12, "0");
  for (const { separator, groups, width } of NOTATIONS) {
    const parts = text.split(separator);
    const fits = parts.every((part) => part.length > 0 && part.length <= width);
    if (parts.length === groups && fits) return parts.map((part) => part.padStart(width, "0")).join("");
  }
  return undefined;
}
