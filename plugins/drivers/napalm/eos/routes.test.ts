import { expect, test } from "vitest";
import { getRouteTo } from "./routes.ts";
import { modelled } from "./test-replies.ts";

const PREFIX = "10.0.0.0/8";
const routes = (route: object, more: object = {}, args = {}, words = "  ") =>
  modelled(
    "get_route_to",
    getRouteTo,
    {
      "show vrf": { vrfs: { default: {} } },
      [`show ip route vrf default ${PREFIX}${words} detail`]: {
        vrfs: { default: { routes: { [PREFIX]: route } } },
      },
      ...more,
    },
    { destination: PREFIX, ...args },
  );

test("each next hop of a route is an entry; one without a gateway has its interface only", async () => {
  const vias = [{ nexthopAddr: "192.0.2.1", interface: "Ethernet1" }, { interface: "Vlan5" }, {}];
  expect(await routes({ routeType: "static", preference: 1, vias })).toMatchObject({
    [PREFIX]: [
      { protocol: "static", preference: 1, next_hop: "192.0.2.1", outgoing_interface: "Ethernet1" },
      { next_hop: "", outgoing_interface: "Vlan5" },
      { next_hop: "", outgoing_interface: null },
    ],
  });
});

test("a route that drops goes to NULL; one that is not in force is not active", async () => {
  const route = { routeType: "static", routeAction: "drop", routingDisabled: true, vias: [] };
  expect(await routes(route)).toMatchObject({ [PREFIX]: [{ next_hop: "NULL", current_active: false }] });
});

test("`direct` is what EOS calls connected; longer prefixes are asked for by its own word", async () => {
  const route = { routeType: "connected", vias: [{ interface: "Vlan5" }] };
  const asked = await routes(route, {}, { protocol: "direct", longer: true }, " longer-prefixes connected");
  expect(asked).toMatchObject({ [PREFIX]: [{ protocol: "connected" }] });
});

const path = (more: object) => ({
  asPathEntry: { asPath: "65001 65002 i", asPathType: "External" },
  nextHop: "192.0.2.1",
  routeType: { active: true },
  routeDetail: { peerEntry: { peerAddr: "192.0.2.1" }, communityList: ["65000:1"] },
  localPreference: 100,
  weight: 0,
  ...more,
});
const bgpRoutes = (paths: readonly object[], vias: readonly object[]) =>
  routes(
    { routeType: "eBGP", preference: 200, metric: 0, vias },
    {
      [`show ip bgp ${PREFIX}  vrf default`]: {
        vrfs: { default: { asn: "65000", bgpRouteEntries: { [PREFIX]: { bgpRoutePaths: paths } } } },
      },
    },
  );

test("a route of BGP has an entry for each path; one that is not in use has no interface", async () => {
  const idle = path({ nextHop: "192.0.2.9", routeType: {}, reasonNotBestpath: "asPathLength" });
  const via = { nexthopAddr: "192.0.2.1", interface: "Ethernet1" };
  expect(await bgpRoutes([path({}), idle], [via])).toMatchObject({
    [PREFIX]: [
      {
        outgoing_interface: "Ethernet1",
        current_active: true,
        protocol_attributes: { local_as: 65000, remote_as: 65002, communities: ["65000:1"] },
      },
      { outgoing_interface: null, current_active: false, inactive_reason: "asPathLength" },
    ],
  });
});

test("a path over VXLAN leaves by the tunnel's interface; what EOS does not tell is null", async () => {
  const local = path({ asPathEntry: { asPath: "i", asPathType: "Internal" }, weight: undefined });
  expect(await bgpRoutes([local], [{ vtepAddr: "192.0.2.1" }])).toMatchObject({
    [PREFIX]: [
      { outgoing_interface: "vxlan1", protocol_attributes: { remote_as: 65000, preference2: null } },
    ],
  });
});
