import type { FilterFunction, TestFunction } from "../filter.ts";
import { COLLECTION_FILTERS } from "./collections.ts";
import { DATE_FILTERS } from "./dates.ts";
import { IP_FILTERS } from "./ip.ts";
import { SERIAL_FILTERS } from "./serial.ts";
import { TESTS } from "./tests.ts";
import { ANSIBLE_TEXT_FILTERS } from "./text.ts";
import { VLAN_FILTERS } from "./vlan.ts";

/** The collections whose names may stand before a filter's own: `ansible.utils.ipaddr`. */
const COLLECTIONS = ["ansible.builtin", "ansible.utils", "ansible.netcommon", "community.general"];

function withFullNames<T>(table: Iterable<readonly [string, T]>): Map<string, T> {
  const names = new Map<string, T>();
  for (const [name, run] of table) {
    names.set(name, run);
    for (const collection of COLLECTIONS) names.set(`${collection}.${name}`, run);
  }
  return names;
}

/** Ansible's filters by short and by full name. */
export const ANSIBLE_FILTERS: ReadonlyMap<string, FilterFunction> = withFullNames([
  ...COLLECTION_FILTERS,
  ...ANSIBLE_TEXT_FILTERS,
  ...SERIAL_FILTERS,
  ...IP_FILTERS,
  ...VLAN_FILTERS,
  ...DATE_FILTERS,
]);

/** Ansible's tests by short and by full name. */
export const ANSIBLE_TESTS: ReadonlyMap<string, TestFunction> = withFullNames(TESTS);
