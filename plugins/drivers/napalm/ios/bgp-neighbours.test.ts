import fc from "fast-check";
import { expect, test } from "vitest";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getBgpNeighborsDetail } from "./bgp-neighbours-detail.ts";
import { bgpSeconds } from "./bgp-summary.ts";
import { get } from "./test-replies.ts";

const SUMMARY = `For address family: IPv4 Unicast
BGP router identifier 192.0.2.254, local AS number 65000
BGP table version is 5, main routing table version 5

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
192.0.2.1       4        65000    1020    1030        5    0    2 1d02h           7
192.0.2.2       4        65002       0       0        1    0    0 never    Idle (Admin)

For address family: IPv6 Unicast
BGP router identifier 192.0.2.254, local AS number 65000

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
2001:DB8:0:1::1
                4        65003      10      11        5    0    0 00:01:05        4
`;

const head = (address: string, as: number, state: string, description: string) =>
  `BGP neighbor is ${address},  remote AS ${as}, internal link
${description}  BGP version 4, remote router ID 192.0.2.9
  BGP state = ${state}
  Last read 00:00:00, last write 00:00:20, hold time is 90, keepalive interval is 30 seconds
    Four-octets ASN Capability: advertised and received
    Updates:               25        120
    Total:                100        200
`;
const family = (name: string, sent: number, received: number) => ` For address family: ${name}
  Route map for incoming advertisements is IN
                                 Sent       Rcvd
    Prefixes Current:               ${sent}          ${received} (Consumes 120 bytes)
    Used as bestpath:             n/a          3
    Used as multipath:            n/a          0
  Local Policy Denied Prefixes:    --------    -------
    Total:                                1          2
`;
const END = `  Connections established 2; dropped 1
  Last reset 12w2d, due to a test
Connection state is ESTAB, I/O status: 1, unread input bytes: 0
Local host: 192.0.2.254, Local port: 179
Foreign host: 192.0.2.1, Foreign port: 41000
`;

const NEIGHBOURS = {
  "show bgp all summary": SUMMARY,
  "show bgp ipv4 unicast neighbors": `${head("192.0.2.1", 65000, "Established, up for 1d02h", "  Description: core\n")}${family("IPv4 Unicast", 12, 7)}${END}${head("192.0.2.2", 65002, "Idle", "")}${family("IPv4 Unicast", 0, 0)}`,
  "show bgp ipv6 unicast neighbors": `${head("2001:DB8:0:1::1", 65003, "Established, up for 00:01:05", "")}${family("IPv6 Unicast", 3, 4)}`,
};

test("neighbours have the counts of their families; one that is down has none, and nobody's description but its own", async () => {
  expect(await get(getBgpNeighbors, NEIGHBOURS)).toEqual({
    global: {
      router_id: "192.0.2.254",
      peers: {
        "192.0.2.1": {
          local_as: 65000,
          remote_as: 65000,
          remote_id: "192.0.2.9",
          is_up: true,
          is_enabled: true,
          description: "core",
          uptime: 93_600,
          address_family: {
            "ipv4 unicast": { received_prefixes: 7, accepted_prefixes: 7, sent_prefixes: 12 },
          },
        },
        "192.0.2.2": expect.objectContaining({
          is_up: false,
          is_enabled: false,
          description: "",
          uptime: -1,
          address_family: {
            "ipv4 unicast": { received_prefixes: -1, accepted_prefixes: -1, sent_prefixes: -1 },
          },
        }),
        "2001:db8:0:1::1": expect.objectContaining({ remote_as: 65003, uptime: 65 }),
      },
    },
  });
});

test.each(["% BGP not active", "% Invalid input detected at '^' marker."])(
  "a device that says %j has no neighbours",
  async (summary) => {
    expect(await get(getBgpNeighbors, { "show bgp all summary": summary })).toEqual({});
  },
);

test("router identifiers that differ are not made one", async () => {
  const summary = SUMMARY.replace("identifier 192.0.2.254", "identifier 192.0.2.253");
  await expect(get(getBgpNeighbors, { ...NEIGHBOURS, "show bgp all summary": summary })).rejects.toThrow(
    "one router identifier",
  );
});

test("details tell the session and the neighbour's family", async () => {
  const text = `${head("192.0.2.1", 65000, "Established, up for 1d02h", "")}${family("IPv4 Unicast", 12, 7)}${END}`;
  const details = await get(
    getBgpNeighborsDetail,
    { "show ip bgp all sum": SUMMARY, "show ip bgp ipv4 unicast neigh 192.0.2.1": text },
    { neighbor_address: "192.0.2.1" },
  );
  expect(details).toEqual({
    global: {
      65000: [
        expect.objectContaining({
          up: true,
          router_id: "192.0.2.9",
          local_address: "192.0.2.254",
          local_port: 179,
          remote_port: 41_000,
          holdtime: 90,
          keepalive: 30,
          import_policy: "IN",
          input_messages: 200,
          output_updates: 25,
          messages_queued_out: 2,
          connection_state: "Established",
          last_event: "12w2d, due to a test",
          suppress_4byte_as: false,
          multipath: false,
          active_prefix_count: 3,
          accepted_prefix_count: 7,
          received_prefix_count: 9,
          suppressed_prefix_count: 2,
          advertised_prefix_count: 12,
          flap_count: 1,
        }),
      ],
    },
  });
});

test("where BGP is not active there are no details, where it is unknown the device has refused", async () => {
  expect(await get(getBgpNeighborsDetail, { "show ip bgp all sum": "% BGP not active\n" })).toEqual({});
  await expect(get(getBgpNeighborsDetail, {})).rejects.toMatchObject({ name: "CommandRefused" });
});

test("times of BGP are read in each of their forms, and nothing else is", () => {
  expect(["never", "00:14:23", "1d11h", "8w5d", "1y28w"].map(bgpSeconds)).toEqual([
    -1, 863, 126_000, 5_270_400, 48_470_400,
  ]);
  fc.assert(
    fc.property(fc.nat(99), fc.nat(59), fc.nat(59), (hours, minutes, seconds) => {
      const text = [hours, minutes, seconds].map((part) => String(part).padStart(2, "0")).join(":");
      expect(bgpSeconds(text)).toBe(hours * 3600 + minutes * 60 + seconds);
    }),
  );
  expect(() => bgpSeconds("soon")).toThrow("is not a time of BGP");
});
