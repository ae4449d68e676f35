import { asNumber } from "../values/as-number.ts";
import { ipAddressOr } from "../values/ip-address.ts";
import { instanceName, routingInstances } from "./bgp-neighbours.ts";
import { listsBy } from "./grouped.ts";
import { type JunosGetter, rpc } from "./request.ts";
import { has, integer, is, table, text, texts, type Values, within } from "./rows.ts";

/** Sessions by routing instance and remote AS, of all neighbours or of one. */
export const getBgpNeighborsDetail: JunosGetter = function* ({ args }) {
  const address = String(args.neighbor_address ?? "");
  const found: [string, unknown][] = [];
  for (const instance of yield* routingInstances()) {
    const reply = yield* rpc("get-bgp-neighbor-information", {
      instance,
      ...(address !== "" && { "neighbor-address": address }),
    });
    const name = instanceName(instance);
    const models = neighbourTable(reply).map((one) => modelOf(one, name));
    if (models.length > 0) found.push([name, listsBy(models.map((one) => [String(one.remote_as), one]))]);
  }
  return Object.fromEntries(found);
};

function modelOf(one: Neighbour, routingTable: string) {
  const remoteAs = asNumber(one.remoteAs ?? "");
  const options = new Set(one.options.flatMap((text) => text.split(/\s+/)));
  const local = endpointOf(one.localAddress);
  const remote = endpointOf(one.peerAddress);
  return {
    up: one.isUp ?? false,
    local_as: asNumber(one.localAs ?? 0),
    remote_as: remoteAs,
    router_id: one.routerId ?? "",
    local_address: local.address,
    routing_table: routingTable,
    local_address_configured: options.has("AddressFamily"),
    local_port: local.port,
    remote_address: remote.address,
    remote_port: remote.port,
    multihop: options.has("Multihop"),
    multipath: options.has("Multipath"),
    remove_private_as: options.has("RemovePrivateAS"),
    import_policy: one.importPolicy ?? "",
    export_policy: one.exportPolicy ?? "",
    input_messages: one.inputMessages ?? -1,
    output_messages: one.outputMessages ?? -1,
    input_updates: one.inputUpdates ?? -1,
    output_updates: one.outputUpdates ?? -1,
    messages_queued_out: sum(one.queues.map(({ count }) => count)),
    connection_state: one.state ?? "",
    previous_connection_state: one.lastState ?? "",
    last_event: one.lastEvent ?? "",
    suppress_4byte_as: remoteAs !== (one.fourByteAs ?? 0),
    local_as_prepend: one.addPathNotSupported,
    holdtime: one.holdtime ?? 0,
    configured_holdtime: one.configuredHoldtime ?? 0,
    keepalive: one.keepalive ?? 0,
    configured_keepalive: one.keepalive ?? 0,
    ...countsOf(one.ribs),
    flap_count: one.flapCount ?? 0,
  };
}

const BGP_PORT = 179;

/** `192.0.2.1+50001`, where the port may be missing. */
function endpointOf(text: string | null): { address: string; port: number } {
  const [address = "", port] = (text ?? "").split("+");
  return { address: ipAddressOr(address, address), port: Number(port ?? BGP_PORT) };
}

/** Sums over the tables; -1 without any. */
function countsOf(ribs: readonly Values<typeof rib>[]) {
  const total = (name: keyof typeof rib) => (ribs.length === 0 ? -1 : sum(ribs.map((one) => one[name])));
  return {
    active_prefix_count: total("active"),
    received_prefix_count: total("received"),
    accepted_prefix_count: total("accepted"),
    suppressed_prefix_count: total("suppressed"),
    advertised_prefix_count: total("advertised"),
  };
}

function sum(numbers: readonly (number | null)[]): number {
  return numbers.reduce<number>((total, one) => total + (one ?? 0), 0);
}

const rib = {
  active: integer("active-prefix-count"),
  received: integer("received-prefix-count"),
  accepted: integer("accepted-prefix-count"),
  suppressed: integer("suppressed-prefix-count"),
  advertised: integer("advertised-prefix-count"),
};

const neighbour = {
  isUp: is("peer-state", "Established"),
  localAs: text("local-as"),
  remoteAs: text("peer-as"),
  routerId: text("peer-id"),
  localAddress: text("local-address"),
  peerAddress: text("peer-address"),
  options: texts("bgp-option-information/bgp-options"),
  importPolicy: text("bgp-option-information/import-policy"),
  exportPolicy: text("bgp-option-information/export-policy"),
  inputMessages: integer("input-messages"),
  outputMessages: integer("output-messages"),
  inputUpdates: integer("input-updates"),
  outputUpdates: integer("output-updates"),
  state: text("peer-state"),
  lastState: text("last-state"),
  lastEvent: text("last-event"),
  fourByteAs: integer("peer-4byte-as-capability-advertised"),
  addPathNotSupported: has("peer-addpath-not-supported"),
  holdtime: integer("active-holdtime"),
  configuredHoldtime: integer("bgp-option-information/holdtime"),
  keepalive: integer("keepalive-interval"),
  ribs: within("bgp-rib", rib),
  queues: within("bgp-output-queue", { count: integer("count") }),
  flapCount: integer("flap-count"),
};
type Neighbour = Values<typeof neighbour>;

const neighbourTable = table("bgp-peer", neighbour);
