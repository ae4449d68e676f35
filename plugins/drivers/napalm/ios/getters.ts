import { getArpTable, getIpv6NeighborsTable } from "./arp.ts";
import { getBgpConfig } from "./bgp-config.ts";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getBgpNeighborsDetail } from "./bgp-neighbours-detail.ts";
import { getConfig } from "./config.ts";
import { getEnvironment } from "./environment.ts";
import { getFacts } from "./facts.ts";
import { getInterfacesIp } from "./interface-addresses.ts";
import { getInterfacesCounters } from "./interface-counters.ts";
import { getInterfaces } from "./interfaces.ts";
import { getLldpNeighbors, getLldpNeighborsDetail } from "./lldp.ts";
import { getMacAddressTable } from "./mac-table.ts";
import { getNetworkInstances } from "./network-instances.ts";
import { getNtpPeers, getNtpServers, getNtpStats } from "./ntp.ts";
import { getOptics } from "./optics.ts";
import { ping } from "./ping.ts";
import { getProbesConfig } from "./probes.ts";
import type { IosGetter } from "./request.ts";
import { getRouteTo } from "./routes.ts";
import { getSnmpInformation, getUsers } from "./system.ts";
import { traceroute } from "./traceroute.ts";
import { getVlans } from "./vlans.ts";

/** The getters of Cisco IOS and IOS XE under NAPALM's names. */
export const iosGetters: Readonly<Record<string, IosGetter>> = {
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
  get_ipv6_neighbors_table: getIpv6NeighborsTable,
  get_lldp_neighbors: getLldpNeighbors,
  get_lldp_neighbors_detail: getLldpNeighborsDetail,
  get_mac_address_table: getMacAddressTable,
  get_network_instances: getNetworkInstances,
  get_ntp_peers: getNtpPeers,
  get_ntp_servers: getNtpServers,
  get_ntp_stats: getNtpStats,
  get_optics: getOptics,
  get_probes_config: getProbesConfig,
  get_route_to: getRouteTo,
  get_snmp_information: getSnmpInformation,
  get_users: getUsers,
  get_vlans: getVlans,
  ping,
  traceroute,
};
