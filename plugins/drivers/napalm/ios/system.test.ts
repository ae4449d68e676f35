import { expect, test } from "vitest";
import { getNtpPeers, getNtpServers, getNtpStats } from "./ntp.ts";
import { ping } from "./ping.ts";
import { getProbesConfig } from "./probes.ts";
import { getSnmpInformation, getUsers } from "./system.ts";
import { get, INVALID } from "./test-replies.ts";
import { traceroute } from "./traceroute.ts";

test("communities have mode and access list, and the device is asked for a chassis that is not configured", async () => {
  const config = `snmp-server community public RO 11
snmp-server community named view ALL RW ACL
snmp-server community bare
snmp-server enable traps
snmp-server location Room 1
`;
  const replies = { "show run | include snmp-server": config, "show snmp chassis": "FOX123\n" };
  expect(await get(getSnmpInformation, replies)).toEqual({
    community: {
      public: { mode: "ro", acl: "11" },
      named: { mode: "rw", acl: "ACL" },
      bare: { mode: "N/A", acl: "N/A" },
    },
    contact: "unknown",
    location: "Room 1",
    chassis_id: "FOX123",
  });
  const off = { "show run | include snmp-server": "", "show snmp chassis": "%SNMP agent not enabled\n" };
  expect(await get(getSnmpInformation, off)).toMatchObject({ chassis_id: "unknown", community: {} });
});

const USERS = `username ops privilege 15 secret 5 $1$abc$def.
username guest secret 9 $9$xyz
  username ops
   key-hash ssh-rsa 0123456789ABCDEF0123456789ABCDEF ops@host
   key-hash ssh-rsa FEDCBA9876543210FEDCBA9876543210
  username nobody
   key-hash ssh-rsa 00
`;
const OPS = {
  level: 15,
  password: "$1$abc$def.",
  sshkeys: ["ssh-rsa 0123456789ABCDEF0123456789ABCDEF ops@host", "ssh-rsa FEDCBA9876543210FEDCBA9876543210"],
};

test.each(["show run | section username", "show run | include username"])(
  "users have level, password and keys, by %s",
  async (command) => {
    expect(await get(getUsers, { [command]: USERS })).toEqual({
      ops: OPS,
      guest: { level: 1, password: "$9$xyz", sshkeys: [] },
    });
  },
);

const ASSOCIATIONS = `
  address         ref clock       st   when   poll reach  delay  offset   disp
*~192.0.2.1       .GPS.            1     54   1024   377  1.186   -0.12 18.659
 ~192.0.2.3       .INIT.          16      -     64     0  0.000   0.000 16000.
 * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured
`;

test("NTP associations say which one the clock follows", async () => {
  const replies = { "show ntp associations": ASSOCIATIONS };
  expect(await get(getNtpPeers, replies)).toEqual({ "192.0.2.1": {}, "192.0.2.3": {} });
  expect(await get(getNtpStats, replies)).toEqual([
    {
      remote: "192.0.2.1",
      referenceid: ".GPS.",
      synchronized: true,
      stratum: 1,
      type: "-",
      when: "54",
      hostpoll: 1024,
      reachability: 377,
      delay: 1.186,
      offset: -0.12,
      jitter: 18.659,
    },
    expect.objectContaining({ remote: "192.0.2.3", synchronized: false, jitter: 16_000 }),
  ]);
  expect(await get(getNtpStats, { "show ntp associations": "%NTP is not enabled.\n" })).toEqual([]);
});

test("NTP servers are those of the configuration, in VRFs too", async () => {
  const config = "ntp server 192.0.2.1 prefer\nntp server vrf RED 192.0.2.2\nntp server clock.example.net\n";
  expect(await get(getNtpServers, { "show run | include ntp server": config })).toEqual({
    "192.0.2.1": {},
    "192.0.2.2": {},
    "clock.example.net": {},
  });
});

test("probes are echo operations with a tag, their settings in any order", async () => {
  const config = `ip sla 1
 icmp-echo 192.0.2.1 source-ip 192.0.2.9
 tag gateway
 frequency 15
 history buckets-kept 60
ip sla 2
 tcp-connect 192.0.2.1 80
 tag web
 frequency 15
ip sla 3
 icmp-echo 192.0.2.3 source-interface Loopback0
 tag far away
 history lives-kept 1
 history buckets-kept 20
 frequency 3
`;
  const probe = (target: string, source: string, probe_count: number, test_interval: number) => ({
    probe_type: "icmp-ping",
    target,
    source,
    probe_count,
    test_interval,
  });
  expect(await get(getProbesConfig, { "show run | section ip sla [0-9]": config })).toEqual({
    1: { gateway: probe("192.0.2.1", "192.0.2.9", 60, 15) },
    3: { "far away": probe("192.0.2.3", "Loopback0", 20, 3) },
  });
});

test("ping counts what was lost; what the device refuses is an error of the ping", async () => {
  const command = "ping vrf RED 192.0.2.1 timeout 1 size 200 repeat 5 source Loopback0";
  const args = { destination: "192.0.2.1", vrf: "RED", timeout: 1, size: 200, source_interface: "Loopback0" };
  const said = `Sending 5, 200-byte ICMP Echos to 192.0.2.1, timeout is 1 seconds:
.!!!!
Success rate is 80 percent (4/5), round-trip min/avg/max = 1/2/4 ms
`;
  expect(await get(ping, { [command]: said }, args)).toEqual({
    success: {
      probes_sent: 5,
      packet_loss: 1,
      rtt_min: 1,
      rtt_avg: 2,
      rtt_max: 4,
      rtt_stddev: 0,
      results: Array.from({ length: 4 }, () => ({ ip_address: "192.0.2.1", rtt: 0 })),
    },
  });
  const lost = said.replace(".!!!!", ".....").replace("80 percent (4/5)", "0 percent (0/5)");
  expect(await get(ping, { [command]: lost }, args)).toMatchObject({
    success: { packet_loss: 5, rtt_min: 0, rtt_max: 0, results: [] },
  });
  expect(await get(ping, { [command]: "% Invalid source address\n" }, args)).toEqual({
    error: "% Invalid source address",
  });
});

test("a hop of a route has three probes or more, of as many routers as answered", async () => {
  const said = `Type escape sequence to abort.
Tracing the route to far.example.net (198.51.100.1)
VRF info: (vrf in name/id, vrf out name/id)
  1 192.0.2.1 [AS 65000] [MPLS: Labels 17/18 Exp 0] 14 msec 11 msec *
  2 *
    near.example.net (192.0.2.2) 5 msec !N
    192.0.2.3 6 msec 7 msec
`;
  const probe = (rtt: number, ip_address: string, host_name = ip_address) => ({ rtt, ip_address, host_name });
  const command = "traceroute 198.51.100.1 ttl 0 255 timeout 2";
  expect(await get(traceroute, { [command]: said }, { destination: "198.51.100.1" })).toEqual({
    success: {
      1: { probes: { 1: probe(14, "192.0.2.1"), 2: probe(11, "192.0.2.1"), 3: probe(0, "") } },
      2: {
        probes: {
          1: probe(0, ""),
          2: probe(5, "192.0.2.2", "near.example.net"),
          3: probe(6, "192.0.2.3"),
          4: probe(7, "192.0.2.3"),
        },
      },
    },
  });
});

test("a traceroute to nowhere is an error of its own; one that the device does not take is a refusal", async () => {
  const command = "traceroute nowhere ttl 0 255 timeout 2";
  const said = 'Translating "nowhere"...domain server (255.255.255.255)\n% Unrecognized host or address.\n';
  expect(await get(traceroute, { [command]: said }, { destination: "nowhere" })).toEqual({
    error: "unknown host nowhere",
  });
  await expect(get(traceroute, { [command]: INVALID }, { destination: "nowhere" })).rejects.toMatchObject({
    name: "CommandRefused",
  });
});
