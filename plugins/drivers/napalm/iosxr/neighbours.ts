import {
  type ArpPaths,
  arpEntry,
  grouped,
  type LldpPaths,
  lldpNeighbour,
  type MacPaths,
  macEntry,
} from "../cisco-xr/neighbours.ts";
import { get, show, type XrGetter } from "./request.ts";

export const getArpTable: XrGetter = function* () {
  const reply = yield* get("Operational/ARP");
  return reply.all(".//EntryTable/Entry").map((one) => arpEntry(one, arp));
};

const arp: ArpPaths = {
  interface: ".//InterfaceName",
  address: ".//Address",
  mac: ".//HardwareAddress",
  age: ".//Age",
  ageless: -1,
};

export const getLldpNeighbors: XrGetter = function* () {
  const lines = (yield* show("Exec", "show lldp neighbors")).split(/\r?\n/);
  const heading = lines.findIndex((line) => line.startsWith("Device ID"));
  const rows = lines.slice(heading + 1).flatMap((line) => {
    const row = ROW.exec(line)?.groups;
    return row ? [[row.local ?? "", { hostname: row.device ?? "", port: row.port ?? "" }] as const] : [];
  });
  return grouped(heading < 0 ? [] : rows);
};

// Device, local interface, hold time, capabilities where there are any, port.
const ROW = /^(?<device>\S+)\s+(?<local>\S+)\s+\d+\s+(?:\S+\s+)?(?<port>\S+)/;

export const getLldpNeighborsDetail: XrGetter = function* ({ args: { interface: wanted } }) {
  const reply = yield* get("Operational/LLDP/NodeTable");
  const neighbours = reply
    .all(".//Neighbors/DetailTable/Detail/Entry")
    .map((one) => [one.value(lldp.interface), one] as const)
    .filter(([name]) => !wanted || name === wanted);
  return grouped(neighbours.map(([name, one]) => [name, lldpNeighbour(one, lldp)] as const));
};

const lldp: LldpPaths = {
  interface: "ReceivingInterfaceName",
  parentInterface: "ReceivingParentInterfaceName",
  parentless: "",
  chassis: "ChassisID",
  port: "PortIDDetail",
  portDescription: "Detail/PortDescription",
  systemName: "Detail/SystemName",
  systemDescription: "Detail/SystemDescription",
  capabilities: "Detail/SystemCapabilities",
  enabledCapabilities: "Detail/EnabledCapabilities",
};

export const getMacAddressTable: XrGetter = function* () {
  const reply = yield* get("Operational/L2VPNForwarding");
  return reply.all(".//L2FIBMACDetailTable/L2FIBMACDetail").map((one) => macEntry(one, mac));
};

const mac: MacPaths = {
  mac: "Naming/Address",
  bridgeDomain: "Naming/Name",
  interface: "Segment/AC/InterfaceHandle",
};
