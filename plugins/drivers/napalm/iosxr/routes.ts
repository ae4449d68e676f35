import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { type RoutePaths, type RouteQuery, routeQuery, routesOf } from "../cisco-xr/routes.ts";
import { CommandRefused } from "../getter.ts";
import { type Asking, get, type XrGetter } from "./request.ts";

export const getRouteTo: XrGetter = function* ({ args }) {
  const query = routeQuery(args);
  const reply = yield* routeReply(query);
  return routesOf(reply.all(".//Route"), paths, query.protocol);
};

/** Releases differ in what they call a table of routes; the other name is refused. */
function* routeReply(query: RouteQuery): Asking<XmlElement> {
  try {
    return yield* tableOf("IP_RIBRoute", query);
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    return yield* tableOf("IP_RIBRouteTableName", query);
  }
}

function tableOf(table: string, { version, network, length }: RouteQuery): Asking<XmlElement> {
  return get(`Operational/${version === 6 ? "IPV6_RIB" : "RIB"}/VRFTable/VRF`, {
    "Naming/VRFName": "default",
    "AFTable/AF": {
      "Naming/AFName": `IPv${version}`,
      "SAFTable/SAF": {
        "Naming/SAFName": "Unicast",
        [`IP_RIBRouteTable/${table}`]: {
          "Naming/RouteTableName": "default",
          "RouteTable/Route/Naming": {
            Address: network,
            ...(length !== undefined && { PrefixLength: length }),
          },
        },
      },
    },
  });
}

const paths: RoutePaths = {
  protocol: "ProtocolName",
  prefix: "Prefix",
  length: "PrefixLength",
  priority: "Priority",
  age: "RouteAge",
  hops: "RoutePath/Entry",
  nextHop: "Address",
  interface: "InterfaceName",
};
