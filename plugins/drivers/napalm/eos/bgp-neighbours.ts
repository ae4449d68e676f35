import { z } from "zod";
import { asNumber } from "../values/as-number.ts";
import { ipAddress } from "../values/ip-address.ts";
import { type EosGetter, jsonOfEach } from "./request.ts";

export const getBgpNeighbors: EosGetter = function* () {
  const replies = yield* jsonOfEach([
    "show ip bgp summary vrf all",
    "show ipv6 bgp summary vrf all",
    "show ip bgp neighbors vrf all",
    "show ipv6 bgp peers vrf all",
  ]);
  const [summary4, summary6, peers4, peers6] = bgp.parse(replies);
  const vrfs = new Map<string, { router_id?: string; peers: Record<string, unknown> }>();
  const vrfOf = (name: string) => {
    const vrf = vrfs.get(name) ?? { peers: {} };
    vrfs.set(name, vrf);
    return vrf;
  };
  for (const [name, { peerList }] of [...Object.entries(peers4.vrfs), ...Object.entries(peers6.vrfs)]) {
    const { peers } = vrfOf(name);
    for (const peer of peerList) {
      const address = ipAddress(peer.peerAddress);
      const accepted = [summary4, summary6].map(
        ({ vrfs }) => vrfs[name]?.peers[address]?.prefixAccepted ?? 0,
      );
      peers[address] = peerOf(peer, accepted);
    }
  }
  for (const [name, { routerId }] of [...Object.entries(summary4.vrfs), ...Object.entries(summary6.vrfs)])
    vrfOf(name).router_id = ipAddress(routerId);
  return Object.fromEntries([...vrfs].map(([name, vrf]) => [name === "default" ? "global" : name, vrf]));
};

function peerOf(peer: z.infer<typeof peerReply>, [accepted4 = 0, accepted6 = 0]: readonly number[]) {
  return {
    local_as: asNumber(peer.localAsn),
    remote_as: asNumber(peer.asn),
    remote_id: ipAddress(peer.routerId),
    is_up: peer.state === "Established",
    is_enabled: peer.state !== "Idle" || peer.idleReason !== "Administratively shut down",
    description: peer.description,
    uptime: Math.trunc(peer.establishedTime),
    address_family: {
      ipv4: {
        received_prefixes: peer.prefixesReceived,
        accepted_prefixes: accepted4,
        sent_prefixes: peer.prefixesSent,
      },
      ipv6: {
        received_prefixes: peer.v6PrefixesReceived,
        accepted_prefixes: accepted6,
        sent_prefixes: peer.v6PrefixesSent,
      },
    },
  };
}

const number = z.union([z.string(), z.number()]);
const peerReply = z.object({
  peerAddress: z.string(),
  localAsn: number,
  asn: number,
  routerId: z.string(),
  state: z.string(),
  idleReason: z.string().optional(),
  description: z.string().default(""),
  establishedTime: z.number().default(-1),
  prefixesReceived: z.number(),
  prefixesSent: z.number(),
  v6PrefixesReceived: z.number(),
  v6PrefixesSent: z.number(),
});
const summary = z.object({
  vrfs: z.record(
    z.string(),
    z.object({
      routerId: z.string(),
      peers: z.record(z.string(), z.object({ prefixAccepted: z.number().default(0) })).default({}),
    }),
  ),
});
const peers = z.object({ vrfs: z.record(z.string(), z.object({ peerList: z.array(peerReply) })) });
const bgp = z.tuple([summary, summary, peers, peers]);
