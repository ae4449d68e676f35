import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { ipAddress } from "../values/ip-address.ts";
import { lldpCapabilities } from "../values/lldp-capabilities.ts";
import { macAddress } from "../values/mac-address.ts";
import { decimal, orAsItIs } from "./fields.ts";

/** Where the fields of an ARP entry stand. */
export interface ArpPaths {
  readonly interface: string;
  readonly address: string;
  readonly mac: string;
  readonly age: string;
  /** What age an entry without one has. */
  readonly ageless: number;
}

export function arpEntry(one: XmlElement, paths: ArpPaths) {
  return {
    interface: one.value(paths.interface),
    mac: macAddress(one.value(paths.mac)),
    ip: ipAddress(one.value(paths.address)),
    age: decimal(one, paths.age, paths.ageless),
  };
}

/** Where the fields of an LLDP neighbour stand. */
export interface LldpPaths {
  readonly interface: string;
  readonly parentInterface: string;
  readonly chassis: string;
  readonly port: string;
  readonly portDescription: string;
  readonly systemName: string;
  readonly systemDescription: string;
  readonly capabilities: string;
  readonly enabledCapabilities: string;
  /** What stands for no parent interface. */
  readonly parentless: string;
}

export type LldpNeighbour = ReturnType<typeof lldpNeighbour>;

export function lldpNeighbour(one: XmlElement, paths: LldpPaths) {
  const parent = one.first(paths.parentInterface);
  return {
    parent_interface: parent ? parent.value() : paths.parentless,
    remote_chassis_id: orAsItIs(macAddress, one.value(paths.chassis)),
    remote_port: one.value(paths.port),
    remote_port_description: one.value(paths.portDescription),
    remote_system_name: one.value(paths.systemName),
    remote_system_description: one.value(paths.systemDescription),
    remote_system_capab: lldpCapabilities(one.value(paths.capabilities)),
    remote_system_enable_capab: lldpCapabilities(one.value(paths.enabledCapabilities)),
  };
}

/** Lists by the name that each entry belongs to, in the order of the entries. */
export function grouped<Entry>(
  entries: Iterable<readonly [name: string, entry: Entry]>,
): Record<string, Entry[]> {
  const groups: Record<string, Entry[]> = {};
  for (const [name, entry] of entries) {
    groups[name] ??= [];
    groups[name].push(entry);
  }
  return groups;
}

/** Where the fields of a learnt MAC address stand. */
export interface MacPaths {
  readonly mac: string;
  readonly bridgeDomain: string;
  readonly interface: string;
}

/** Only a bridge domain that is named after a VLAN, such as `vlan7`, tells which one it is; otherwise it is 0. */
export function macEntry(one: XmlElement, paths: MacPaths) {
  const vlan = one.value(paths.bridgeDomain).replaceAll("vlan", "");
  return {
    mac: macAddress(one.value(paths.mac)),
    interface: one.value(paths.interface),
    vlan: /^\d+$/.test(vlan) ? Number(vlan) : 0,
    active: true,
    static: false,
    moves: 0,
    last_move: 0,
  };
}
