import {
  type CounterPaths,
  InterfaceAddresses,
  type InterfacePaths,
  interfaceCounters,
  interfaceState,
} from "../cisco-xr/interfaces.ts";
import { type Asking, get, type XrGetter } from "./request.ts";

export const getInterfaces: XrGetter = function* () {
  const interfaces = yield* namedInterfaces();
  return Object.fromEntries(
    interfaces.map(([name, one]) => [name, interfaceState(one, state, one.value("Description"))]),
  );
};

/** Names of all interfaces, sorted. */
export function* interfaceNames(): Asking<string[]> {
  const interfaces = yield* namedInterfaces();
  return [...new Set(interfaces.map(([name]) => name))].toSorted();
}

function* namedInterfaces() {
  const reply = yield* get("Operational/Interfaces");
  return reply
    .all(".//Interfaces/InterfaceTable/Interface")
    .map((one) => [one.value("Naming/InterfaceName"), one] as const)
    .filter(([name]) => name !== "");
}

const state: InterfacePaths = {
  lineState: "LineState",
  up: "IM_STATE_UP",
  state: "State",
  adminDown: "IM_STATE_ADMINDOWN",
  mac: "MACAddress/Address",
  bandwidth: "Bandwidth",
  mtu: "MTU",
  lastChange: "LastStateTransitionTime",
};

export const getInterfacesCounters: XrGetter = function* () {
  const reply = yield* get("Operational/Interfaces/InterfaceTable");
  const counted = reply.all(".//Interface").filter((one) => one.has("InterfaceStatistics"));
  return Object.fromEntries(
    counted.map((one) => [one.value("InterfaceHandle"), interfaceCounters(one, counters)]),
  );
};

const FULL = "InterfaceStatistics/FullInterfaceStats";

const counters: CounterPaths = {
  tx_octets: `${FULL}/BytesSent`,
  rx_octets: `${FULL}/BytesReceived`,
  tx_unicast_packets: `${FULL}/PacketsSent`,
  rx_unicast_packets: `${FULL}/PacketsReceived`,
  tx_multicast_packets: `${FULL}/MulticastPacketsSent`,
  rx_multicast_packets: `${FULL}/MulticastPacketsReceived`,
  tx_broadcast_packets: `${FULL}/BroadcastPacketsSent`,
  rx_broadcast_packets: `${FULL}/BroadcastPacketsReceived`,
  tx_discards: `${FULL}/OutputDrops`,
  rx_discards: `${FULL}/InputDrops`,
  tx_errors: `${FULL}/OutputErrors`,
  rx_errors: `${FULL}/InputErrors`,
};

export const getInterfacesIp: XrGetter = function* () {
  const reply = yield* get("Operational", { IPV4Network: "", IPV6Network: "" });
  const addresses = new InterfaceAddresses();
  for (const one of reply.all(".//IPV4Network/InterfaceTable/Interface")) {
    const name = one.value("Naming/InterfaceName");
    const detail = "VRFTable/VRF/Detail";
    addresses.add(name, "ipv4", one, `${detail}/PrimaryAddress`, `${detail}/PrefixLength`);
    for (const second of one.all(`${detail}/SecondaryAddress/Entry`))
      addresses.add(name, "ipv4", second, "Address", "PrefixLength");
  }
  const sixes = reply.all(
    ".//IPV6Network/NodeTable/Node/InterfaceData/VRFTable/VRF/GlobalDetailTable/GlobalDetail",
  );
  for (const one of sixes) {
    const name = one.value("Naming/InterfaceName");
    addresses.family(name, "ipv6");
    for (const entry of one.all("AddressList/Entry"))
      addresses.add(name, "ipv6", entry, "Address", "PrefixLength");
  }
  return addresses.model;
};
