import { expect, test } from "vitest";
import { getBgpConfig } from "./bgp-config.ts";
import { getBgpNeighbors } from "./bgp-neighbours.ts";
import { getBgpNeighborsDetail } from "./bgp-neighbours-detail.ts";
import { modelled } from "./test-replies.ts";

const config = (lines: readonly string[], args = {}) =>
  modelled(
    "get_bgp_config",
    getBgpConfig,
    { "show running-config | section router bgp": lines.join("\n") },
    args,
  );

test("a neighbour has its group's settings as they stand where it joins, and its own after that", async () => {
  const lines = [
    "router bgp 65000",
    "   neighbor SPINES peer group",
    "   neighbor SPINES remote-as 65001",
    "   neighbor SPINES route-map RM-IN in",
    "   neighbor SPINES password 7 abc",
    "   neighbor 192.0.2.1 peer group SPINES",
    "   neighbor 192.0.2.1 description to spine1",
    "   neighbor 192.0.2.1 ebgp-multihop 3",
    "   no neighbor 192.0.2.1 route-map out",
  ];
  expect(await config(lines)).toMatchObject({
    SPINES: {
      remote_as: 65001,
      local_as: 65000,
      authentication_key: "abc",
      neighbors: {
        "192.0.2.1": {
          remote_as: 65001,
          import_policy: "RM-IN",
          export_policy: "",
          description: "to",
          authentication_key: "",
          multihop_ttl: 3,
        },
      },
    },
    _: { neighbors: {} },
  });
});

test("neighbours without a group stand in `_`, one with a scope too; the old words for groups are known", async () => {
  const lines = [
    "router bgp 65000.7",
    "   neighbor fe80::1%Et1 remote-as 65002",
    "   neighbor 192.0.2.2 peer-group LEAFS",
  ];
  const got = await config(lines);
  expect(got).toMatchObject({
    _: { local_as: 65000 * 65536 + 7, neighbors: { "fe80::1%Et1": { remote_as: 65002 } } },
    LEAFS: { neighbors: { "192.0.2.2": { remote_as: 0 } } },
  });
});

test("only the group that was asked for has its settings; without BGP there is nothing", async () => {
  const lines = ["router bgp 65000", "neighbor A remote-as 1", "neighbor B remote-as 2"];
  expect(Object.keys((await config(lines, { group: "B" })) as object)).toEqual(["B", "_"]);
  expect(await config([""])).toEqual({});
});

const peer = {
  peerAddress: "192.0.2.1",
  localAsn: "65000",
  asn: "65001",
  routerId: "10.0.0.1",
  state: "Established",
  establishedTime: 12.7,
  prefixesReceived: 5,
  prefixesSent: 6,
  v6PrefixesReceived: 0,
  v6PrefixesSent: 0,
};
const summary = (peers: object) => ({ vrfs: { default: { routerId: "10.0.0.9", peers } } });
const neighbours = (one: object, four: object = summary({})) =>
  modelled("get_bgp_neighbors", getBgpNeighbors, {
    "show ip bgp summary vrf all": four,
    "show ipv6 bgp summary vrf all": summary({}),
    "show ip bgp neighbors vrf all": { vrfs: { default: { peerList: [one] } } },
    "show ipv6 bgp peers vrf all": { vrfs: {} },
  });

test("the default VRF is called global; accepted prefixes come from the summary", async () => {
  const four = summary({ "192.0.2.1": { prefixAccepted: 4 } });
  expect(await neighbours(peer, four)).toMatchObject({
    global: {
      router_id: "10.0.0.9",
      peers: {
        "192.0.2.1": {
          is_up: true,
          uptime: 12,
          address_family: { ipv4: { accepted_prefixes: 4, received_prefixes: 5, sent_prefixes: 6 } },
        },
      },
    },
  });
});

test("a neighbour is disabled only where somebody shut it down", async () => {
  const idle = { ...peer, state: "Idle", establishedTime: undefined };
  const shut = { ...idle, idleReason: "Administratively shut down" };
  const enabled = (reply: object) => ({
    global: { peers: { "192.0.2.1": { is_enabled: reply !== shut, is_up: false, uptime: -1 } } },
  });
  expect(await neighbours(idle)).toMatchObject(enabled(idle));
  expect(await neighbours(shut)).toMatchObject(enabled(shut));
});

const BLOCK = `BGP neighbor is 192.0.2.1, remote AS 65001, external link
  BGP version 4, remote router ID 10.0.0.1, VRF BLUE
  Hold time is 180, keepalive interval is 60 seconds
  Configured hold time is 30, keepalive interval is 10 seconds
  BGP state is Established, up for 1d02h
  Last state was OpenConfirm
  Last event was RecvKeepAlive
                         Sent      Rcvd
    Updates:               5         7
    Total messages:       55        77
    IPv4 Unicast:          3         4
    IPv6 Unicast:          1         2
  Inbound route map is RM-IN
Local AS is 65000, local router ID 10.0.0.9
  Nexthop matches local IP address: 1
  Send-Q: 3/0
Local TCP address is 192.0.2.0, local port is 179
Remote TCP address is 192.0.2.1, remote port is 40001
`;

const details = (output: string, args = {}) =>
  modelled(
    "get_bgp_neighbors_detail",
    getBgpNeighborsDetail,
    {
      "show ip bgp neighbors vrf all": output,
      "show ipv6 bgp peers vrf all": "",
      "show ip bgp neighbors 192.0.2.1 vrf all": output,
      "show ip bgp summary vrf all": { vrfs: { BLUE: { peers: { "192.0.2.1": { prefixAccepted: 2 } } } } },
      "show ipv6 bgp summary vrf all": { vrfs: {} },
    },
    args,
  );

test("details of a neighbour stand under its VRF and remote AS", async () => {
  const expected = {
    BLUE: {
      65001: [
        {
          up: true,
          local_as: 65000,
          holdtime: 180,
          configured_keepalive: 10,
          input_messages: 77,
          output_updates: 5,
          messages_queued_out: 3,
          received_prefix_count: 6,
          advertised_prefix_count: 4,
          accepted_prefix_count: 2,
          local_port: 179,
          remote_port: 40001,
          multihop: true,
          connection_state: "Established",
          import_policy: "RM-IN",
          export_policy: "",
        },
      ],
    },
  };
  expect(await details(BLOCK)).toMatchObject(expected);
  expect(await details(BLOCK, { neighbor_address: "192.0.2.1" })).toMatchObject(expected);
});

test("a neighbour that is not up has no local address and no time of its own", async () => {
  const down = BLOCK.replace("Established, up for 1d02h", "Active").replace(/^Local TCP.*\n/m, "");
  expect(await details(down)).toMatchObject({
    BLUE: {
      65001: [{ up: false, connection_state: "Active", local_address: "", local_address_configured: false }],
    },
  });
  expect(await details("")).toEqual({});
});
