import { expect, test } from "vitest";
import { getRouteTo } from "./routes.ts";
import { get } from "./test-replies.ts";

const VRFS = `  Name                             Default RD            Protocols   Interfaces
  RED                              65000:1               ipv4        Gi0/1
                                                                     Gi0/2
  SIX                              <not set>             ipv6        Gi0/3
`;
const NONE = "% Network not in table\n";
const ospf = `Routing entry for 10.1.0.0/16
  Known via "ospf 1", distance 110, metric 20, type intra area
  Routing Descriptor Blocks:
  * 192.0.2.2, from 192.0.2.3, 00:10:11 ago, via GigabitEthernet2
      Route metric is 20, traffic share count is 1
    192.0.2.6, from 192.0.2.3, 1w6d ago, via Te0/1
      Route metric is 20, traffic share count is 1
`;

test("an address has the routes of the prefix that leads to it, with each next hop", async () => {
  const replies = {
    "show vrf": VRFS,
    "show ip route vrf RED 10.1.2.3": NONE,
    "show ip route 10.1.2.3": ospf,
  };
  const hop = (next_hop: string, outgoing_interface: string, age: number) =>
    expect.objectContaining({
      protocol: "ospf",
      next_hop,
      outgoing_interface,
      age,
      routing_table: "default",
    });
  expect(await get(getRouteTo, replies, { destination: "10.1.2.3" })).toEqual({
    "10.1.0.0/16": [
      hop("192.0.2.2", "GigabitEthernet2", 611),
      hop("192.0.2.6", "TenGigabitEthernet0/1", 1_123_200),
    ],
  });
  expect(await get(getRouteTo, replies, { destination: "10.1.2.3", protocol: "bgp" })).toEqual({
    "10.1.0.0/16": [],
  });
});

const bgp = `Routing entry for 10.1.0.0/16
  Known via "bgp 65000", distance 20, metric 0
  Routing Descriptor Blocks:
  * 192.0.2.9, from 192.0.2.9, 2w0d ago
      Route metric is 0, traffic share count is 1
`;
const paths = (epoch: string) => `BGP routing table entry for 10.1.0.0/16, version 46
Paths: (2 available, best #2, table default)
${epoch}  65300 65400
    192.0.2.8 from 192.0.2.8 (192.0.2.8)
      Origin IGP, localpref 90, valid, external
${epoch}  65100 65200, (received & used)
    192.0.2.9 from 192.0.2.9 (192.0.2.9)
      Origin IGP, localpref 100, valid, external, best
      Community: 65100:1 no-export
      Extended Community: RT:65000:2
`;

test.each(["  Refresh Epoch 1\n", ""])(
  "a route of BGP has what is known of its best path, refreshes numbered (%j) or not",
  async (epoch) => {
    const replies = {
      "show ip vrf": "  Name       Default RD      Interfaces\n",
      "show ip route 10.1.0.0 255.255.0.0": bgp,
      "show ip protocols | include bgp": 'Routing Protocol is "bgp 65000"\n',
      "show ip bgp 10.1.0.0/16": paths(epoch),
      "show ip bgp neighbors | include is 192.0.2.9":
        "BGP neighbor is 192.0.2.9,  remote AS 65100, external link\n",
    };
    expect(await get(getRouteTo, replies, { destination: "10.1.0.0/16", protocol: "bgp" })).toEqual({
      "10.1.0.0/16": [
        {
          protocol: "bgp",
          outgoing_interface: "",
          age: 1_209_600,
          current_active: true,
          last_active: true,
          routing_table: "default",
          next_hop: "192.0.2.9",
          selected_next_hop: true,
          inactive_reason: "",
          preference: 0,
          protocol_attributes: {
            as_path: "65100 65200",
            remote_address: "192.0.2.9",
            communities: ["65100:1", "no-export", "RT:65000:2"],
            local_preference: 100,
            local_as: 65_000,
            remote_as: 65_100,
          },
        },
      ],
    });
  },
);

test("a connected route has no next hop and no age", async () => {
  const connected = `Routing entry for 192.0.2.0/24
  Known via "connected", distance 0, metric 0 (connected, via interface)
  Routing Descriptor Blocks:
  * directly connected, via GigabitEthernet0/1
      Route metric is 0, traffic share count is 1
`;
  const replies = { "show vrf": "heading\n", "show ip route 192.0.2.1": connected };
  expect(await get(getRouteTo, replies, { destination: "192.0.2.1" })).toMatchObject({
    "192.0.2.0/24": [{ next_hop: "", age: -1, outgoing_interface: "GigabitEthernet0/1" }],
  });
});

test.each([
  [{ destination: "10.0.0.0/8", longer: true }, "NotImplemented"],
  [{ destination: "2001:db8::/32" }, "NotImplemented"],
])("%j is refused before anything is asked", async (args, code) => {
  await expect(get(getRouteTo, {}, args)).rejects.toMatchObject({ code });
});
