import { expect, test } from "vitest";
import { modelOf } from "../models.ts";
import { answered } from "../nxos/test-replies.ts";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { dataOf, lineOf } from "./command-line.ts";
import { getEnvironment } from "./environment.ts";
import { getFacts } from "./facts.ts";
import { nxosSshGetters } from "./getters.ts";
import { getInterfaces } from "./interfaces.ts";
import { getInterfacesCounters } from "./interfaces-counters.ts";
import { getInterfacesIp } from "./interfaces-ip.ts";
import { getMacAddressTable } from "./mac-address-table.ts";
import { getArpTable } from "./neighbours.ts";
import { getNtpPeers } from "./ntp.ts";
import { getOptics } from "./optics.ts";
import { getRouteTo } from "./routes.ts";

test("every getter has a model to hold it to", () => {
  expect(Object.keys(nxosSshGetters).filter((name) => !modelOf(name))).toEqual([]);
});

test("data are asked for as JSON; what is none is the device's refusal", () => {
  const request = { command: "show vlan brief", format: "json" } as const;
  expect(lineOf(request)).toBe("show vlan brief | json");
  expect(dataOf(request, '{"a": 1}\n')).toEqual({ a: 1 });
  expect(() => dataOf(request, "% Invalid command\n")).toThrow(
    expect.objectContaining({ name: "CommandRefused", message: "% Invalid command" }),
  );
});

const FACTS = {
  "show version": `Software
  BIOS: version 07.61
 NXOS: version 9.3(8)
Hardware
  cisco Nexus7000 C7009 (9 Slot) Chassis ("Supervisor Module-1X")
  Device name: n9k1
Kernel uptime is 1 day(s), 2 hour(s), 3 minute(s), 4 second(s)
`,
  "show hosts":
    "DNS lookup disabled\nDefault domain for vrf:default is lab.example\nName servers are 255.255.255.255\n",
  "show interface status": `--------------------------------
Port          Name      Status
--------------------------------
mgmt0         --        connected
Eth1/1        uplink    connected
              goes on
`,
};

test("facts are read from what commands print", async () => {
  const replies = {
    ...FACTS,
    "show hostname": "n9k1.lab.example\n",
    "show inventory": { TABLE_inv: { ROW_inv: { name: "Chassis", serialnum: "S1" } } },
  };
  expect(await answered(getFacts, replies)).toEqual({
    vendor: "Cisco",
    model: "Nexus7000 C7009 (9 Slot) Chassis",
    os_version: "9.3(8)",
    uptime: 93_784,
    serial_number: "S1",
    hostname: "n9k1",
    fqdn: "n9k1.lab.example",
    interface_list: ["Management0", "Ethernet1/1"],
  });
});

test("a release that cannot give the inventory as JSON prints it, and a bare hostname gets its domain", async () => {
  let asked = 0;
  const inventory = 'NAME: "Chassis",  DESCR: "Nexus9000"\nPID: N9K-C9300v   ,  VID:     ,  SN: S2\n';
  const replies = {
    ...FACTS,
    "show hostname": "n9k1\n",
    // The first time it is asked for as data.
    get "show inventory"() {
      asked += 1;
      return asked === 1
        ? dataOf({ command: "show inventory", format: "json" }, "% Invalid command")
        : inventory;
    },
  };
  expect(await answered(getFacts, replies)).toMatchObject({
    serial_number: "S2",
    hostname: "n9k1",
    fqdn: "n9k1.lab.example",
  });
});

const INTERFACES = `mgmt0 is up
admin state is up,
  Hardware: Ethernet, address: 0011.2233.4455 (bia 0011.2233.4455)
  Internet Address is 192.0.2.1/24
  MTU 1500 bytes, BW 1000000 Kbit, DLY 10 usec
Ethernet1/1 is down (Administratively down)
admin state is down, Dedicated Interface
  Hardware: 1000/10000 Ethernet, address: 0011.2233.4456 (bia 0011.2233.4456)
  Description: to spine 1
  MTU 9216 bytes,  BW 10000000 Kbit,, BW 10000000 Kbit, DLY 10 usec
Vlan10 is down (Administratively down), line protocol is down, autostate enabled
  Hardware is EtherSVI, address is  0011.2233.4457
  MTU 1500 bytes, BW 1000000 Kbit, DLY 10 usec
Ethernet154/1/48 is up
  Hardware: 100/1000 Ethernet, address: 0011.2233.4458 (bia 0011.2233.4458)
  MTU 1500 bytes, BW 1000000 Kbit, DLY 10 usec
nve1 is up
admin state is up,  Hardware: NVE
  MTU 9216 bytes
`;

test("interfaces begin in several ways, and each tells its state", async () => {
  const state = { last_flapped: -1, description: "" };
  expect(await answered(getInterfaces, { "show interface": INTERFACES })).toEqual({
    Management0: {
      ...state,
      is_up: true,
      is_enabled: true,
      mac_address: "00:11:22:33:44:55",
      mtu: 1500,
      speed: 1000,
    },
    "Ethernet1/1": {
      ...state,
      description: "to spine 1",
      is_up: false,
      is_enabled: false,
      mac_address: "00:11:22:33:44:56",
      mtu: 9216,
      speed: 10_000,
    },
    Vlan10: { ...state, is_up: false, is_enabled: false, mac_address: "", mtu: 1500, speed: 1000 },
    "Ethernet154/1/48": {
      ...state,
      is_up: true,
      is_enabled: true,
      mac_address: "00:11:22:33:44:58",
      mtu: 1500,
      speed: 1000,
    },
    nve1: { ...state, is_up: true, is_enabled: true, mac_address: "", mtu: 9216, speed: -1 },
  });
});

test("a bandwidth in another unit is refused and not guessed", async () => {
  const odd = INTERFACES.replaceAll("Kbit", "Mbit");
  await expect(answered(getInterfaces, { "show interface": odd })).rejects.toThrow("Kbit");
});

test("addresses stand by interface; one without an address is listed too", async () => {
  const replies = {
    "show ip interface vrf all": `IP Interface Status for VRF "default"
Vlan10, Interface status: protocol-up/link-up/admin-up, iod: 38,
  IP address: 10.0.0.1, IP subnet: 10.0.0.0/24 route-preference: 0, tag: 0
  IP address: 10.0.1.1, IP subnet: 10.0.1.0/25 secondary route-preference: 0, tag: 0
Vlan20, Interface status: protocol-up/link-up/admin-up, iod: 39,
  IP address: none
`,
    "show ipv6 interface vrf all": `IPv6 Interface Status for VRF "default"
Vlan10, Interface status: protocol-up/link-up/admin-up, iod: 38
  IPv6 address:
    2001:db8::1/64 [VALID]
  IPv6 subnet:  2001:db8::/64
  IPv6 link-local address: fe80::1 (default) [VALID]
`,
  };
  expect(await answered(getInterfacesIp, replies)).toEqual({
    Vlan10: {
      ipv4: { "10.0.0.1": { prefix_length: 24 }, "10.0.1.1": { prefix_length: 25 } },
      ipv6: { "2001:db8::1": { prefix_length: 64 }, "fe80::1": { prefix_length: 64 } },
    },
    Vlan20: { ipv4: {} },
  });
});

const bgp = (entries: string) => `BGP summary information for VRF default, address family IPv4 Unicast

BGP summary information for VRF red, address family IPv6 Unicast
BGP router identifier 10.0.0.1, local AS number 1.100
BGP table version is 12, IPv6 Unicast config peers 1, capable peers 0

Neighbor        V    AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
${entries}`;

test("a BGP entry may go on in the next lines", async () => {
  const entries = `10.0.0.2        4 65000       0       0        0    0    0    4d22h Shut (Admin)
2001:db8:4:701::2
                4 12345678
                         327465  327268      145    0    0     1y28w 3
10.0.0.3        4 65000       1       1        0    0    0 00:14:23 Idle
`;
  expect(await answered(getBgpNeighbors, { "show bgp all summary vrf all": bgp(entries) })).toMatchObject({
    red: {
      router_id: "10.0.0.1",
      peers: {
        "10.0.0.2": { is_up: false, is_enabled: false, uptime: -1, local_as: 65_636 },
        "2001:db8:4:701::2": {
          remote_as: 12_345_678,
          is_up: true,
          uptime: (365 + 196) * 86_400,
          address_family: { ipv6: { received_prefixes: 3 } },
        },
        "10.0.0.3": { is_up: false, is_enabled: true, uptime: -1 },
      },
    },
  });
});

test("where BGP does not run there are no neighbours", async () => {
  expect(await answered(getBgpNeighbors, {})).toEqual({});
});

test("a BGP entry that is cut short is refused with its text", async () => {
  const summary = bgp("10.0.0.2        4 65000       0\n");
  await expect(answered(getBgpNeighbors, { "show bgp all summary vrf all": summary })).rejects.toThrow(
    "10.0.0.2 4 65000 0",
  );
});

const ARP = `Flags: * - Adjacencies learnt on non-active FHRP router

IP ARP Table for context default
Address         Age       MAC Address     Interface
10.0.0.2        00:00:04  2cc2.60ff.0021  mgmt0
10.0.0.72       0.282854  2cc2.6036.3221  Vlan10         *
`;

test("ARP entries may have flags behind them", async () => {
  expect(
    await answered(getArpTable, { "show ip arp vrf red | exc INCOMPLETE": ARP }, { vrf: "red" }),
  ).toEqual([
    { interface: "mgmt0", mac: "2C:C2:60:FF:00:21", ip: "10.0.0.2", age: 4 },
    { interface: "Vlan10", mac: "2C:C2:60:36:32:21", ip: "10.0.0.72", age: 0.3 },
  ]);
});

test("what is no ARP table is refused", async () => {
  await expect(
    answered(getArpTable, { "show ip arp vrf all | exc INCOMPLETE": "nothing\n" }),
  ).rejects.toThrow("ARP table");
});

const MACS = `Legend:
        * - primary entry, G - Gateway MAC, (R) - Routed MAC, O - Overlay MAC
        age - seconds since last seen,+ - primary entry using vPC Peer-Link,
        (T) - True, (F) - False
   VLAN     MAC Address      Type      age     Secure NTFY Ports
---------+-----------------+--------+---------+------+----+------------------
* 27       0026.f064.0000    dynamic      -       F    F    po1
G -        00be.75f2.a1cf    static       -       F    F    sup-eth1(R)
+ 100      0050.56bb.0164    dynamic      -       F    F    vPC Peer-Link
  110      0100.5e00.0118    igmp         0       F    F    Po1 Po2
                                                            Eth142/1/3
`;

test("an address that is known at several ports has an entry for each", async () => {
  const found = await answered(getMacAddressTable, { "show mac address-table": MACS });
  const rest = { moves: -1, last_move: -1 };
  const group = { mac: "01:00:5E:00:01:18", vlan: 110, static: false, active: false, ...rest };
  expect(found).toEqual([
    { mac: "00:26:F0:64:00:00", interface: "Port-channel1", vlan: 27, static: false, active: true, ...rest },
    { mac: "00:BE:75:F2:A1:CF", interface: "sup-eth1(R)", vlan: 0, static: true, active: false, ...rest },
    { mac: "00:50:56:BB:01:64", interface: "vPC-Peer-Link", vlan: 100, static: false, active: true, ...rest },
    { ...group, interface: "Port-channel1" },
    { ...group, interface: "Port-channel2" },
    { ...group, interface: "Ethernet142/1/3" },
  ]);
});

test("the environment has cpus, memory and sensors", async () => {
  const replies = {
    "show system resources": `Load average:   1 minute: 1.13
CPU states  :   1.65% user,   7.73% kernel,   90.60% idle
\tCPU0 states  :   2.27% user,   13.63% kernel,   84.09% idle
\tCPU1 states  :   2.15% user,   2.15% kernel,   95.69% idle
Memory usage:   6096260K total,   4176656K used,   1919604K free
`,
    "show environment temperature": `Module   Sensor        MajorThresh   MinorThres   CurTemp     Status
1        Intake          70              42          45         Ok
`,
  };
  expect(await answered(getEnvironment, replies)).toMatchObject({
    cpu: { 0: { "%usage": 15.91 }, 1: { "%usage": 4.31 } },
    memory: { available_ram: 6_096_260, used_ram: 4_176_656 },
    temperature: { "Intake-1": { temperature: 45, is_alert: true, is_critical: false } },
  });
});

test("NTP peers are listed, whichever they are", async () => {
  const output =
    "----------\n  Peer IP Address               Serv/Peer\n----------\n  192.0.2.1                    Server (configured) \n\n";
  expect(await answered(getNtpPeers, { "show ntp peers": output })).toEqual({ "192.0.2.1": {} });
});

test("counters in detail win over those of the interface, and the management port has fewer", async () => {
  const table = (row: object) => ({ TABLE_interface: { ROW_interface: row } });
  const replies = {
    "show interface": table([
      { interface: "mgmt0", mgmt_in_bytes: "7" },
      { interface: "Ethernet1/1", eth_indiscard: "3", eth_inbytes: "1" },
      { interface: "Vlan10" },
    ]),
    "show interface counters detailed": table({ interface: "Ethernet1/1", eth_inbytes: "99" }),
  };
  expect(await answered(getInterfacesCounters, replies)).toMatchObject({
    mgmt0: { rx_octets: 7, tx_errors: 0 },
    "Ethernet1/1": { rx_octets: 99, rx_discards: 3, tx_octets: 0 },
  });
});

const OPTICS = `Ethernet1/1
    transceiver is present
    type is 10Gbase-SR
    name is CISCO-FINISAR
    part number is FTLX8571D3BCL-C2
    revision is A
    serial number is FNS1
           SFP Detail Diagnostics Information (internal calibration)
                Current              Alarms                  Warnings
                Measurement     High        Low         High          Low
    Current          5.54 mA     10.50 mA   2.50 mA
    Tx Power       N/A           1.70 dBm
    Rx Power      -2.97 dBm      2.00 dBm
Ethernet1/2
    transceiver is not present
Ethernet1/3
    transceiver is present
    type is SFP-H10GB-CU3M
    name is OEM
    part number is X
    revision is B
    serial number is Y
    DOM is not supported
`;

test("a dark laser has -100 dBm, and a cable without measurement no channel", async () => {
  expect(await answered(getOptics, { "show interface transceiver details": OPTICS })).toMatchObject({
    "Ethernet1/1": {
      state: { vendor: "CISCO-FINISAR", connector_type: "LC_CONNECTOR" },
      physical_channels: {
        channel: [
          {
            state: {
              input_power: { instant: -2.97 },
              output_power: { instant: -100 },
              laser_bias_current: { instant: 5.54, avg: 0 },
            },
          },
        ],
      },
    },
    "Ethernet1/3": { state: { connector_type: "DAC_CONNECTOR" }, physical_channels: { channel: [] } },
  });
});

const ROUTES = `IP Route Table for VRF "default"
'*' denotes best ucast next-hop

Route not found

IP Route Table for VRF "red"
'*' denotes best ucast next-hop

1.0.4.0/24, ubest/mbest: 1/0
    *via 10.0.0.5, Eth2/2, [110/41], 5d23h, ospf-1, intra
     via 10.0.0.9%blue, [20/7], 00:00:10, bgp-65000, external, tag 65001
`;

const PATHS = `Paths: (2 available, best #1)
  Path type: external, path is valid, is best path
  AS-Path: 65001 65002 , path sourced external to AS
    10.0.0.9 (metric 0) from 10.0.0.9 (10.0.0.99)
      Origin IGP, MED 0, localpref 100, weight 0
      Community: 1234:45 no-export
      Extcommunity:
          RT:1234:45
          OSPF RT:0.0.0.0:5:0

  Path type: internal, path is valid, not best reason: Weight
`;

test("routes of all VRFs stand by prefix, those of BGP with what BGP knows of them", async () => {
  const replies = {
    "show ip route vrf all 1.0.4.0/24": ROUTES,
    'show bgp process | include "BGP Protocol Tag"': "BGP Protocol Tag               : 65000\n",
    "show ip bgp vrf red 1.0.4.0/24": PATHS,
    'show ip bgp neighbors vrf red | include "is 10.0.0.9"': "\n",
  };
  const found = await answered(getRouteTo, replies, { destination: "1.0.4.0/24" });
  expect(found).toMatchObject({
    "1.0.4.0/24": [
      {
        protocol: "ospf",
        outgoing_interface: "Ethernet2/2",
        next_hop: "10.0.0.5",
        current_active: true,
        preference: 41,
        routing_table: "red",
      },
      {
        protocol: "bgp",
        outgoing_interface: "",
        age: 10,
        current_active: false,
        protocol_attributes: {
          as_path: "65001 65002",
          remote_address: "10.0.0.9",
          local_preference: 100,
          communities: ["1234:45", "no-export", "RT:1234:45", "OSPF RT:0.0.0.0:5:0"],
          local_as: 65_000,
          remote_as: 65_001,
        },
      },
    ],
  });
  const ospf = await answered(getRouteTo, replies, { destination: "1.0.4.0/24", protocol: "ospf" });
  expect(ospf).toMatchObject({ "1.0.4.0/24": [{ protocol: "ospf" }] });
});
