import {
  type CounterPaths,
  InterfaceAddresses,
  type InterfacePaths,
  interfaceCounters,
  interfaceState,
} from "../cisco-xr/interfaces.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import { get, reply, type XrNetconfGetter } from "./request.ts";

export const getInterfaces: XrNetconfGetter = function* () {
  const data = yield* get("Cisco-IOS-XR-pfi-im-cmd-oper:interfaces", {
    "interfaces/interface": { "interface-name": "", description: "" },
    "interface-xr/interface": {
      "interface-name": "",
      "line-state": "",
      state: "",
      "mac-address/address": "",
      bandwidth: "",
      mtu: "",
    },
  });
  const descriptions = new Map(
    data
      .all(".//interfaces/interfaces/interface")
      .map((one) => [one.value("interface-name"), one.value("description")]),
  );
  return Object.fromEntries(
    data
      .all(".//interfaces/interface-xr/interface")
      .map((one) => [one.value("interface-name"), one] as const)
      .filter(([name]) => name !== "")
      .map(([name, one]) => [name, interfaceState(one, state, descriptions.get(name) ?? "")]),
  );
};

const state: InterfacePaths = {
  lineState: "line-state",
  up: "im-state-up",
  state: "state",
  adminDown: "im-state-admin-down",
  mac: "mac-address/address",
  bandwidth: "bandwidth",
  mtu: "mtu",
};

/** Loopbacks count nothing, and an interface may have only basic counters, which are others. */
export const getInterfacesCounters: XrNetconfGetter = function* () {
  const data = yield* get("Cisco-IOS-XR-pfi-im-cmd-oper:interfaces/interface-xr/interface", {
    "interface-name": "",
    "interface-statistics": {
      "stats-type": "",
      "full-interface-stats": Object.fromEntries(Object.values(COUNTERS).map((name) => [name, ""])),
    },
  });
  return Object.fromEntries(
    data
      .all(".//interfaces/interface-xr/interface")
      .map((one) => [one.value("interface-name"), one] as const)
      .filter(([name]) => !/^Loopback\d+$/.test(name))
      .map(([name, one]) => [name, interfaceCounters(one, counters)]),
  );
};

const COUNTERS = {
  tx_multicast_packets: "multicast-packets-sent",
  tx_discards: "output-drops",
  tx_octets: "bytes-sent",
  tx_errors: "output-errors",
  rx_octets: "bytes-received",
  tx_unicast_packets: "packets-sent",
  rx_errors: "input-errors",
  tx_broadcast_packets: "broadcast-packets-sent",
  rx_multicast_packets: "multicast-packets-received",
  rx_broadcast_packets: "broadcast-packets-received",
  rx_discards: "input-drops",
  rx_unicast_packets: "packets-received",
};

const counters: CounterPaths = Object.fromEntries(
  Object.entries(COUNTERS).map(([name, leaf]) => [name, `interface-statistics/full-interface-stats/${leaf}`]),
);

export const getInterfacesIp: XrNetconfGetter = function* () {
  const data = yield* reply({ operation: "get", filter: addressFilter });
  const addresses = new InterfaceAddresses();
  for (const one of data.all(".//ipv4-network/nodes/node/interface-data/vrfs/vrf/details/detail")) {
    const name = one.value("interface-name");
    addresses.add(name, "ipv4", one, "primary-address", "prefix-length");
    for (const second of one.all("secondary-address"))
      addresses.add(name, "ipv4", second, "address", "prefix-length");
  }
  const sixes = data.all(".//ipv6-network/nodes/node/interface-data/vrfs/vrf/global-details/global-detail");
  for (const one of sixes) {
    const name = one.value("interface-name");
    addresses.family(name, "ipv6");
    for (const entry of one.all("address")) addresses.add(name, "ipv6", entry, "address", "prefix-length");
  }
  return addresses.model;
};

const addressFilter = [
  treeOf("Cisco-IOS-XR-ipv4-io-oper:ipv4-network/nodes/node/interface-data/vrfs/vrf/details/detail"),
  treeOf(
    "Cisco-IOS-XR-ipv6-ma-oper:ipv6-network/nodes/node/interface-data/vrfs/vrf/global-details/global-detail",
  ),
];
