import { pluginErrors } from "../../../../src/plugin/index.ts";
import { ipaddress } from "../../../../src/python/index.ts";
import { asNumber } from "../values/as-number.ts";
import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { bgpSeconds } from "./bgp-summary.ts";
import { type Asking, columns, type IosGetter, integer, output, outputOrRefusal } from "./request.ts";

/** Routes to an IPv4 prefix in all VRFs; to an address, the ones that lead to it. */
export const getRouteTo: IosGetter = function* ({ args }) {
  const { destination, protocol = "", longer = false } = args;
  const { prefix, mask, wanted } = destinationOf(String(destination), longer === true);
  const vrfs = [...(yield* vrfNames()).toSorted(), DEFAULT];
  const tables: [string, string][] = [];
  for (const vrf of vrfs) {
    const within = vrf === DEFAULT ? "" : `vrf ${vrf} `;
    tables.push([vrf, yield* output(`show ip route ${within}${prefix}${mask}`)]);
  }
  const routes = new Map<string, unknown[]>(mask === "" ? [] : [[wanted, []]]);
  for (const [vrf, table] of tables) {
    const kind = /Known via "([a-z]+)[ "]/.exec(table)?.[1];
    if (kind === undefined) continue;
    const key = mask === "" ? (/Routing entry for ([\d.]+\/\d+)/.exec(table)?.[1] ?? wanted) : wanted;
    const entries = routes.get(key) ?? [];
    routes.set(key, entries);
    if (protocol !== "" && protocol !== kind) continue;
    for (const hop of hopsOf(table)) {
      const protocol_attributes = kind === "bgp" ? yield* bgpAttributes(wanted, vrf) : {};
      entries.push({ ...routeOf(kind, vrf, hop), protocol_attributes });
    }
  }
  return Object.fromEntries(routes);
};

const DEFAULT = "default";

/** The network and its mask as the command takes them; without a mask for an address. */
function destinationOf(text: string, longer: boolean) {
  const missing = (what: string) =>
    pluginErrors.NotImplemented({ what: `${what} on platform ios`, driver: "napalm" });
  if (longer) throw missing("get_route_to with longer prefixes");
  const network = networkOf(text);
  if (network.version !== 4) throw missing("get_route_to for IPv6");
  const mask = text.includes("/") ? ` ${network.netmask().str()}` : "";
  return { prefix: network.networkAddress().str(), mask, wanted: text };
}

function networkOf(text: string) {
  try {
    return ipaddress.ipNetwork(text);
  } catch {
    throw new InvalidValue("an IP address or prefix", text);
  }
}

/** VRFs with IPv4; old releases have no other. */
function* vrfNames(): Asking<string[]> {
  const vrfs = yield* outputOrRefusal("show vrf");
  const [text, row] =
    vrfs === undefined
      ? [(yield* outputOrRefusal("show ip vrf")) ?? "", /^ {2}(\S+)/]
      : [vrfs, /^ {2}(\S+) +(?:<not set>|\S+) +(?:\S+,)?ipv4\b/];
  // The heading lost its indentation with the space around the output.
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => row.exec(line)?.[1] ?? []);
}

interface Hop {
  readonly address: string;
  readonly age: string | undefined;
  readonly outgoing: string;
  readonly metric: string;
}

/** `* 192.0.2.1, from 192.0.2.1, 1w6d ago, via Gi0/1`, or `* directly connected, via Vlan2`; the metric on a line below. */
function hopsOf(table: string): Hop[] {
  const hops: Hop[] = [];
  let hop: Omit<Hop, "metric"> | undefined;
  for (const line of table.split("Routing Descriptor Blocks:")[1]?.split("\n") ?? []) {
    const [, address, age, outgoing = ""] = NEXT_HOP.exec(line) ?? [];
    const connected = /directly connected.*, via (\S+)/.exec(line)?.[1];
    const metric = /^ +Route metric is (\d+)/.exec(line)?.[1];
    if (address !== undefined) hop = { address, age, outgoing };
    else if (connected !== undefined) hop = { address: "", age: undefined, outgoing: connected };
    else if (metric !== undefined && hop) {
      hops.push({ ...hop, metric });
      hop = undefined;
    }
  }
  return hops;
}

const IP = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const NEXT_HOP = new RegExp(
  `^ {2}[* ] (${IP})(?: [()\\w.-]+)?(?:, from ${IP}, (?:([\\dywdh:]+) ago)?)?(?:,? ?via (\\S+))?`,
);

function routeOf(protocol: string, vrf: string, hop: Hop) {
  return {
    protocol,
    outgoing_interface: canonicalInterfaceName(hop.outgoing),
    age: hop.age === undefined ? UNKNOWN_AGE : bgpSeconds(hop.age),
    current_active: true,
    last_active: true,
    routing_table: vrf,
    next_hop: hop.address,
    selected_next_hop: true,
    inactive_reason: "",
    preference: integer(hop.metric),
  };
}

const UNKNOWN_AGE = -1;

/** What BGP knows about the best path. */
function* bgpAttributes(destination: string, vrf: string): Asking<Record<string, unknown>> {
  const protocols = yield* output("show ip protocols | include bgp");
  const localAs = asNumber(/Routing Protocol is "bgp ([\d.]+)/.exec(protocols)?.[1] ?? "");
  const table = vrf === DEFAULT ? "show ip bgp" : `show ip bgp vpnv4 vrf ${vrf}`;
  const best = pathsOf(yield* output(`${table} ${destination}`)).findLast((path) => path.includes("best"));
  if (best === undefined) return {};
  const word = (pattern: RegExp) => pattern.exec(best)?.[1] ?? "";
  const asPath = word(AS_PATH).trim();
  const nextHop = word(new RegExp(`^ {4}(${IP})`, "m"));
  const neighbour = yield* output(`${table} neighbors | include is ${nextHop}`);
  const peerAs = /remote AS ([\d.]+)/.exec(neighbour)?.[1];
  const communities = [word(/ {2}Community: ([\w: -]+)/), word(/Extended Community: ([\w: -]+)/)];
  return {
    as_path: asPath,
    remote_address: word(new RegExp(`from (${IP})`)),
    communities: communities.flatMap(columns),
    local_preference: integer(word(/localpref (\d+)/), "a local preference"),
    local_as: localAs,
    remote_as: asNumber(peerAs ?? (best.includes("external") ? (/\d+/.exec(asPath)?.[0] ?? "") : localAs)),
  };
}

const AS_PATH = /^ {2}([\d()][\d() ]*|Local)/m;

/** Paths to a prefix; old releases do not number their refreshes, and each path begins with its AS numbers. */
function pathsOf(text: string): string[] {
  const paths = text.includes("Refresh Epoch")
    ? text.split("Refresh Epoch")
    : text.split(/^(?= {2}(?:[\d(][\d) ]+|Local))/m);
  return paths.slice(1);
}
