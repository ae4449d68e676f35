import { expect, test } from "vitest";
import { getConfig } from "./config.ts";
import { getLldpNeighbors, getLldpNeighborsDetail } from "./lldp.ts";
import { ping } from "./ping.ts";
import { getSnmpInformation } from "./snmp.ts";
import { answered } from "./test-replies.ts";
import { traceroute } from "./traceroute.ts";
import { getUsers } from "./users.ts";

const LLDP = `Capability codes:
  (R) Router, (B) Bridge

Chassis id: 0014.1c57.a48b
Port id: Gi0/1
Local Port id: mgmt0
Port Description: null
System Name: not advertised
System Description: first line
second line
System Capabilities: B, R
Enabled Capabilities: R

Chassis id: 5087.89a1.d8d6
Port id: Ethernet1/1
Local Port id: Eth1/1
Port Description: not advertised
System Name: N/A
Enabled Capabilities: not advertised
Total entries displayed: 2
`;

test("LLDP neighbours stand by the full name of the own port; what is not advertised is empty", async () => {
  expect(await answered(getLldpNeighborsDetail, { "show lldp neighbors detail": LLDP })).toMatchObject({
    Management0: [
      {
        remote_system_name: "",
        remote_system_description: "first line",
        remote_system_capab: ["bridge", "router"],
        remote_system_enable_capab: ["router"],
      },
    ],
    "Ethernet1/1": [
      { remote_port: "Ethernet1/1", remote_port_description: "", remote_system_enable_capab: [] },
    ],
  });
  expect(await answered(getLldpNeighbors, { "show lldp neighbors detail": LLDP })).toEqual({
    Management0: [{ port: "Gi0/1", hostname: "" }],
    "Ethernet1/1": [{ port: "Ethernet1/1", hostname: "5087.89a1.d8d6" }],
  });
});

test("one port may be asked for", async () => {
  const replies = { "show lldp neighbors interface Eth1/1 detail": "Total entries displayed: 0\n" };
  expect(await answered(getLldpNeighborsDetail, replies, { interface: "Eth1/1" })).toEqual({});
});

test("a configuration stands without the command and the time, and on demand without secrets", async () => {
  const running =
    "\n!Command: show running-config\n!Time: Thu Dec 15 18:05:42 2026\n\nversion 9.3(8)\nsnmp-server community S3cret ro\n";
  const replies = { "show running-config all": running, "show running-config": running };
  expect(await answered(getConfig, replies, { retrieve: "running", full: true })).toEqual({
    running: "version 9.3(8)\nsnmp-server community S3cret ro",
    startup: "",
    candidate: "",
  });
  expect(await answered(getConfig, replies, { retrieve: "running", sanitized: true })).toMatchObject({
    running: "version 9.3(8)\nsnmp-server community <removed>",
  });
});

test("a user has the highest of his levels and his own keys", async () => {
  const config = [
    "username admin password 5 $5$abc  role network-admin",
    "username ops password 5 !  role priv-7",
    "username ops role network-operator",
    "username ops sshkey ssh-rsa AAAAB3 ops@lab",
    "username ops passphrase  lifetime 99999",
  ].join("\n");
  expect(await answered(getUsers, { "show running-config": config })).toEqual({
    admin: { password: "$5$abc", level: 15, sshkeys: [] },
    ops: { password: "!", level: 7, sshkeys: ["AAAAB3 ops@lab"] },
  });
});

test("group and access list of a community stand in lines of their own", async () => {
  const config = [
    "snmp-server contact noc",
    "snmp-server location lab 1",
    "snmp-server community public group network-operator",
    "snmp-server community public use-acl MGMT",
  ].join("\n");
  expect(await answered(getSnmpInformation, { "show running-config": config })).toEqual({
    chassis_id: "",
    contact: "noc",
    location: "lab 1",
    community: { public: { acl: "MGMT", mode: "network-operator" } },
  });
});

const PING = `PING 10.0.0.1 (10.0.0.1): 56 data bytes
64 bytes from 10.0.0.1: icmp_seq=0 ttl=57 time=18.411 ms
Request 1 timed out

--- 10.0.0.1 ping statistics ---
2 packets transmitted, 1 packets received, 50.00% packet loss
round-trip min/avg/max = 18.411/18.411/18.411 ms
`;

test("a ping has its answers and its losses", async () => {
  const replies = { "ping 10.0.0.1 timeout 1 packet-size 56 count 2 source lo0 vrf red": PING };
  const args = {
    destination: "10.0.0.1",
    timeout: 1,
    size: 56,
    count: 2,
    source_interface: "lo0",
    vrf: "red",
  };
  expect(await answered(ping, replies, args)).toEqual({
    success: {
      probes_sent: 2,
      packet_loss: 1,
      rtt_min: 18.411,
      rtt_avg: 18.411,
      rtt_max: 18.411,
      rtt_stddev: 0,
      results: [{ ip_address: "10.0.0.1", rtt: 18.411 }],
    },
  });
});

test("IPv6 has a command of its own, and what stops a ping is its error", async () => {
  const replies = {
    "ping6 2001:db8::1 timeout 2 packet-size 100 count 5": "connect: Network is unreachable",
  };
  expect(await answered(ping, replies, { destination: "2001:db8::1" })).toEqual({
    error: "connect: Network is unreachable",
  });
});

test("a probe without an address went the way of the one before; a lost one took the time that is waited", async () => {
  const output = " 1  gw.lab (10.0.0.1)  0.7 ms  0.8 ms *\n      [Label=1 E=4 TTL=1 S=1]\n 2  * * *\n";
  const lost = { host_name: "*", ip_address: "*", rtt: 5000 };
  expect(
    await answered(
      traceroute,
      { "traceroute 8.8.8.8 vrf red": output },
      { destination: "8.8.8.8", vrf: "red" },
    ),
  ).toEqual({
    success: {
      1: {
        probes: {
          1: { host_name: "gw.lab", ip_address: "10.0.0.1", rtt: 0.7 },
          2: { host_name: "gw.lab", ip_address: "10.0.0.1", rtt: 0.8 },
          3: lost,
        },
      },
      2: { probes: { 1: lost, 2: lost, 3: lost } },
    },
  });
});

test("a traceroute that the device refuses says so", async () => {
  expect(await answered(traceroute, {}, { destination: "8.8.8.8" })).toEqual({
    error: "Cannot execute traceroute on the device: traceroute 8.8.8.8",
  });
});
