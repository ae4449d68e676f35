import { expect, test } from "vitest";
import { get } from "./test-router.ts";

const interfaces = `<interfaces><interfaces>
  <interface><interface-name>BVI2</interface-name><description>second</description></interface>
  <interface><interface-name>BVI1</interface-name></interface></interfaces><interface-xr>
  <interface><interface-name>BVI1</interface-name><line-state>im-state-up</line-state><state>im-state-up</state><mtu>1514</mtu><bandwidth>1000000</bandwidth>
  <mac-address><address>00:11:22:33:44:55</address></mac-address></interface>
  <interface><interface-name>BVI2</interface-name><line-state>im-state-down</line-state><state>im-state-admin-down</state><mtu>1500</mtu></interface>
  </interface-xr></interfaces>`;

test("a description belongs to the interface of its name, whatever the order of the two lists", async () => {
  expect(await get("get_interfaces", { "get interfaces": interfaces })).toEqual({
    BVI1: {
      is_up: true,
      is_enabled: true,
      description: "",
      last_flapped: -1,
      mtu: 1514,
      speed: 1000,
      mac_address: "00:11:22:33:44:55",
    },
    BVI2: {
      is_up: false,
      is_enabled: false,
      description: "second",
      last_flapped: -1,
      mtu: 1500,
      speed: 0,
      mac_address: "",
    },
  });
});

test("loopbacks do not count, and an interface with basic counters has none of these", async () => {
  const one = (name: string, stats: string) =>
    `<interface><interface-name>${name}</interface-name><interface-statistics>${stats}</interface-statistics></interface>`;
  const full = "<full-interface-stats><bytes-sent>7</bytes-sent></full-interface-stats>";
  const model = await get("get_interfaces_counters", {
    "get interfaces/interface-xr/interface": `<interfaces><interface-xr>
      ${one("Loopback0", full)}${one("BVI1", full)}${one("Null0", "<stats-type>basic</stats-type>")}</interface-xr></interfaces>`,
  });
  expect(model).toMatchObject({ BVI1: { tx_octets: 7, rx_octets: 0 }, Null0: { tx_octets: 0 } });
  expect(model).not.toHaveProperty("Loopback0");
});

test("addresses of both families come in one request", async () => {
  const replies = {
    "get ipv4-network/nodes/node/interface-data/vrfs/vrf/details/detail + ipv6-network/nodes/node/interface-data/vrfs/vrf/global-details/global-detail": `<ipv4-network><nodes><node><interface-data><vrfs><vrf><details><detail><interface-name>BVI1</interface-name>
       <primary-address>10.0.0.1</primary-address><prefix-length>24</prefix-length>
       <secondary-address><address>10.0.1.1</address><prefix-length>25</prefix-length></secondary-address>
       </detail></details></vrf></vrfs></interface-data></node></nodes></ipv4-network>
       <ipv6-network><nodes><node><interface-data><vrfs><vrf><global-details><global-detail><interface-name>BVI1</interface-name>
       <address><address>2001:0DB8::1</address><prefix-length>64</prefix-length></address>
       </global-detail></global-details></vrf></vrfs></interface-data></node></nodes></ipv6-network>`,
  };
  expect(await get("get_interfaces_ip", replies)).toEqual({
    BVI1: {
      ipv4: { "10.0.0.1": { prefix_length: 24 }, "10.0.1.1": { prefix_length: 25 } },
      ipv6: { "2001:db8::1": { prefix_length: 64 } },
    },
  });
});

test("neighbours by LLDP come from all nodes", async () => {
  const neighbour = (local: string) => `<node><neighbors><details><detail><lldp-neighbor>
    <receiving-interface-name>${local}</receiving-interface-name><port-id-detail>Eth1/5</port-id-detail><chassis-id>0011.2233.4455</chassis-id>
    <detail><system-name>core1</system-name><system-capabilities>B,R</system-capabilities></detail>
    </lldp-neighbor></detail></details></neighbors></node>`;
  const replies = {
    "get lldp/nodes/node/neighbors/details/detail/lldp-neighbor": `<lldp><nodes>${neighbour("Gi0/0/0/0")}${neighbour("Gi0/0/0/1")}</nodes></lldp>`,
  };
  expect(await get("get_lldp_neighbors", replies)).toEqual({
    "Gi0/0/0/0": [{ hostname: "core1", port: "Eth1/5" }],
    "Gi0/0/0/1": [{ hostname: "core1", port: "Eth1/5" }],
  });
  expect(await get("get_lldp_neighbors_detail", replies, { interface: "Gi0/0/0/1" })).toMatchObject({
    "Gi0/0/0/1": [
      {
        parent_interface: "None",
        remote_chassis_id: "00:11:22:33:44:55",
        remote_system_capab: ["bridge", "router"],
      },
    ],
  });
});

test("ARP and MAC addresses are read", async () => {
  const arp = `<arp><nodes><node><entries><entry><address>10.0.0.2</address><interface-name>BVI1</interface-name>
    <hardware-address>00:11:22:33:44:55</hardware-address></entry></entries></node></nodes></arp>`;
  const macs = `<l2vpn-forwarding><nodes><node><l2fibmac-details><l2fibmac-detail><name>vlan10</name><address>00:11:22:33:44:55</address>
    <segment><ac><interface-handle>Te0/0/0/1</interface-handle></ac></segment></l2fibmac-detail></l2fibmac-details></node></nodes></l2vpn-forwarding>`;
  expect(await get("get_arp_table", { "get arp/nodes/node/entries/entry": arp })).toEqual([
    { interface: "BVI1", mac: "00:11:22:33:44:55", ip: "10.0.0.2", age: 0 },
  ]);
  expect(
    await get("get_mac_address_table", { "get l2vpn-forwarding/nodes/node/l2fibmac-details": macs }),
  ).toMatchObject([{ vlan: 10, interface: "Te0/0/0/1", active: true, static: false }]);
});

test("NTP is told as configured and as it runs", async () => {
  const peer = (address: string, type: string) =>
    `<peer-ipv4><address-ipv4>${address}</address-ipv4><peer-type-ipv4><peer-type>${type}</peer-type></peer-type-ipv4></peer-ipv4>`;
  const configured = {
    "get-config running ntp/peer-vrfs/peer-vrf": `<ntp><peer-vrfs><peer-vrf><peer-ipv4s>${peer("10.0.0.1", "server")}${peer("10.0.0.2", "peer")}</peer-ipv4s></peer-vrf></peer-vrfs></ntp>`,
  };
  expect(await get("get_ntp_servers", configured)).toEqual({ "10.0.0.1": {} });
  expect(await get("get_ntp_peers", configured)).toEqual({ "10.0.0.2": {} });
  const running = {
    "get ntp/nodes/node/associations/peer-summary-info/peer-info-common": `<ntp><nodes><node><associations><peer-summary-info>
      <peer-info-common><address>10.0.0.1</address><is-sys-peer>true</is-sys-peer><host-poll>64</host-poll></peer-info-common>
      </peer-summary-info></associations></node></nodes></ntp>`,
  };
  expect(await get("get_ntp_stats", running)).toMatchObject([
    { remote: "10.0.0.1", synchronized: true, hostpoll: 64, stratum: 0 },
  ]);
});

test("the access list for IPv6 of a community comes first", async () => {
  const community = (name: string, lists: string) =>
    `<default-community><community-name>${name}</community-name><priviledge>read-write</priviledge>${lists}</default-community>`;
  const replies = {
    "get-config running snmp": `<snmp><system><contact>noc</contact></system><administration><default-communities>
      ${community("both", "<v4-access-list>four</v4-access-list><v6-access-list>six</v6-access-list>")}
      ${community("one", "<v4-access-list>four</v4-access-list>")}</default-communities></administration></snmp>`,
  };
  expect(await get("get_snmp_information", replies)).toMatchObject({
    contact: "noc",
    community: { both: { mode: "rw", acl: "six" }, one: { mode: "rw", acl: "four" } },
  });
});

test("users have the level of their first group", async () => {
  const replies = {
    "get-config running aaa/usernames/username": `<aaa><usernames><username><name>ops</name><password>1405</password>
      <usergroup-under-usernames><usergroup-under-username><name>operator</name></usergroup-under-username></usergroup-under-usernames>
      </username></usernames></aaa>`,
  };
  expect(await get("get_users", replies)).toEqual({ ops: { level: 5, password: "1405", sshkeys: [] } });
});

test("a route is asked for by its family, and names every next hop", async () => {
  const routes = (
    version: 4 | 6,
  ) => `<vrfs><vrf><afs><af><safs><saf><ip-rib-route-table-names><ip-rib-route-table-name><routes><route>
    <protocol-name>static</protocol-name><prefix>p</prefix><prefix-length-xr>8</prefix-length-xr><route-path>
    <ipv${version}-rib-edm-path><address>a</address></ipv${version}-rib-edm-path><ipv${version}-rib-edm-path><address>b</address></ipv${version}-rib-edm-path>
    </route-path></route></routes></ip-rib-route-table-name></ip-rib-route-table-names></saf></safs></af></afs></vrf></vrfs>`;
  const replies = {
    "get rib/vrfs/vrf": `<rib>${routes(4)}</rib>`,
    "get ipv6-rib/vrfs/vrf": `<ipv6-rib>${routes(6)}</ipv6-rib>`,
  };
  for (const destination of ["10.0.0.0/8", "2001:db8::/32"])
    expect(await get("get_route_to", replies, { destination })).toMatchObject({
      "p/8": [
        { next_hop: "a", current_active: true, outgoing_interface: "" },
        { next_hop: "b", current_active: false },
      ],
    });
});

test("facts are there even where the router tells neither time nor chassis", async () => {
  const asked =
    "get system-time + interfaces/interfaces/interface/interface-name + inventory/entities/entity";
  expect(await get("get_facts", { [asked]: interfaces })).toEqual({
    hostname: "",
    fqdn: "",
    vendor: "Cisco",
    model: "",
    serial_number: "",
    os_version: "",
    uptime: -1,
    interface_list: ["BVI2", "BVI1"],
  });
});

test("a probe is told by its kind", async () => {
  const replies = {
    "get-config running ipsla/operation/definitions": `<ipsla><operation><definitions><definition><operation-id>3</operation-id>
      <operation-type><udp-jitter><tag>t</tag><dest-address>10.0.0.2</dest-address></udp-jitter></operation-type></definition></definitions></operation></ipsla>`,
    "get ipsla/operation-data/operations": `<ipsla><operation-data><operations><operation><operation-id>3</operation-id>
      <history><target><lifes><life><buckets><bucket><response-time>8</response-time><return-code>ipsla-ret-code-ok</return-code></bucket></buckets></life></lifes></target></history>
      <statistics><latest><target><specific-stats><op-type>udp-jitter</op-type></specific-stats></target></latest></statistics>
      </operation></operations></operation-data></ipsla>`,
  };
  expect(await get("get_probes_config", replies)).toMatchObject({
    "3": { t: { probe_type: "udp-ping-timestamp", target: "10.0.0.2" } },
  });
  expect(await get("get_probes_results", replies)).toMatchObject({
    "3": { t: { probe_type: "udp-ping-timestamp", rtt: 8, last_test_loss: 0, round_trip_jitter: 0 } },
  });
});

const hop = (content: string) =>
  `<traceroute-response><ipv4><hops>${content}</hops></ipv4></traceroute-response>`;

test("a hop that nobody answered for is left out; a probe may have an address of its own", async () => {
  const replies = {
    "rpc traceroute/ipv4":
      hop(`<hop><hop-index>1</hop-index></hop><hop><hop-index>2</hop-index><hop-address>10.0.0.2</hop-address>
      <probes><probe><probe-index>0</probe-index><delta-time>3</delta-time></probe>
      <probe><probe-index>1</probe-index><hop-address>10.0.0.3</hop-address></probe></probes></hop>`),
  };
  expect(await get("traceroute", replies, { destination: "8.8.8.8" })).toEqual({
    success: {
      "2": {
        probes: {
          "1": { ip_address: "10.0.0.2", host_name: "10.0.0.2", rtt: 3 },
          "2": { ip_address: "10.0.0.3", host_name: "10.0.0.2", rtt: 2000 },
        },
      },
    },
  });
});

test("a refused traceroute is a result", async () => {
  const replies = { "rpc traceroute/ipv4": null };
  expect(await get("traceroute", replies, { destination: "8.8.8.8" })).toEqual({
    error: "the operation is not supported",
  });
});
