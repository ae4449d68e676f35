import { expect, test } from "vitest";
import { ping } from "./ping.ts";
import { modelled } from "./test-replies.ts";
import { traceroute } from "./traceroute.ts";

const COMMAND = "ping 192.0.2.1 timeout 2 size 100 repeat 5";
const pinged = (output: string, command = COMMAND, args = {}) =>
  modelled("ping", ping, { "cli vrf MGMT": "", [command]: output }, { destination: "192.0.2.1", ...args });

test("answers, refusals of routers and cut answers are results; statistics are those of the device", async () => {
  const output = `PING 192.0.2.1 (192.0.2.1) 72(100) bytes of data.
80 bytes from 192.0.2.1: icmp_seq=1 ttl=64 time=0.5 ms
80 bytes from dns.example (192.0.2.1): icmp_seq=2 ttl=64 time=12 ms
From 198.51.100.1 icmp_seq=3 Destination Host Unreachable
72 bytes from 192.0.2.1: icmp_seq=4 ttl=64 (truncated)

--- 192.0.2.1 ping statistics ---
5 packets transmitted, 2 received, +1 errors, 60% packet loss, time 40ms
rtt min/avg/max/mdev = 0.500/6.250/12.000/5.750 ms
`;
  expect(await pinged(output)).toEqual({
    success: {
      probes_sent: 5,
      packet_loss: 3,
      rtt_min: 0.5,
      rtt_avg: 6.25,
      rtt_max: 12,
      rtt_stddev: 5.75,
      results: [
        { ip_address: "192.0.2.1", rtt: 0.5 },
        { ip_address: "192.0.2.1", rtt: 12 },
        { ip_address: "198.51.100.1", rtt: 0 },
        { ip_address: "192.0.2.1", rtt: 0 },
      ],
    },
  });
});

test("source, interface and VRF are the device's own words", async () => {
  const command = `${COMMAND} source 192.0.2.2 interface Loopback0`;
  const args = { source: "192.0.2.2", source_interface: "Loopback0", vrf: "MGMT" };
  expect(await pinged("PING", command, args)).toMatchObject({ success: { probes_sent: 0, results: [] } });
});

test("what was never sent is the device's error", async () => {
  for (const output of ["connect: Network is unreachable\n", "ping: unknown host leaf9\n"])
    expect(await pinged(output)).toEqual({ error: output });
});

test("hops have three probes; one without an address went the way of the one before it", async () => {
  const output = `traceroute to 192.0.2.1 (192.0.2.1), 255 hops max, 60 byte packets
 1  spine1 (198.51.100.1)  0.5 ms  0.6 ms  0.7 ms
 2  * * *
`;
  const command = "bash timeout 510 traceroute 192.0.2.1  -m 255 -w 2";
  const got = await modelled("traceroute", traceroute, { [command]: output }, { destination: "192.0.2.1" });
  const spine = { host_name: "spine1", ip_address: "198.51.100.1" };
  const silent = { host_name: "*", ip_address: "*", rtt: 2000 };
  expect(got).toEqual({
    success: {
      1: { probes: { 1: { ...spine, rtt: 0.5 }, 2: { ...spine, rtt: 0.6 }, 3: { ...spine, rtt: 0.7 } } },
      2: { probes: { 1: silent, 2: silent, 3: silent } },
    },
  });
});
