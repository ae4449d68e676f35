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
  const keyed = Array.from(names, (name) => ({ name, parts: partsOf(name) }));
  return keyed.sort((a, b) => comparedParts(a.parts, b.parts)).map(({ name }) => name);
}

/** Texts and numbers by turns, the first a text, which may be empty. */
function partsOf(name: string): (string | number)[] {
  return name.split(DIGITS).map((part, index) => (index % 2 === 1 ? Number(part) : part));
}

const DIGITS = /(\d+)/;

function comparedParts(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const one = a[index] ?? "";
    const other = b[index] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return a.length - b.length;
}

const kinds = z
  .record(z.string(), z.strictObject({ short: z.string().nullable(), spellings: z.array(z.string()) }))
  .parse(parse(readFileSync(join(import.meta.dirname, "interface-names.yaml"), "utf8")));

const FULL = new Map(
  Object.entries(kinds).flatMap(([full, { spellings }]) =>
    [full, ...spellings].map((one) => [one, full] as const),
  ),
);
