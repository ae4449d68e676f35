import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { ipAddress } from "../values/ip-address.ts";
import { macAddress } from "../values/mac-address.ts";
import { decimal, integer, orAsItIs, required } from "./fields.ts";

/** Where the fields of an interface stand, and how states are written. */
export interface InterfacePaths {
  readonly lineState: string;
  readonly up: string;
  readonly state: string;
  readonly adminDown: string;
  readonly mac: string;
  /** In kbit/s. */
  readonly bandwidth: string;
  readonly mtu: string;
  /** In nanoseconds. */
  readonly lastChange?: string;
}

/** The state of an interface; its description may stand elsewhere. */
export function interfaceState(one: XmlElement, paths: InterfacePaths, description: string) {
  const lastChange = paths.lastChange === undefined ? -1 : decimal(one, paths.lastChange, -1);
  return {
    is_up: one.value(paths.lineState) === paths.up,
    is_enabled: one.value(paths.state) !== paths.adminDown,
    description,
    last_flapped: lastChange === -1 ? -1 : lastChange / 1e9,
    mtu: required(one, paths.mtu, integer),
    speed: decimal(one, paths.bandwidth) * 1e-3,
    mac_address: orAsItIs(macAddress, one.value(paths.mac)),
  };
}

/** NAPALM's counters with the paths at which a reply has them. */
export type CounterPaths = Readonly<Record<string, string>>;

/** The counters below an interface; 0 for one that the device does not have. */
export function interfaceCounters(one: XmlElement, paths: CounterPaths): Record<string, number> {
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, integer(one, path)]));
}

export type Prefixes = Record<string, { prefix_length: number }>;

/** Addresses of interfaces while they are gathered, by name of the interface. */
export class InterfaceAddresses {
  readonly model: Record<string, { ipv4?: Prefixes; ipv6?: Prefixes }> = {};

  /** Makes the interface known with that family, even without an address. */
  family(name: string, family: "ipv4" | "ipv6"): Prefixes {
    this.model[name] ??= {};
    this.model[name][family] ??= {};
    return this.model[name][family];
  }

  add(name: string, family: "ipv4" | "ipv6", from: XmlElement, address: string, length: string): void {
    this.family(name, family)[ipAddress(from.value(address))] ??= { prefix_length: integer(from, length) };
  }
}
