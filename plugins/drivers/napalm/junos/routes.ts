import { listsBy } from "./grouped.ts";
import { type JunosGetter, rpc } from "./request.ts";
import { has, integer, table, text, texts, type Values } from "./rows.ts";

/** The routes to a prefix, a model for each next hop. */
export const getRouteTo: JunosGetter = function* ({ args }) {
  const destination = String(args.destination ?? "");
  const asked = String(args.protocol ?? "").toLowerCase();
  const protocol = asked === "connected" ? "direct" : asked;
  const reply = yield* rpc("get-route-information", {
    extensive: true,
    ...(destination !== "" && { destination }),
    ...(protocol !== "" && { protocol }),
  });
  return listsBy(
    routeTable(reply).flatMap((one) => {
      const own = one.protocol?.toLowerCase() ?? "";
      if (protocol !== "" && own !== protocol) return [];
      return [[`${one.destination ?? ""}/${one.length ?? 32}`, modelOf(one, own)] as const];
    }),
  );
};

function modelOf(one: Route, protocol: string) {
  return {
    protocol: one.protocol ?? "",
    current_active: one.currentActive,
    last_active: one.lastActive,
    age: one.age ?? -1,
    next_hop: one.nextHop ?? "",
    outgoing_interface: one.outgoingInterface ?? "",
    selected_next_hop: one.selected,
    preference: one.preference ?? -1,
    inactive_reason: one.inactiveReason ?? "",
    routing_table: one.routingTable ?? "",
    protocol_attributes: ATTRIBUTES[protocol]?.(one) ?? {},
  };
}

/** What a protocol's routes have besides. */
const ATTRIBUTES: Readonly<Record<string, (one: Route) => object>> = {
  bgp: (one) => ({
    local_as: one.localAs,
    remote_as: one.remoteAs,
    as_path: one.asPath === null ? null : asPathOf(one.asPath),
    communities: one.communities.length > 0 ? one.communities : null,
    local_preference: one.localPreference,
    preference2: one.preference2,
    remote_address: one.remoteAddress,
    metric: one.metric,
    metric2: one.metric2,
  }),
  isis: (one) => ({ level: one.level, metric: one.metric, local_as: one.localAs }),
};

/** The numbers of `AS path: 64501 64502 I`. */
function asPathOf(text: string): string {
  return (text.split(" I ")[0] ?? "").replaceAll("AS path:", "").replaceAll("I", "").trim();
}

const route = {
  destination: text("../../rt-destination"),
  length: integer("../../rt-prefix-length"),
  protocol: text("../protocol-name"),
  currentActive: has("../current-active"),
  lastActive: has("../last-active"),
  age: integer("../age/@seconds"),
  nextHop: text("to"),
  outgoingInterface: text("via"),
  selected: has("selected-next-hop"),
  preference: integer("../preference"),
  inactiveReason: text("../inactive-reason"),
  routingTable: text("../../../table-name"),
  asPath: text("../as-path"),
  localAs: integer("../local-as"),
  remoteAs: integer("../peer-as"),
  localPreference: integer("../local-preference"),
  communities: texts("../communities/community"),
  preference2: integer("../preference2"),
  remoteAddress: text("../peer-id"),
  metric: integer("../metric"),
  metric2: integer("../metric2"),
  level: integer("../rt-isis-level"),
};
type Route = Values<typeof route>;

const routeTable = table("route-table/rt/rt-entry/nh", route);
