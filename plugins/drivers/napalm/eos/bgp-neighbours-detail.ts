import { z } from "zod";
import { ipAddress, ipAddressOr, ipVersion } from "../values/ip-address.ts";
import { type EosGetter, jsonOfEach, texts } from "./request.ts";

/** Neighbours by VRF and remote AS. Both routing processes of EOS, one agent or several, print what is read here. */
export const getBgpNeighborsDetail: EosGetter = function* ({ args: { neighbor_address = "" } }) {
  const only = String(neighbor_address);
  const families = only === "" ? ([4, 6] as const) : ([ipVersion(only)] as const);
  const peer = only === "" ? "" : `${only} `;
  const outputs = yield* texts(
    families.map((one) => `show ${one === 4 ? "ip bgp neighbors" : "ipv6 bgp peers"} ${peer}vrf all`),
  );
  const summaries = yield* jsonOfEach(
    families.map((one) => `show ip${one === 4 ? "" : "v6"} bgp summary vrf all`),
  );
  const neighbours = outputs.flatMap((output, index) => {
    const { vrfs } = summary.parse(summaries[index]);
    return output
      .split(/^(?=BGP neighbor is )/m)
      .filter(isNeighbour)
      .map((one) => neighbourOf(one, vrfs));
  });
  const byVrf = Map.groupBy(neighbours, (one) => one.routing_table);
  return Object.fromEntries(
    [...byVrf].map(([vrf, members]) => [
      vrf,
      Object.fromEntries(Map.groupBy(members, (one) => String(one.remote_as))),
    ]),
  );
};

const isNeighbour = (block: string) => block.startsWith("BGP neighbor is ");

function neighbourOf(block: string, vrfs: z.infer<typeof summary>["vrfs"]) {
  const word = (pattern: RegExp) => pattern.exec(block)?.[1] ?? "";
  const pair = (pattern: RegExp) => (pattern.exec(block) ?? []).slice(1, 3).map(Number);
  const [holdtime = 0, keepalive = 0] = pair(/^\s+Hold time is (\d+), keepalive interval is (\d+)/m);
  const [configured_holdtime = 0, configured_keepalive = 0] = pair(
    /^\s+Configured hold time is (\d+), keepalive interval is (\d+)/m,
  );
  const [output_updates = 0, input_updates = 0] = pair(/^\s+Updates:\s+(\d+)\s+(\d+)/m);
  const [output_messages = 0, input_messages = 0] = pair(/^\s+Total messages:\s+(\d+)\s+(\d+)/m);
  const [sent4 = 0, received4 = 0] = pair(/^\s+IPv4 Unicast:\s+(\d+)\s+(\d+)/m);
  const [sent6 = 0, received6 = 0] = pair(/^\s+IPv6 Unicast:\s+(\d+)\s+(\d+)/m);
  const local = word(/^Local TCP address is ([^\s,]+)/m);
  const vrf = word(/remote router ID \S+, VRF (\S+)/);
  const remote = ipAddress(word(/^BGP neighbor is ([^\s,]+)/));
  return {
    up: word(/^\s+BGP state is \w+, (\S+)/m) === "up",
    local_as: Number(word(/^Local AS is (\d+)/m)),
    remote_as: Number(word(/^BGP neighbor is \S+, remote AS (\d+)/)),
    router_id: ipAddress(word(/remote router ID ([^\s,]+)/)),
    local_address: ipAddressOr("", local),
    routing_table: vrf,
    local_address_configured: local !== "",
    local_port: Number(word(/, local port is (\d+)/)),
    remote_address: remote,
    remote_port: Number(word(/, remote port is (\d+)/)),
    multihop: Number(word(/^\s+Nexthop matches local IP address: (\d+)/m)) > 0,
    multipath: false,
    remove_private_as: false,
    import_policy: word(/^\s+Inbound route map is (\S+)/m),
    export_policy: word(/^\s+Outbound route map is (\S+)/m),
    input_messages,
    output_messages,
    input_updates,
    output_updates,
    messages_queued_out: Number(word(/^\s+(?:OutQ depth is |Send-Q:\s+)(\d+)/m)),
    connection_state: word(/^\s+BGP state is (\w+)/m),
    previous_connection_state: word(/^\s+Last state was (\S+)/m),
    last_event: word(/^\s+Last event was (\S+)/m),
    suppress_4byte_as: false,
    local_as_prepend: false,
    holdtime,
    configured_holdtime,
    keepalive,
    configured_keepalive,
    active_prefix_count: 0,
    received_prefix_count: received4 + received6,
    accepted_prefix_count: vrfs[vrf]?.peers[remote]?.prefixAccepted ?? 0,
    suppressed_prefix_count: 0,
    advertised_prefix_count: sent4 + sent6,
    flap_count: 0,
  };
}

const summary = z.object({
  vrfs: z.record(
    z.string(),
    z.object({ peers: z.record(z.string(), z.object({ prefixAccepted: z.number().default(0) })) }),
  ),
});
