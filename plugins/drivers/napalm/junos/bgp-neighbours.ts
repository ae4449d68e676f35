import { asNumber } from "../values/as-number.ts";
import { ipAddress } from "../values/ip-address.ts";
import { type Asking, type JunosGetter, rpc } from "./request.ts";
import { integer, is, table, text, texts, type Values, within } from "./rows.ts";

/** Sessions of each routing instance that has some, with the prefixes of its own tables; -1 where it has none. */
export const getBgpNeighbors: JunosGetter = function* () {
  const found: [string, unknown][] = [];
  for (const instance of yield* routingInstances()) {
    const neighbours = neighbourTable(yield* rpc("get-bgp-neighbor-information", { instance }));
    const uptimes = uptimesOf(uptimeTable(yield* rpc("get-bgp-summary-information", { instance })));
    const [first] = neighbours;
    if (!first) continue;
    const peers = neighbours.map((one) => {
      const address = remoteAddress(one.address);
      return [address, modelOf(one, instance, uptimes.get(address))] as const;
    });
    found.push([
      instanceName(instance),
      { router_id: first.routerId ?? "", peers: Object.fromEntries(peers) },
    ]);
  }
  return Object.fromEntries(found);
};

/** The routing instances by name, without those that Junos makes for itself. */
export function* routingInstances(): Asking<string[]> {
  const all = instances(yield* rpc("get-instance-information"));
  return all.flatMap(({ name }) => (name === null || name.startsWith("__") ? [] : [name]));
}

const instances = table("instance-core", { name: text("instance-name") });

/** NAPALM's name of a routing instance. */
export function instanceName(instance: string): string {
  return instance === "master" ? "global" : instance;
}

/** Address and port stand together: `192.0.2.1+179`. */
function remoteAddress(text: string | null): string {
  return ipAddress(text?.split("+")[0] ?? "");
}

function modelOf(one: Neighbour, instance: string, uptime: number | null | undefined) {
  const isUp = one.isUp ?? false;
  return {
    local_as: asNumber(one.localAs ?? 0),
    remote_as: asNumber(one.remoteAs ?? 0),
    remote_id: one.remoteId ?? "",
    is_up: isUp,
    is_enabled: !one.options.some((options) => /(?:^|\s)shutdown(?:\s|$)/i.test(options)),
    description: one.description ?? "",
    uptime: uptime ?? 0,
    address_family: { ...NO_ROUTES, ...(isUp && prefixesOf(one.ribs, instance)) },
  };
}

const none = { received_prefixes: -1, accepted_prefixes: -1, sent_prefixes: -1 };
const NO_ROUTES = { ipv4: none, ipv6: none };

/** Counts by family. Before a table is in sync nothing of it is sent. */
function prefixesOf(ribs: readonly Rib[], instance: string): Record<string, typeof none> {
  const found: Record<string, typeof none> = {};
  for (const { table, received, accepted, sent, state } of ribs) {
    const family = FAMILIES.get(familyOf(table ?? "", instance));
    if (family === undefined) continue;
    found[family] = {
      received_prefixes: received ?? 0,
      accepted_prefixes: accepted ?? 0,
      sent_prefixes: ribs.length > 1 && !state?.includes("in sync") ? 0 : (sent ?? 0),
    };
  }
  return found;
}

const FAMILIES = new Map([
  ["inet", "ipv4"],
  ["inet6", "ipv6"],
  ["inetflow", "flow"],
]);

/** `inet6` of `inet6.0` and, within an instance, of `blue.inet6.0`; what the main instance learned for another is not its own. */
function familyOf(table: string, instance: string): string {
  const parts = table.split(".").slice(0, -1);
  return (instance === "master" ? parts.join(".") : parts.at(-1)) ?? "";
}

function uptimesOf(rows: readonly { address: string | null; uptime: number | null }[]) {
  return new Map(
    rows.flatMap(({ address, uptime }) => (address === null ? [] : [[ipAddress(address), uptime] as const])),
  );
}

const uptimeTable = table("bgp-peer", {
  address: text("peer-address"),
  uptime: integer("elapsed-time/@seconds"),
});

const rib = {
  table: text("name"),
  received: integer("received-prefix-count"),
  accepted: integer("accepted-prefix-count"),
  sent: integer("advertised-prefix-count"),
  state: text("send-state"),
};
type Rib = Values<typeof rib>;

const neighbour = {
  address: text("peer-address"),
  localAs: text("local-as"),
  remoteAs: text("peer-as"),
  remoteId: text("peer-id"),
  routerId: text("local-id"),
  isUp: is("peer-state", "Established"),
  description: text("description"),
  options: texts("bgp-option-information/bgp-options-extended"),
  ribs: within("bgp-rib", rib),
};
type Neighbour = Values<typeof neighbour>;

const neighbourTable = table("bgp-peer", neighbour);
