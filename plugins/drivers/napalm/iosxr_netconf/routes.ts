import { type RoutePaths, routeQuery, routesOf } from "../cisco-xr/routes.ts";
import { get, type XrNetconfGetter } from "./request.ts";

export const getRouteTo: XrNetconfGetter = function* ({ args }) {
  const { version, network, length = "0", protocol } = routeQuery(args);
  const rib = version === 6 ? "ipv6-rib" : "rib";
  const data = yield* get(`Cisco-IOS-XR-ip-rib-ipv${version}-oper:${rib}/vrfs/vrf`, {
    "vrf-name": "default",
    "afs/af": {
      "af-name": `IPv${version}`,
      "safs/saf": {
        "saf-name": "Unicast",
        "ip-rib-route-table-names/ip-rib-route-table-name": {
          "route-table-name": "default",
          "routes/route": { address: network, "prefix-length": length },
        },
      },
    },
  });
  const routes = data.all(
    `.//${rib}/vrfs/vrf/afs/af/safs/saf/ip-rib-route-table-names/ip-rib-route-table-name/routes/route`,
  );
  return routesOf(routes, { ...paths, hops: `.//route-path/ipv${version}-rib-edm-path` }, protocol);
};

const paths: Omit<RoutePaths, "hops"> = {
  protocol: "protocol-name",
  prefix: "prefix",
  length: "prefix-length-xr",
  priority: "priority",
  age: "route-age",
  nextHop: "address",
};
