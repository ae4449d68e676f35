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
  const kind = name.replace(/[/\\\d.: ]+$/, "");
  return [kind, name.slice(kind.length).trimStart()];
}

/** Names in the order that people expect: `Ethernet2` before `Ethernet10`. */
export function inNaturalOrder(names: Iterable<string>): string[] {
  return [...names]
    .map((name) => ({ name, parts: name.split(/(\d+)/) }))
    .toSorted((a, b) => comparedParts(a.parts, b.parts))
    .map(({ name }) => name);
}

/** Parts at odd places are numbers, as `split` leaves them. */
function comparedParts(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const difference =
      index % 2 === 1 ? Number(part) - Number(other) : part < other ? -1 : part > other ? 1 : 0;
    if (difference !== 0) return difference;
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
