import { z } from "zod";
import { asNumber } from "../values/as-number.ts";
import { ipAddress, ipAddressOr, ipVersion } from "../values/ip-address.ts";
import { type EosGetter, json, jsonOfEach } from "./request.ts";

/** The routes to a prefix in every VRF; for those of BGP each path with its attributes. */
export const getRouteTo: EosGetter = function* ({ args }) {
  const { destination = "", protocol = "", longer = false } = args;
  const family = ipVersion(String(destination).split("/")[0] ?? "") === 6 ? "v6" : "";
  const wanted = String(protocol).toLowerCase() === "direct" ? "connected" : String(protocol);
  const longest = longer ? "longer-prefixes" : "";
  const names = Object.keys((yield* json("show vrf", vrfNames)).vrfs).toSorted();
  const replies = yield* jsonOfEach(
    names.map((vrf) => `show ip${family} route vrf ${vrf} ${destination} ${longest} ${wanted} detail`),
  );
  const found = new Map<string, unknown[]>();
  for (const [index, vrf] of names.entries()) {
    const reply = routeReply.parse(replies[index]);
    const routes = Object.entries((family === "v6" ? reply.routes : reply.vrfs[vrf]?.routes) ?? {});
    const isBgp = ({ routeType }: Route) => wanted === "bgp" || /^[ei]bgp$/i.test(routeType);
    const bgp = routes.some(([, route]) => isBgp(route))
      ? (yield* json(`show ip${family} bgp ${destination} ${longest} vrf ${vrf}`, bgpReply)).vrfs[vrf]
      : undefined;
    for (const [prefix, route] of routes) {
      const models = isBgp(route) ? bgpPaths(vrf, prefix, route, bgp) : nextHops(vrf, route);
      found.set(prefix, [...(found.get(prefix) ?? []), ...models]);
    }
  }
  return Object.fromEntries(found);
};

function baseOf(vrf: string, route: Route) {
  return {
    current_active: true,
    last_active: true,
    age: 0,
    next_hop: "",
    protocol: route.routeType,
    outgoing_interface: "",
    preference: route.preference,
    inactive_reason: "",
    routing_table: vrf,
    selected_next_hop: true,
    protocol_attributes: {},
  };
}

function nextHops(vrf: string, route: Route) {
  const active = !route.routingDisabled;
  const base = { ...baseOf(vrf, route), current_active: active, last_active: active };
  if (route.vias.length === 0) return [{ ...base, next_hop: route.routeAction === "drop" ? "NULL" : "" }];
  return route.vias.map(({ nexthopAddr, interface: outgoing_interface = null }) => ({
    ...base,
    next_hop: nexthopAddr === undefined ? "" : ipAddress(nexthopAddr),
    outgoing_interface,
  }));
}

function bgpPaths(vrf: string, prefix: string, route: Route, bgp: BgpVrf | undefined) {
  const interfaces = new Map(
    route.vias.map(({ vtepAddr, nexthopAddr, interface: name }) =>
      vtepAddr === undefined ? [ipAddressOr("", nexthopAddr), name] : [ipAddress(vtepAddr), "vxlan1"],
    ),
  );
  return (bgp?.bgpRouteEntries[prefix]?.bgpRoutePaths ?? []).map((path) => {
    const { asPath, asPathType } = path.asPathEntry;
    const localAs = asNumber(bgp?.asn ?? 0);
    const isOwn = ["Internal", "Local"].includes(asPathType);
    const next_hop = ipAddress(path.nextHop);
    const active = path.routeType.active;
    return {
      ...baseOf(vrf, route),
      current_active: active,
      last_active: active,
      selected_next_hop: active,
      inactive_reason: path.reasonNotBestpath,
      next_hop,
      outgoing_interface: interfaces.get(next_hop) ?? null,
      protocol_attributes: {
        metric: route.metric ?? null,
        as_path: asPath,
        local_preference: path.localPreference ?? null,
        local_as: localAs,
        remote_as: isOwn ? localAs : originOf(asPath),
        remote_address: ipAddress(path.routeDetail.peerEntry?.peerAddr ?? path.peerEntry?.peerAddr ?? ""),
        preference2: path.weight ?? null,
        communities: path.routeDetail.communityList,
      },
    };
  });
}

/** The last AS of a path such as `(64512) 64513 i`. */
function originOf(asPath: string): number {
  const numbers = asPath
    .replace(/^[()]+|[()]+$/g, "")
    .replace(/[ie?]+$/, "")
    .trim()
    .split(/\s+/);
  return asNumber(numbers.at(-1) ?? "");
}

const vrfNames = z.object({ vrfs: z.record(z.string(), z.unknown()) });
const via = z.object({
  nexthopAddr: z.string().optional(),
  vtepAddr: z.string().optional(),
  interface: z.string().optional(),
});
const route = z.object({
  routeType: z.string(),
  preference: z.number().default(0),
  metric: z.number().optional(),
  routeAction: z.string().optional(),
  routingDisabled: z.boolean().default(false),
  vias: z.array(via),
});
type Route = z.infer<typeof route>;
const routes = z.record(z.string(), route).optional();
const routeReply = z.object({
  routes,
  vrfs: z.record(z.string(), z.object({ routes })).default({}),
});
const peer = z.object({ peerAddr: z.string().optional() }).optional();
const path = z.object({
  asPathEntry: z
    .looseObject({ asPath: z.string().default(""), asPathType: z.string().default("") })
    .prefault({}),
  routeType: z.object({ active: z.boolean().default(false) }).prefault({}),
  routeDetail: z
    .looseObject({ peerEntry: peer, communityList: z.array(z.string()).default([]) })
    .prefault({}),
  peerEntry: peer,
  nextHop: z.string(),
  localPreference: z.number().optional(),
  weight: z.number().optional(),
  reasonNotBestpath: z.string().default(""),
});
const bgpVrf = z.object({
  asn: z.union([z.string(), z.number()]),
  bgpRouteEntries: z.record(z.string(), z.object({ bgpRoutePaths: z.array(path).default([]) })).default({}),
});
type BgpVrf = z.infer<typeof bgpVrf>;
const bgpReply = z.object({ vrfs: z.record(z.string(), bgpVrf).default({}) });
