import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/**
 * The full name of an interface: `Gi0/1` is `GigabitEthernet0/1`. A kind that is not known stays as it is. `more` adds
 * spellings of one platform, such as `{ Po: "PortChannel" }`.
 */
export function canonicalInterfaceName(name: string, more: Readonly<Record<string, string>> = {}): string {
  const [kind, number] = splitInterface(name);
  const full = more[kind] ?? FULL.get(kind);
  return full === undefined ? name : full + number;
}

/** The short form in which devices print an interface: `GigabitEthernet0/1` is `Gi0/1`. */
export function abbreviatedInterfaceName(name: string): string {
  const [kind, number] = splitInterface(name);
  const short = kinds[FULL.get(kind) ?? kind]?.short;
  return short ? short + number : name;
}

/** Kind and number: `["xe-", "1/2/3:0"]`. */
export function splitInterface(name: string): [kind: string, number: string] {
  let end = name.length;
  while (end > 0 && NUMBERING.has(name.charAt(end - 1))) end--;
  const kind = name.slice(0, end);
  return [kind, name.slice(kind.length).trimStart()];
}

/** What the number of an interface is written with. */
const NUMBERING: ReadonlySet<string> = new Set("0123456789/\\.: ");

/** Names in the order that people expect: `Ethernet2` before `Ethernet10`. */
export function inNaturalOrder(names: Iterable<string>): string[] {
  return Array.from(names).sort(compareNaturally);
}

/** Texts by their letters and numbers by their values; of two names the one that ends first, or comes to a number first, is before the other. */
function compareNaturally(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [one, other] = [a.charCodeAt(i), b.charCodeAt(j)];
    if (isDigit(one) && isDigit(other)) {
      let [left, right] = [0, 0];
      for (; isDigit(a.charCodeAt(i)); i += 1) left = left * 10 + a.charCodeAt(i) - ZERO;
      for (; isDigit(b.charCodeAt(j)); j += 1) right = right * 10 + b.charCodeAt(j) - ZERO;
      if (left !== right) return left - right;
    } else if (one !== other) {
      if (isDigit(one) !== isDigit(other)) return isDigit(one) ? -1 : 1;
      return one - other;
    } else {
      i += 1;
      j += 1;
    }
  }
  return a.length - i - (b.length - j);
}

const ZERO = 48;
const isDigit = (code: number) => code >= ZERO && code <= ZERO + 9;

const kinds = z
  .record(z.string(), z.strictObject({ short: z.string().nullable(), spellings: z.array(z.string()) }))
  .parse(parse(readFileSync(join(import.meta.dirname, "interface-names.yaml"), "utf8")));

const FULL = new Map(
  Object.entries(kinds).flatMap(([full, { spellings }]) =>
    [full, ...spellings].map((one) => [one, full] as const),
  ),
);
