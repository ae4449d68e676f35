import { expect, test } from "vitest";
import { getBgpConfig } from "./bgp-config.ts";
import { get } from "./test-replies.ts";

const CONFIG = `hostname r1
!
router bgp 65001
 bgp log-neighbor-changes
 neighbor CLIENTS peer-group
 neighbor CLIENTS remote-as 65001
 neighbor CLIENTS description route reflector clients
 neighbor CLIENTS update-source Loopback0
 neighbor CLIENTS ebgp-multihop 3
 neighbor LONELY peer-group
 neighbor 192.0.2.1 remote-as 65100
 neighbor 192.0.2.1 password 7 0822455D0A16
 neighbor 192.0.2.10 peer-group CLIENTS
 neighbor 2001:DB8::2 remote-as 1.10
 !
 address-family ipv4
  neighbor CLIENTS route-reflector-client
  neighbor CLIENTS route-map IN in
  neighbor 192.0.2.1 activate
  neighbor 192.0.2.1 next-hop-self
  neighbor 192.0.2.1 maximum-prefix 500 80 restart 10
  neighbor 192.0.2.10 activate
 exit-address-family
 !
 address-family ipv4 vrf RED
  neighbor 198.51.100.1 remote-as 65200
 exit-address-family
!
line con 0
`;
const limit = (count: number, threshold: number, timeout: number) => ({
  inet: { unicast: { limit: count, teardown: { threshold, timeout } } },
});

test("neighbours stand in their group, those without one in `_`; groups without any and VRFs are left out", async () => {
  const groups = await get(getBgpConfig, { "show running-config": CONFIG });
  expect(groups).toMatchObject({
    _: {
      local_as: 65001,
      neighbors: {
        "192.0.2.1": {
          remote_as: 65100,
          local_as: 65001,
          nhs: true,
          authentication_key: "0822455D0A16",
          prefix_limit: limit(500, 80, 10),
        },
        "2001:DB8::2": { remote_as: 65546, prefix_limit: {} },
      },
    },
    CLIENTS: {
      type: "internal",
      description: "route reflector clients",
      local_address: "Loopback0",
      import_policy: "IN",
      multihop_ttl: 3,
      prefix_limit: limit(0, 0, 0),
      neighbors: { "192.0.2.10": { remote_as: 0, nhs: false } },
    },
  });
  expect(Object.keys(groups as object)).toEqual(["_", "CLIENTS"]);
});

test("one address that begins like another is another neighbour", async () => {
  const only = await get(getBgpConfig, { "show running-config": CONFIG }, { neighbor: "192.0.2.1" });
  expect(only).toMatchObject({ _: { neighbors: { "192.0.2.1": {} } } });
  expect(JSON.stringify(only)).not.toContain("192.0.2.10");
});

test("a group can be asked for alone, and a device without BGP has none", async () => {
  const replies = { "show running-config": CONFIG };
  expect(Object.keys((await get(getBgpConfig, replies, { group: "CLIENTS" })) as object)).toEqual([
    "CLIENTS",
  ]);
  expect(await get(getBgpConfig, { "show running-config": "hostname r1\n" })).toEqual({});
});
