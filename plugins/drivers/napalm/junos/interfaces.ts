import { ipAddressOr } from "../values/ip-address.ts";
import { macAddress } from "../values/mac-address.ts";
import { byTwo, listsBy } from "./grouped.ts";
import { type Asking, fact, type JunosGetter, rpc } from "./request.ts";
import { has, integer, is, table, text, type Values, within } from "./rows.ts";

const physicalNames = table("physical-interface", { name: text("name") });

export const getFacts: JunosGetter = function* () {
  const { hostname, fqdn, model, serialNumber, version } = yield* fact("identity");
  const uptime = yield* fact("uptime");
  const reply = yield* rpc("get-interface-information");
  return {
    vendor: "Juniper",
    model,
    serial_number: serialNumber,
    os_version: version,
    hostname,
    fqdn,
    uptime,
    interface_list: physicalNames(reply).flatMap(({ name }) => name ?? []),
  };
};

const state = {
  name: text("name"),
  isUp: is("oper-status", "up"),
  isEnabled: is("admin-status", "up"),
  description: text("description"),
  flapped: integer("interface-flapped/@seconds"),
  speed: text("speed"),
  negotiated: text("ethernet-autonegotiation/link-partner-speed"),
  mtu: text("mtu"),
  mac: text("current-physical-address"),
};

/** A logical interface shares the state of its port; it is disabled by a flag of its own. */
const logicalState = {
  name: text("name"),
  isUp: is("../oper-status", "up"),
  isDown: has("if-config-flags/iff-down"),
  description: text("description"),
  flapped: integer("../interface-flapped/@seconds"),
  speed: text("../speed"),
  negotiated: text("../ethernet-autonegotiation/link-partner-speed"),
  mtu: text("../mtu"),
  mac: text("../current-physical-address"),
};

const physicalInterfaces = table("physical-interface", state);
const logicalInterfaces = table("physical-interface/logical-interface", logicalState);

export const getInterfaces: JunosGetter = function* () {
  return yield* interfaces();
};

/** The interfaces by name, which other getters need too. */
export function* interfaces(): Asking<Record<string, ReturnType<typeof modelOf>>> {
  const reply = yield* rpc("get-interface-information");
  const logical = logicalInterfaces(reply).map((one) => ({ ...one, isEnabled: !one.isDown }));
  const all = [...physicalInterfaces(reply), ...logical];
  return Object.fromEntries(all.flatMap((one) => (one.name === null ? [] : [[one.name, modelOf(one)]])));
}

function modelOf(one: Omit<Values<typeof state>, "name">) {
  return {
    is_up: one.isUp ?? false,
    is_enabled: one.isEnabled ?? true,
    description: one.description ?? "",
    last_flapped: one.flapped || -1,
    mac_address: hardwareAddress(one.mac),
    speed: speedOf(one.speed, one.negotiated),
    mtu: Number(/^\s*(\d+)\b/.exec(one.mtu ?? "")?.[1] ?? 0),
  };
}

/** NAPALM gives the words of the device, "Unspecified" say, and "None" for an interface without any. */
function hardwareAddress(text: string | null): string {
  try {
    return macAddress(text ?? "");
  } catch {
    return text ?? "None";
  }
}

/** Mbit/s; what a port negotiated where it is set to do so; -1 where it has none. */
function speedOf(speed: string | null, negotiated: string | null): number {
  const own = /(\d+|[Aa]uto)(\w*)/.exec(speed ?? "");
  const found = own?.[1]?.toLowerCase() === "auto" ? /(\d+)(\w*)/.exec(negotiated ?? "") : own;
  if (!found) return -1;
  return Number(found[1]) * (found[2]?.toLowerCase() === "gbps" ? 1000 : 1);
}

const counters = {
  rx_broadcast_packets: integer("ethernet-mac-statistics/input-broadcasts"),
  tx_broadcast_packets: integer("ethernet-mac-statistics/output-broadcasts"),
  rx_unicast_packets: integer("ethernet-mac-statistics/input-unicasts"),
  tx_unicast_packets: integer("ethernet-mac-statistics/output-unicasts"),
  rx_multicast_packets: integer("ethernet-mac-statistics/input-multicasts"),
  tx_multicast_packets: integer("ethernet-mac-statistics/output-multicasts"),
  rx_octets: integer("traffic-statistics/input-bytes"),
  tx_octets: integer("traffic-statistics/output-bytes"),
  rx_errors: integer("input-error-list/input-errors"),
  rx_discards: integer("input-error-list/input-discards"),
  tx_errors: integer("output-error-list/output-errors"),
  tx_discards: integer("output-error-list/output-drops"),
};
const counted = { name: text("name"), ...counters };
const countedInterfaces = table("physical-interface", {
  ...counted,
  logical: within("logical-interface", counted),
});

/** Physical ports and management, as NAPALM asks for them: not the many pseudo interfaces of the routing engine. */
const PORTS = "[vmfgxe][mlet]*";

export const getInterfacesCounters: JunosGetter = function* () {
  const reply = yield* rpc("get-interface-information", { extensive: true, "interface-name": PORTS });
  const all = countedInterfaces(reply).flatMap(({ logical, ...physical }) => [...logical, physical]);
  return Object.fromEntries(all.flatMap(({ name, ...one }) => (name === null ? [] : [[name, known(one)]])));
};

/** -1 for a counter that the interface does not have. */
function known(one: Values<typeof counters>): Record<string, number> {
  return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, value ?? -1]));
}

const addresses = table("physical-interface/logical-interface/address-family/interface-address", {
  local: text("ifa-local"),
  family: text("../address-family-name"),
  interface: text("../../name"),
});

const FAMILIES = new Map([
  ["inet", { name: "ipv4", bits: 32 }],
  ["inet6", { name: "ipv6", bits: 128 }],
]);

export const getInterfacesIp: JunosGetter = function* () {
  const reply = yield* rpc("get-interface-information", { terse: true });
  const byInterface = listsBy(
    addresses(reply).flatMap(({ local, family: raw, interface: name }) => {
      const family = FAMILIES.get(raw ?? "");
      if (!family || name === null || local === null) return [];
      const [address = "", length] = local.split("/");
      const model = { prefix_length: Number(length ?? family.bits) };
      return [[name, [family.name, ipAddressOr(address, address), model] as const] as const];
    }),
  );
  return Object.fromEntries(Object.entries(byInterface).map(([name, all]) => [name, byTwo(all)]));
};
