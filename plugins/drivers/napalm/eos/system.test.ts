import { expect, test } from "vitest";
import { getNtpServers, getNtpStats } from "./ntp.ts";
import { getConfig, getSnmpInformation, getUsers } from "./system.ts";
import { modelled } from "./test-replies.ts";

test("users have the keys that are keys; what is not told is empty", async () => {
  const users = {
    admin: {
      username: "admin",
      privLevel: 15,
      secret: "$6$x",
      sshAuthorizedKey: "ssh-rsa AAAA admin@host",
    },
    guest: { username: "guest", sshAuthorizedKey: "no key" },
  };
  expect(await modelled("get_users", getUsers, { "show users accounts": { users } })).toEqual({
    admin: { level: 15, password: "$6$x", sshkeys: ["ssh-rsa AAAA admin@host"] },
    guest: { level: 0, password: "", sshkeys: [] },
  });
});

test("quotes around texts of SNMP are the configuration's; communities have their access and list", async () => {
  const replies = {
    "show snmp v2-mib chassis": { chassisId: "S1" },
    "show snmp v2-mib location": { location: '"room 1"' },
    "show snmp v2-mib contact": {},
    "show running-config | section snmp-server community":
      "snmp-server community one ro\nsnmp-server community two view V rw ipv6 SIX FOUR\n",
  };
  expect(await modelled("get_snmp_information", getSnmpInformation, replies)).toEqual({
    chassis_id: "S1",
    location: "room 1",
    contact: "",
    community: { one: { acl: "", mode: "ro" }, two: { acl: "FOUR", mode: "rw" } },
  });
});

test("only what is asked for is read; secrets leave the startup configuration here, the running one on the device", async () => {
  const replies = {
    "show running-config": "running\n",
    "show running-config all sanitized": "sanitized\n",
    "show startup-config": "username admin secret sha512 $6$abc\n",
  };
  const config = (args: object) => modelled("get_config", getConfig, replies, { ...args });
  expect(await config({ retrieve: "running" })).toEqual({
    running: "running\n",
    startup: "",
    candidate: "",
  });
  const sanitized = await config({ full: true, sanitized: true });
  expect(sanitized).toMatchObject({ running: "sanitized\n" });
  expect(JSON.stringify(sanitized)).not.toContain("$6$abc");
  expect(await config({ retrieve: "candidate" })).toEqual({ running: "", startup: "", candidate: "" });
  await expect(config({ retrieve: "saved" })).rejects.toThrow("not a configuration to retrieve");
});

const INTERFACES = {
  "show ip interface": {
    interfaces: {
      Loopback0: { interfaceAddress: { primaryIp: { address: "192.0.2.9", maskLen: 32 } } },
    },
  },
  "show ipv6 interface": {
    interfaces: { Loopback0: { addresses: [{ address: "2001:db8::9", subnet: "2001:db8::/64" }] } },
  },
};

test("servers of NTP have their options; the source is an address of the interface, of the server's family", async () => {
  const lines = [
    "ntp local-interface Management1",
    "ntp trusted-key 7",
    "",
    "ntp server vrf MGMT 192.0.2.1 prefer iburst version 3 key 7",
    "ntp server 2001:db8::1 local-interface Loopback0",
    "ntp server ntp.example.net local-interface Loopback0",
    "ntp server 192.0.2.2 local-interface Loopback9",
  ];
  const replies = { "show running-config | section ntp": lines.join("\n"), ...INTERFACES };
  const got = await modelled("get_ntp_servers", getNtpServers, replies);
  expect(got).toMatchObject({
    "192.0.2.1": { prefer: true, iburst: true, version: 3, key_id: 7, network_instance: "MGMT" },
    "2001:db8::1": { source_address: "2001:db8::9", key_id: -1, version: 4, network_instance: "default" },
    "ntp.example.net": { source_address: "192.0.2.9" },
    "192.0.2.2": { source_address: "" },
  });
  expect(Object.keys(got as object)).toHaveLength(4);
});

test("associations of NTP are read below the table's head", async () => {
  const output = `     remote           refid      st t when  poll reach   delay   offset  jitter
==============================================================================
*192.0.2.1       198.51.100.1     2 u  5m   64  377    1.250   -0.004   0.061
 192.0.2.2       .INIT.          16 u   -  1024    0    0.000    0.000   0.000
`;
  expect(await modelled("get_ntp_stats", getNtpStats, { "show ntp associations": output })).toMatchObject([
    { remote: "192.0.2.1", synchronized: true, stratum: 2, when: "5m", reachability: 377, offset: -0.004 },
    { remote: "192.0.2.2", synchronized: false, referenceid: ".INIT.", hostpoll: 1024 },
  ]);
});
