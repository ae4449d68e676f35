import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { ipVersion } from "../values/ip-address.ts";
import { integer } from "./fields.ts";

/** What `get_route_to` is asked for. */
export interface RouteQuery {
  readonly network: string;
  /** Absent: the route to the address. */
  readonly length?: string;
  readonly version: 4 | 6;
  /** In the device's words; empty: any. */
  readonly protocol: string;
}

/** Throws InvalidValue for a destination that is no address or prefix. */
export function routeQuery({
  destination = "",
  protocol = "",
}: Readonly<Record<string, unknown>>): RouteQuery {
  const [network = "", length] = String(destination).split("/");
  const wanted = String(protocol).toLowerCase();
  return {
    network,
    ...(length !== undefined && { length }),
    version: ipVersion(network),
    protocol: wanted === "direct" ? "connected" : wanted,
  };
}

/** Where the fields of a route stand. */
export interface RoutePaths {
  readonly protocol: string;
  readonly prefix: string;
  readonly length: string;
  readonly priority: string;
  readonly age: string;
  readonly hops: string;
  readonly nextHop: string;
  /** Absent: not told. */
  readonly interface?: string;
}

/** Routes by prefix, an entry for each next hop; the first one is the active one. */
export function routesOf(routes: readonly XmlElement[], paths: RoutePaths, wanted: string) {
  const model: Record<string, ReturnType<typeof routeEntry>[]> = {};
  for (const route of routes) {
    const protocol = route.value(paths.protocol).toLowerCase();
    if (wanted !== "" && protocol !== wanted) continue;
    const prefix = `${route.value(paths.prefix)}/${route.value(paths.length)}`;
    const entries = route
      .all(paths.hops)
      .map((hop, index) => routeEntry(route, hop, paths, protocol, index === 0));
    model[prefix] = [...(model[prefix] ?? []), ...entries];
  }
  return model;
}

function routeEntry(route: XmlElement, hop: XmlElement, paths: RoutePaths, protocol: string, first: boolean) {
  return {
    protocol,
    current_active: first,
    last_active: false,
    age: integer(route, paths.age),
    next_hop: hop.value(paths.nextHop),
    outgoing_interface: paths.interface === undefined ? "" : hop.value(paths.interface),
    preference: integer(route, paths.priority),
    selected_next_hop: false,
    inactive_reason: "",
    routing_table: "default",
    protocol_attributes: {},
  };
}
