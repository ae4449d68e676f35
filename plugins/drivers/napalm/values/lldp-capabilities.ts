import { InvalidValue } from "./invalid-value.ts";

/** The capabilities that a device prints as letters (`"B, R"`), as sorted names (`["bridge", "router"]`). Throws InvalidValue. */
export function lldpCapabilities(text: string): string[] {
  if (text === "") return [];
  return lldpCapabilityNames(text.trim().split(","));
}

/** The same for separate letters or names of letters. */
export function lldpCapabilityNames(letters: readonly string[]): string[] {
  return letters.map((letter) => nameOf(letter.trim().toLowerCase())).toSorted();
}

function nameOf(letter: string): string {
  const name = NAMES.get(letter);
  if (name === undefined) throw new InvalidValue("an LLDP capability", letter);
  return name;
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ["o", "other"],
  ["n/a", "other"],
  ["p", "repeater"],
  ["b", "bridge"],
  ["w", "wlan-access-point"],
  ["r", "router"],
  ["t", "telephone"],
  ["c", "docsis-cable-device"],
  ["s", "station"],
]);
