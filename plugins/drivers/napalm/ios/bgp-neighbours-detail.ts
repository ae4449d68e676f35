import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress } from "../values/ip-address.ts";
import { type SummaryRow, summaryRows } from "./bgp-summary.ts";
import { type IosGetter, output } from "./request.ts";

/** Neighbours by VRF and remote AS. Nothing where BGP is not active. */
export const getBgpNeighborsDetail: IosGetter = function* ({ args: { neighbor_address: only = "" } }) {
  const summary = yield* output("show ip bgp all sum");
  const vrfs = new Map<string, Record<string, Details[]>>();
  for (const row of summaryRows(summary)) {
    if (only !== "" && ipAddress(row.address) !== ipAddress(String(only))) continue;
    const family = FAMILIES[row.family];
    if (family === undefined) throw new InvalidValue("a known address family of BGP", row.family);
    const details = detailsOf(row, yield* output(`show ip bgp ${family} neigh ${row.address}`));
    const neighbours = vrfs.get(details.routing_table) ?? {};
    vrfs.set(details.routing_table, neighbours);
    neighbours[details.remote_as] = [...(neighbours[details.remote_as] ?? []), details];
  }
  return Object.fromEntries(vrfs);
};

/** How commands call an address family. */
const FAMILIES: Readonly<Record<string, string>> = {
  "IPv4 Unicast": "ipv4 unicast",
  "IPv6 Unicast": "ipv6 unicast",
  "VPNv4 Unicast": "vpnv4 all",
  "VPNv6 Unicast": "vpnv6 unicast all",
  "IPv4 Multicast": "ipv4 multicast",
  "IPv6 Multicast": "ipv6 multicast",
  "IPv4 MDT": "ipv4 mdt all",
  "L2VPN E-VPN": "l2vpn evpn",
  "MVPNv4 Unicast": "ipv4 mvpn all",
  "MVPNv6 Unicast": "ipv6 mvpn all",
  "VPNv4 Flowspec": "ipv4 flowspec",
  "VPNv6 Flowspec": "ipv6 flowspec",
};

type Details = ReturnType<typeof detailsOf>;

/** The output has a head for the session, a part for each address family, and an end that begins with the connection's state. */
function detailsOf(row: SummaryRow, text: string) {
  const [session = "", ...families] = text.split(/^ *For address family: /m);
  const family = families.find((part) => part.startsWith(row.family)) ?? families[0] ?? "";
  const word = (pattern: RegExp, within = text) => pattern.exec(within)?.[1] ?? "";
  const pair = (pattern: RegExp, within: string) => (pattern.exec(within) ?? []).slice(1, 3).map(Number);
  const [holdtime = 0, keepalive = 0] = pair(
    /^ +Last read .*, last write .*, hold time is (\d+), keepalive interval is (\d+) seconds/m,
    session,
  );
  const [output_updates = 0, input_updates = 0] = pair(/^ +Updates:\s+(\d+)\s+(\d+)/m, session);
  const [output_messages = 0, input_messages = 0] = pair(/^ +Total:\s+(\d+)\s+(\d+)/m, session);
  const [sent = 0, accepted = 0] = pair(/^ +Prefixes Current:\s+(\d+)\s+(\d+)/m, family);
  const [, rejected = 0] = pair(/^ +Total:\s+(\d+)\s+(\d+)/m, family);
  const fourByte = word(/^ +Four-octets ASN Capability:\s+(.*)$/m, session);
  const [id, local] = [
    word(/^ +BGP version 4, remote router ID (\S+)/m),
    word(/^Local host: (.*), Local port:/m),
  ];
  const [, address, vrf] =
    /^BGP neighbor is ([^\s,]+),(?:\s+vrf ([^\s,]+),)?\s+remote AS/m.exec(session) ?? [];
  if (address === undefined)
    throw new InvalidValue(`the details of BGP neighbour ${row.address}`, text.slice(0, 80));
  const reset = families.length > 0 ? word(/^ +Last reset (.*)$/m) : "";
  return {
    up: row.upDown !== "never",
    local_as: row.localAs,
    remote_as: row.remoteAs,
    router_id: id && ipAddress(id),
    local_address: local && ipAddress(local),
    local_address_configured: text.includes("(peering address in same link)"),
    local_port: Number(word(/^Local host: .*, Local port: (\d+)/m)),
    routing_table: vrf ?? "global",
    remote_address: ipAddress(address),
    remote_port: Number(word(/^Foreign host: .*, Foreign port: (\d+)/m)),
    multihop: false,
    multipath: Number(word(/^ +Used as multipath:\s+\S+\s+(\d+)/m, family)) > 0,
    remove_private_as: false,
    import_policy: word(/^ +Route map for incoming advertisements is (\S+)/m, family),
    export_policy: word(/^ +Route map for outgoing advertisements is (\S+)/m, family),
    input_messages,
    output_messages,
    input_updates,
    output_updates,
    messages_queued_out: row.queuedOut,
    connection_state: word(/^ +BGP state = (\w+)/m, session),
    previous_connection_state: "",
    last_event: reset === "never" ? "" : reset,
    suppress_4byte_as: fourByte !== "" && fourByte !== "advertised and received",
    local_as_prepend: false,
    holdtime,
    configured_holdtime: 0,
    keepalive,
    configured_keepalive: 0,
    active_prefix_count: Number(word(/^ +Used as bestpath:\s+\S+\s+(\d+)/m, family)),
    received_prefix_count: accepted + rejected,
    accepted_prefix_count: accepted,
    suppressed_prefix_count: rejected,
    advertised_prefix_count: sent,
    flap_count: Number(word(/^ +Connections established\s+\d+;\s+dropped\s+(\d+)/m)),
  };
}
