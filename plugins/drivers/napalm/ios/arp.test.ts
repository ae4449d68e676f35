import { expect, test } from "vitest";
import { getArpTable, getIpv6NeighborsTable } from "./arp.ts";
import { get } from "./test-replies.ts";

const HEADING = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface";

test("an entry set by hand has no interface, one of the device itself no age", async () => {
  const table = `${HEADING}
Internet  192.0.2.1               8   0011.2233.4455  ARPA
Internet  192.0.2.2               -   0011.2233.4466  ARPA   Vlan20
`;
  expect(await get(getArpTable, { "show arp | exclude Incomplete": table })).toEqual([
    { interface: "", ip: "192.0.2.1", mac: "00:11:22:33:44:55", age: 8 },
    { interface: "Vlan20", ip: "192.0.2.2", mac: "00:11:22:33:44:66", age: -1 },
  ]);
});

test("the table of a VRF is asked for by its name", async () => {
  expect(
    await get(getArpTable, { "show arp vrf RED | exclude Incomplete": HEADING }, { vrf: "RED" }),
  ).toEqual([]);
});

test("what is no entry fails with the line, and a device without the command is no empty table", async () => {
  const table = `${HEADING}\nInternet  192.0.2.1  8  not-a-mac  ARPA  Vlan1\n`;
  await expect(get(getArpTable, { "show arp | exclude Incomplete": table })).rejects.toThrow("not-a-mac");
  await expect(get(getArpTable, {})).rejects.toMatchObject({ name: "CommandRefused" });
});

test("IPv6 neighbours are read below their heading, incomplete ones without an address", async () => {
  const table = `Load for five secs: 14%/1%; one minute: 11%; five minutes: 11%
Time source is NTP, 07:49:02.551 UTC Tue Nov 7 2017

IPv6 Address                              Age Link-layer Addr State Interface
2001:DB8::1                                 0 0011.2233.4455  REACH Gi0/1
2001:DB8::2                                 3 -               INCMP Gi0/1
`;
  expect(await get(getIpv6NeighborsTable, { "show ipv6 neighbors": table })).toEqual([
    { interface: "Gi0/1", mac: "00:11:22:33:44:55", ip: "2001:db8::1", age: 0, state: "REACH" },
    { interface: "Gi0/1", mac: "", ip: "2001:db8::2", age: 3, state: "INCMP" },
  ]);
});

test("a device without IPv6 has no IPv6 neighbours", async () => {
  expect(await get(getIpv6NeighborsTable, {})).toEqual([]);
});
