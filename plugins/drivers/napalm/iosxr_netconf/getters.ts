import { getBgpConfig } from "./bgp-config.ts";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getBgpNeighborsDetail } from "./bgp-neighbours-detail.ts";
import { getConfig } from "./config.ts";
import { getEnvironment } from "./environment.ts";
import { getInterfaces, getInterfacesCounters, getInterfacesIp } from "./interfaces.ts";
import { getArpTable, getLldpNeighbors, getLldpNeighborsDetail, getMacAddressTable } from "./neighbours.ts";
import { getNtpPeers, getNtpServers, getNtpStats } from "./ntp.ts";
import { getProbesConfig, getProbesResults } from "./probes.ts";
import type { XrNetconfGetter } from "./request.ts";
import { getRouteTo } from "./routes.ts";
import { getFacts, getSnmpInformation, getUsers } from "./system.ts";
import { traceroute } from "./traceroute.ts";

/** The getters of Cisco IOS-XR over NETCONF, under NAPALM's names. */
export const iosxrNetconfGetters: Readonly<Record<string, XrNetconfGetter>> = {
  get_arp_table: getArpTable,
  get_bgp_config: getBgpConfig,
  get_bgp_neighbors: getBgpNeighbors,
  get_bgp_neighbors_detail: getBgpNeighborsDetail,
  get_config: getConfig,
  get_environment: getEnvironment,
  get_facts: getFacts,
  get_interfaces: getInterfaces,
  get_interfaces_counters: getInterfacesCounters,
  get_interfaces_ip: getInterfacesIp,
  get_lldp_neighbors: getLldpNeighbors,
  get_lldp_neighbors_detail: getLldpNeighborsDetail,
  get_mac_address_table: getMacAddressTable,
  get_ntp_peers: getNtpPeers,
  get_ntp_servers: getNtpServers,
  get_ntp_stats: getNtpStats,
  get_probes_config: getProbesConfig,
  get_probes_results: getProbesResults,
  get_route_to: getRouteTo,
  get_snmp_information: getSnmpInformation,
  get_users: getUsers,
  traceroute,
};
