import { sharedGetters } from "../nxos/getters.ts";
import type { NxosGetter } from "../nxos/request.ts";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getEnvironment } from "./environment.ts";
import { getFacts } from "./facts.ts";
import { getInterfaces } from "./interfaces.ts";
import { getInterfacesCounters } from "./interfaces-counters.ts";
import { getInterfacesIp } from "./interfaces-ip.ts";
import { getMacAddressTable } from "./mac-address-table.ts";
import { getArpTable } from "./neighbours.ts";
import { getNtpPeers, getNtpServers } from "./ntp.ts";
import { getOptics } from "./optics.ts";
import { getRouteTo } from "./routes.ts";

/** The getters of Cisco NX-OS over SSH under NAPALM's names. */
export const nxosSshGetters: Readonly<Record<string, NxosGetter>> = {
  ...sharedGetters,
  get_arp_table: getArpTable,
  get_bgp_neighbors: getBgpNeighbors,
  get_environment: getEnvironment,
  get_facts: getFacts,
  get_interfaces: getInterfaces,
  get_interfaces_counters: getInterfacesCounters,
  get_interfaces_ip: getInterfacesIp,
  get_mac_address_table: getMacAddressTable,
  get_ntp_peers: getNtpPeers,
  get_ntp_servers: getNtpServers,
  get_optics: getOptics,
  get_route_to: getRouteTo,
};
