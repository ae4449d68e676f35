import { z } from "zod";

/**
 * What NAPALM's methods return (napalm.base.models). A number that a device does not tell is -1 or 0 by NAPALM's convention, a text is
 * empty; speeds are in Mbit/s, times in seconds, temperatures in degrees Celsius, optical power in dBm. Keys of maps that are numbers
 * in Python (cpus, hops, probes) are strings here, as in any JSON.
 */
const text = z.string();
const bool = z.boolean();
const int = z.int();
const float = z.number();
const map = <T extends z.ZodType>(value: T) => z.record(text, value);

const interfaces = map(
  z.strictObject({
    is_up: bool,
    is_enabled: bool,
    description: text,
    last_flapped: float,
    mtu: int,
    speed: float,
    mac_address: text,
  }),
);

/** Counts of a busy port are soon more than a number holds exactly. */
const counter = z.number();
const counters = map(
  z.strictObject({
    tx_errors: counter,
    rx_errors: counter,
    tx_discards: counter,
    rx_discards: counter,
    tx_octets: counter,
    rx_octets: counter,
    tx_unicast_packets: counter,
    rx_unicast_packets: counter,
    tx_multicast_packets: counter,
    rx_multicast_packets: counter,
    tx_broadcast_packets: counter,
    rx_broadcast_packets: counter,
  }),
);

const prefixes = map(z.strictObject({ prefix_length: int }));
const interfacesIp = map(z.strictObject({ ipv4: prefixes.optional(), ipv6: prefixes.optional() }));

const environment = z.strictObject({
  fans: map(z.strictObject({ status: bool })),
  temperature: map(z.strictObject({ is_alert: bool, is_critical: bool, temperature: float })),
  power: map(z.strictObject({ status: bool, output: float, capacity: float })),
  cpu: map(z.strictObject({ "%usage": float })),
  memory: z.strictObject({ used_ram: int, available_ram: int }),
});

const facts = z.strictObject({
  os_version: text,
  uptime: float,
  interface_list: z.array(text),
  vendor: text,
  serial_number: text,
  model: text,
  hostname: text,
  fqdn: text,
});

const lldpNeighbors = map(z.array(z.strictObject({ hostname: text, port: text })));
const lldpNeighborsDetail = map(
  z.array(
    z.strictObject({
      parent_interface: text,
      remote_port: text,
      remote_chassis_id: text,
      remote_port_description: text,
      remote_system_name: text,
      remote_system_description: text,
      remote_system_capab: z.array(text),
      remote_system_enable_capab: z.array(text),
    }),
  ),
);

const familyPrefixes = map(
  z.strictObject({ received_prefixes: int, accepted_prefixes: int, sent_prefixes: int }),
);
const bgpNeighbors = map(
  z.strictObject({
    router_id: text,
    peers: map(
      z.strictObject({
        local_as: int,
        remote_as: int,
        remote_id: text,
        is_up: bool,
        is_enabled: bool,
        description: text,
        uptime: int,
        address_family: familyPrefixes,
      }),
    ),
  }),
);

const bgpPeerDetail = z.strictObject({
  up: bool,
  local_as: int,
  remote_as: int,
  router_id: text,
  local_address: text,
  routing_table: text,
  local_address_configured: bool,
  local_port: int,
  remote_address: text,
  remote_port: int,
  multihop: bool,
  multipath: bool,
  remove_private_as: bool,
  import_policy: text,
  export_policy: text,
  input_messages: int,
  output_messages: int,
  input_updates: int,
  output_updates: int,
  messages_queued_out: int,
  connection_state: text,
  previous_connection_state: text,
  last_event: text,
  suppress_4byte_as: bool,
  local_as_prepend: bool,
  holdtime: int,
  configured_holdtime: int,
  keepalive: int,
  configured_keepalive: int,
  active_prefix_count: int,
  received_prefix_count: int,
  accepted_prefix_count: int,
  suppressed_prefix_count: int,
  advertised_prefix_count: int,
  flap_count: int,
});
/** By VRF, then by the neighbour's AS number. */
const bgpNeighborsDetail = map(map(z.array(bgpPeerDetail)));

const prefixLimit = map(z.unknown());
const bgpConfig = map(
  z.strictObject({
    type: text,
    description: text,
    apply_groups: z.array(text),
    multihop_ttl: int,
    multipath: bool,
    local_address: text,
    local_as: int,
    remote_as: int,
    import_policy: text,
    export_policy: text,
    remove_private_as: bool,
    prefix_limit: prefixLimit,
    // Where a platform's configuration sets them for a group.
    authentication_key: text.optional(),
    route_reflector_client: bool.optional(),
    neighbors: map(
      z.strictObject({
        description: text,
        import_policy: text,
        export_policy: text,
        local_address: text,
        authentication_key: text,
        nhs: bool,
        route_reflector_client: bool,
        local_as: int,
        remote_as: int,
        prefix_limit: prefixLimit,
        // Where a platform's configuration sets them for one neighbour.
        multihop_ttl: int.optional(),
        multipath: bool.optional(),
        remove_private_as: bool.optional(),
      }),
    ),
  }),
);

const arpTable = z.array(z.strictObject({ interface: text, mac: text, ip: text, age: float }));
const ipv6Neighbors = z.array(
  z.strictObject({ interface: text, mac: text, ip: text, age: float, state: text }),
);

const ntpPeers = map(z.looseObject({}));
const ntpServers = map(
  z
    .strictObject({
      address: text,
      port: int,
      version: int,
      association_type: text,
      iburst: bool,
      prefer: bool,
      network_instance: text,
      source_address: text,
      key_id: int,
    })
    .partial(),
);
const ntpStats = z.array(
  z.strictObject({
    remote: text,
    referenceid: text,
    synchronized: bool,
    stratum: int,
    type: text,
    when: text,
    hostpoll: int,
    reachability: int,
    delay: float,
    offset: float,
    jitter: float,
  }),
);

const macTable = z.array(
  z.strictObject({
    mac: text,
    interface: text,
    vlan: int,
    static: bool,
    active: bool,
    moves: int,
    last_move: float,
  }),
);

const routes = map(
  z.array(
    z.strictObject({
      protocol: text,
      current_active: bool,
      last_active: bool,
      age: int,
      next_hop: text,
      // Null for a path of BGP that is not in use.
      outgoing_interface: text.nullable(),
      selected_next_hop: bool,
      preference: int,
      inactive_reason: text,
      routing_table: text,
      protocol_attributes: map(z.unknown()),
    }),
  ),
);

const snmp = z.strictObject({
  chassis_id: text,
  community: map(z.strictObject({ acl: text, mode: text })),
  contact: text,
  location: text,
});

const probesConfig = map(
  map(z.strictObject({ probe_type: text, target: text, source: text, probe_count: int, test_interval: int })),
);
const delays = {
  current_test_min_delay: float,
  current_test_max_delay: float,
  current_test_avg_delay: float,
  last_test_min_delay: float,
  last_test_max_delay: float,
  last_test_avg_delay: float,
  global_test_min_delay: float,
  global_test_max_delay: float,
  global_test_avg_delay: float,
};
const probesResults = map(
  map(
    z.strictObject({
      target: text,
      source: text,
      probe_type: text,
      probe_count: int,
      rtt: float,
      round_trip_jitter: float,
      last_test_loss: int,
      ...delays,
    }),
  ),
);

const pinged = z.strictObject({
  probes_sent: int,
  packet_loss: int,
  rtt_min: float,
  rtt_max: float,
  rtt_avg: float,
  rtt_stddev: float,
  results: z.array(z.strictObject({ ip_address: text, rtt: float })),
});
const failed = z.strictObject({ error: text });
const ping = z.union([z.strictObject({ success: pinged }), failed]);
const probe = z.strictObject({ rtt: float, ip_address: text, host_name: text });
const traceroute = z.union([
  z.strictObject({ success: map(z.strictObject({ probes: map(probe) })) }),
  failed,
]);

const users = map(z.strictObject({ level: int, password: text, sshkeys: z.array(text) }));

const optic = z.strictObject({ instant: float, avg: float, min: float, max: float });
const transceiver = z.strictObject({
  vendor: text,
  vendor_part: text,
  vendor_rev: text,
  serial_no: text,
  connector_type: text,
});
const optics = map(
  z.strictObject({
    /** Only NX-OS by its command line tells what is plugged in. */
    state: transceiver.optional(),
    physical_channels: z.strictObject({
      channel: z.array(
        z.strictObject({
          index: int,
          state: z.strictObject({ input_power: optic, output_power: optic, laser_bias_current: optic }),
        }),
      ),
    }),
  }),
);

const networkInstances = map(
  z.strictObject({
    name: text,
    type: text,
    state: z.strictObject({ route_distinguisher: text }),
    interfaces: z.strictObject({ interface: map(z.looseObject({})) }),
  }),
);

const firewallPolicies = map(
  z.array(
    z.strictObject({
      position: int,
      packet_hits: int,
      byte_hits: int,
      id: text,
      enabled: bool,
      schedule: text,
      log: text,
      l3_src: text,
      l3_dst: text,
      service: text,
      src_zone: text,
      dst_zone: text,
      action: text,
    }),
  ),
);

/** By method. `z.infer<typeof models.get_facts>` is the type of its result. */
export const models = {
  get_arp_table: arpTable,
  get_bgp_config: bgpConfig,
  get_bgp_neighbors: bgpNeighbors,
  get_bgp_neighbors_detail: bgpNeighborsDetail,
  get_config: z.strictObject({ running: text, startup: text, candidate: text }),
  get_environment: environment,
  get_facts: facts,
  get_firewall_policies: firewallPolicies,
  get_interfaces: interfaces,
  get_interfaces_counters: counters,
  get_interfaces_ip: interfacesIp,
  get_ipv6_neighbors_table: ipv6Neighbors,
  get_lldp_neighbors: lldpNeighbors,
  get_lldp_neighbors_detail: lldpNeighborsDetail,
  get_mac_address_table: macTable,
  get_network_instances: networkInstances,
  get_ntp_peers: ntpPeers,
  get_ntp_servers: ntpServers,
  get_ntp_stats: ntpStats,
  get_optics: optics,
  get_probes_config: probesConfig,
  get_probes_results: probesResults,
  get_route_to: routes,
  get_snmp_information: snmp,
  get_users: users,
  get_vlans: map(z.strictObject({ name: text, interfaces: z.array(text) })),
  ping,
  traceroute,
} satisfies Readonly<Record<string, z.ZodType>>;

/** The model of a method's result; undefined for a method that has none. */
export function modelOf(method: string): z.ZodType | undefined {
  return Object.hasOwn(models, method) ? models[method as keyof typeof models] : undefined;
}
