import { expect, test } from "vitest";
import { getFacts } from "./facts.ts";
import { getNetworkInstances } from "./network-instances.ts";
import { get } from "./test-replies.ts";

const version = (software: string) => `${software}
Technical Support: http://www.cisco.com/techsupport

r1 uptime is 1 year, 3 weeks, 1 day, 5 hours, 1 minute
Uptime for this control processor is 1 year, 3 weeks
cisco ASR1002 (2RU) processor (revision 2KP) with 1679763K/6147K bytes of memory.
Processor board ID FOX1448GRAB
`;
const BRIEF = `Any interface listed with OK? value "NO" does not have a valid configuration

Interface              IP-Address      OK? Method Status                Protocol
GigabitEthernet0/0/0   192.0.2.1       YES NVRAM  up                    up
Vlan2                  unassigned      YES unset  up                    up
`;

test.each([
  [
    "Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE4",
    "C2960 Software (C2960-LANBASEK9-M), Version 15.0(2)SE4",
  ],
  ["Cisco IOS Software [Denali], CSR1000V Software, Version 16.3.1", "CSR1000V Software, Version 16.3.1"],
  ["IOS (tm) C2950 Software (C2950-I6-M), Version 12.1(22)", "C2950 Software (C2950-I6-M), Version 12.1(22)"],
])("facts of %s", async (software, os_version) => {
  const replies = {
    "show version": version(software),
    "show hosts": "Default domain is example.net\nName/address lookup uses static mappings\n",
    "show ip interface brief": BRIEF,
  };
  expect(await get(getFacts, replies)).toEqual({
    vendor: "Cisco",
    os_version,
    uptime: 365 * 86_400 + 3 * 604_800 + 86_400 + 5 * 3600 + 60,
    serial_number: "FOX1448GRAB",
    model: "ASR1002",
    hostname: "r1",
    fqdn: "r1.example.net",
    interface_list: ["GigabitEthernet0/0/0", "Vlan2"],
  });
});

test("a device without a domain has no full name", async () => {
  const replies = {
    "show version": version("Cisco IOS Software, X"),
    "show hosts": "Default domain is not set\n",
    "show ip interface brief": BRIEF,
  };
  expect(await get(getFacts, replies)).toMatchObject({ fqdn: "Unknown" });
});

const VRFS = `VRF RED (VRF Id = 1); default RD 65000:1; default VPNID <not set>
  New CLI format, supports multiple address-families
  Interfaces:
    Vl2
Address family ipv4 unicast (Table ID = 0x1):
  VRF label allocation mode: per-prefix

VRF BLUE; default RD <not set>; default VPNID <not set>
  No interfaces
Address family ipv4 not active
`;

test("an interface of a VRF is none of the default one's", async () => {
  const replies = { "show vrf detail": VRFS, "show ip interface brief": BRIEF };
  const instance = (name: string, type: string, route_distinguisher: string, names: string[]) => ({
    name,
    type,
    state: { route_distinguisher },
    interfaces: { interface: Object.fromEntries(names.map((one) => [one, {}])) },
  });
  expect(await get(getNetworkInstances, replies)).toEqual({
    default: instance("default", "DEFAULT_INSTANCE", "", ["GigabitEthernet0/0/0"]),
    RED: instance("RED", "L3VRF", "65000:1", ["Vlan2"]),
    BLUE: instance("BLUE", "L3VRF", "", []),
  });
  expect(Object.keys((await get(getNetworkInstances, replies, { name: "RED" })) as object)).toEqual(["RED"]);
  await expect(get(getNetworkInstances, replies, { name: "GREEN" })).rejects.toThrow("GREEN");
});

test("a device without VRFs has the default one alone", async () => {
  expect(await get(getNetworkInstances, { "show ip interface brief": BRIEF })).toMatchObject({
    default: { interfaces: { interface: { "GigabitEthernet0/0/0": {}, Vlan2: {} } } },
  });
});
