import { expect, test } from "vitest";
import { getInterfacesIp } from "./interface-addresses.ts";
import { getInterfacesCounters } from "./interface-counters.ts";
import { getInterfaces } from "./interfaces.ts";
import { get } from "./test-replies.ts";

const SHOWN = `TenGigabitEthernet0/0/1 is up, line protocol is up (connected)
  Hardware is EPA-10X10GE, address is 0011.2233.4455 (bia 0011.2233.4455)
  Description: to core
  MTU 1500 bytes, BW 10000000 Kbit/sec, DLY 10 usec,
  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 0
     100 packets input, 1000 bytes, 0 no buffer
     Received 25 broadcasts (416 IP multicasts)
     3 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     200 packets output, 2000 bytes, 0 underruns
     4 output errors, 0 collisions, 0 interface resets
Loopback0 is administratively down, line protocol is down
  Hardware is Loopback
  MTU 1514 bytes, BW 8 Gbit/sec, DLY 5000 usec,
     Received 7 broadcasts, 0 runts, 0 giants, 0 throttles
`;

test("interfaces are enabled unless an administrator took them down, and keep nothing of the one before", async () => {
  const pseudowire = "pseudowire1 is up\n    MTU 1500 bytes, BW 10000 Kbit\n";
  expect(await get(getInterfaces, { "show interfaces": SHOWN + pseudowire })).toEqual({
    "TenGigabitEthernet0/0/1": {
      is_up: true,
      is_enabled: true,
      description: "to core",
      last_flapped: -1,
      mtu: 1500,
      speed: 10_000,
      mac_address: "00:11:22:33:44:55",
    },
    Loopback0: {
      is_up: false,
      is_enabled: false,
      description: "",
      last_flapped: -1,
      mtu: 1514,
      speed: 8000,
      mac_address: "",
    },
    pseudowire1: expect.objectContaining({ is_up: true, speed: 10, mac_address: "" }),
  });
});

test("counters have what was dropped from the queues, found by the short name of a long one; -1 is not told", async () => {
  const summary = `  Interface                   IHQ       IQD       OHQ       OQD      RXBS      RXPS      TXBS      TXPS      TRTL
-----------------------------------------------------------------------------------------------------------------
* Te0/0/1                       0         5         0         6         1         0         1         0         0
`;
  expect(
    await get(getInterfacesCounters, { "show interfaces": SHOWN, "show interface summary": summary }),
  ).toEqual({
    "TenGigabitEthernet0/0/1": {
      rx_octets: 1000,
      rx_unicast_packets: 100,
      rx_broadcast_packets: 25,
      rx_multicast_packets: 416,
      rx_errors: 3,
      rx_discards: 5,
      tx_octets: 2000,
      tx_unicast_packets: 200,
      tx_broadcast_packets: -1,
      tx_multicast_packets: -1,
      tx_errors: 4,
      tx_discards: 6,
    },
    Loopback0: expect.objectContaining({ rx_broadcast_packets: 7, rx_multicast_packets: -1, rx_octets: -1 }),
  });
});

const IPV4 = `Vlan1 is up, line protocol is up
  Internet address is 192.0.2.1/24
  Secondary address 192.0.2.129/25
Vlan2 is down, line protocol is down
  Internet protocol processing disabled
`;

test("an interface has its secondary addresses, and a link-local one of 10 bits", async () => {
  const ipv6 = `Vlan1 is up, line protocol is up
  IPv6 is enabled, link-local address is FE80::1
  Global unicast address(es):
    2001:DB8::1, subnet is 2001:DB8::/64
`;
  expect(await get(getInterfacesIp, { "show ip interface": IPV4, "show ipv6 interface": ipv6 })).toEqual({
    Vlan1: {
      ipv4: { "192.0.2.1": { prefix_length: 24 }, "192.0.2.129": { prefix_length: 25 } },
      ipv6: { "fe80::1": { prefix_length: 10 }, "2001:db8::1": { prefix_length: 64 } },
    },
  });
});

test("a device without IPv6 tells its IPv4 addresses", async () => {
  expect(await get(getInterfacesIp, { "show ip interface": IPV4 })).toMatchObject({ Vlan1: { ipv4: {} } });
});
