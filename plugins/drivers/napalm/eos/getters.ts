import { getBgpConfig } from "./bgp-config.ts";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getBgpNeighborsDetail } from "./bgp-neighbours-detail.ts";
import { getEnvironment } from "./environment.ts";
import { getFacts, getInterfaces, getInterfacesCounters, getInterfacesIp } from "./interfaces.ts";
import { getArpTable, getLldpNeighbors, getLldpNeighborsDetail } from "./neighbours.ts";
import { getNetworkInstances } from "./network-instances.ts";
import { getNtpServers, getNtpStats } from "./ntp.ts";
import { ping } from "./ping.ts";
import type { EosGetter } from "./request.ts";
import { getRouteTo } from "./routes.ts";
import { getMacAddressTable, getOptics, getVlans } from "./switching.ts";
import { getConfig, getSnmpInformation, getUsers } from "./system.ts";
import { traceroute } from "./traceroute.ts";

/** The getters of Arista EOS under NAPALM's names. */
export const eosGetters: Readonly<Record<string, EosGetter>> = {
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
  get_network_instances: getNetworkInstances,
  get_ntp_servers: getNtpServers,
  get_ntp_stats: getNtpStats,
  get_optics: getOptics,
  get_route_to: getRouteTo,
  get_snmp_information: getSnmpInformation,
  get_users: getUsers,
  get_vlans: getVlans,
  ping,
  traceroute,
};
