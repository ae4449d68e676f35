import type { XmlElement } from "../../../../src/device/xml/index.ts";
import {
  type ArpPaths,
  arpEntry,
  grouped,
  type LldpPaths,
  lldpNeighbour,
  type MacPaths,
  macEntry,
} from "../cisco-xr/neighbours.ts";
import { type Asking, get, type XrNetconfGetter } from "./request.ts";

export const getArpTable: XrNetconfGetter = function* () {
  const data = yield* get("Cisco-IOS-XR-ipv4-arp-oper:arp/nodes/node/entries/entry");
  return data.all(".//arp/nodes/node/entries/entry").map((one) => arpEntry(one, arp));
};

const arp: ArpPaths = {
  interface: "interface-name",
  address: "address",
  mac: "hardware-address",
  age: "age",
  ageless: 0,
};

export const getLldpNeighbors: XrNetconfGetter = function* () {
  const neighbours = yield* lldpNeighbours();
  return grouped(
    neighbours.map(
      (one) =>
        [
          one.value(lldp.interface),
          { hostname: one.value(lldp.systemName), port: one.value(lldp.port) },
        ] as const,
    ),
  );
};

export const getLldpNeighborsDetail: XrNetconfGetter = function* ({ args: { interface: wanted } }) {
  const neighbours = yield* lldpNeighbours();
  return grouped(
    neighbours
      .map((one) => [one.value(lldp.interface), one] as const)
      .filter(([name]) => !wanted || name === wanted)
      .map(([name, one]) => [name, lldpNeighbour(one, lldp)] as const),
  );
};

function* lldpNeighbours(): Asking<readonly XmlElement[]> {
  const data = yield* get(
    "Cisco-IOS-XR-ethernet-lldp-oper:lldp/nodes/node/neighbors/details/detail/lldp-neighbor",
  );
  return data.all(".//lldp/nodes/node/neighbors/details/detail/lldp-neighbor");
}

const lldp: LldpPaths = {
  interface: "receiving-interface-name",
  parentInterface: "receiving-parent-interface-name",
  parentless: "None",
  chassis: "chassis-id",
  port: "port-id-detail",
  portDescription: "detail/port-description",
  systemName: "detail/system-name",
  systemDescription: "detail/system-description",
  capabilities: "detail/system-capabilities",
  enabledCapabilities: "detail/enabled-capabilities",
};

export const getMacAddressTable: XrNetconfGetter = function* () {
  const data = yield* get("Cisco-IOS-XR-l2vpn-oper:l2vpn-forwarding/nodes/node/l2fibmac-details");
  return data
    .all(".//l2vpn-forwarding/nodes/node/l2fibmac-details/l2fibmac-detail")
    .map((one) => macEntry(one, mac));
};

const mac: MacPaths = {
  mac: "address",
  bridgeDomain: "name",
  interface: "segment/ac/interface-handle",
};
