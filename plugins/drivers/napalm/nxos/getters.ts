import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getConfig } from "./config.ts";
import { getEnvironment } from "./environment.ts";
import { getFacts } from "./facts.ts";
import { getInterfaces } from "./interfaces.ts";
import { getInterfacesIp } from "./interfaces-ip.ts";
import { getLldpNeighbors, getLldpNeighborsDetail } from "./lldp.ts";
import { getArpTable, getMacAddressTable } from "./neighbours.ts";
import { getNetworkInstances } from "./network-instances.ts";
import { getNtpPeers, getNtpServers, getNtpStats } from "./ntp.ts";
import { ping } from "./ping.ts";
import type { NxosGetter } from "./request.ts";
import { getSnmpInformation } from "./snmp.ts";
import { traceroute } from "./traceroute.ts";
import { getUsers } from "./users.ts";
import { getVlans } from "./vlans.ts";

/** Getters that ask for text, or for data that NX-OS gives alike over NX-API and over SSH. */
export const sharedGetters = {
  get_config: getConfig,
  get_lldp_neighbors: getLldpNeighbors,
  get_lldp_neighbors_detail: getLldpNeighborsDetail,
  get_network_instances: getNetworkInstances,
  get_snmp_information: getSnmpInformation,
  get_users: getUsers,
  get_vlans: getVlans,
  ping,
  traceroute,
} satisfies Record<string, NxosGetter>;

/** The getters of Cisco NX-OS over NX-API under NAPALM's names. */
export const nxosGetters: Readonly<Record<string, NxosGetter>> = {
  ...sharedGetters,
  get_arp_table: getArpTable,
  get_bgp_neighbors: getBgpNeighbors,
  get_environment: getEnvironment,
  get_facts: getFacts,
  get_interfaces: getInterfaces,
  get_interfaces_ip: getInterfacesIp,
  get_mac_address_table: getMacAddressTable,
  get_ntp_peers: getNtpPeers,
  get_ntp_servers: getNtpServers,
  get_ntp_stats: getNtpStats,
};
