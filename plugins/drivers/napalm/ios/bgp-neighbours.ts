import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress } from "../values/ip-address.ts";
import { bgpSeconds, type SummaryRow, summaryRows } from "./bgp-summary.ts";
import { type Asking, answer, type IosGetter, outputOrRefusal } from "./request.ts";

/** Neighbours by VRF; `global` is the one without a name. Nothing where BGP does not run. */
export const getBgpNeighbors: IosGetter = function* () {
  const summary = yield* answer({ command: "show bgp all summary" });
  if (/Invalid input|BGP not active/.test(summary)) return {};
  const neighbours = yield* neighboursByFamily();
  const rows = summaryRows(summary);
  const routerId = onlyRouterId(rows);
  const vrfs = new Map<string, { router_id: string; peers: Record<string, Peer> }>();
  for (const list of neighbours.values())
    for (const { vrf } of list) if (!vrfs.has(vrf)) vrfs.set(vrf, { router_id: routerId, peers: {} });
  for (const row of rows) {
    const address = ipAddress(row.address);
    const family = row.family.toLowerCase();
    // The same address may be a neighbour in several VRFs, told in the same order as here.
    const found = neighbours
      .get(`${family} ${address}`)
      ?.find(({ vrf }) => vrf === "global" || vrfs.get(vrf)?.peers[address] === undefined);
    const peers = vrfs.get(found?.vrf ?? "")?.peers;
    if (!found || !peers) continue;
    peers[address] = merged(peers[address], peerOf(row, found), family);
  }
  return Object.fromEntries(vrfs);
};

/** Commands by address family; a device lacks some of them. */
const FAMILIES = [
  "ipv4 unicast",
  "ipv4 multicast",
  "ipv6 unicast",
  "ipv6 multicast",
  "vpnv4 unicast all",
  "vpnv6 unicast all",
  "ipv4 mdt all",
];

interface Neighbour {
  readonly vrf: string;
  readonly description: string;
  readonly remoteId: string;
  readonly isUp: boolean;
  readonly sent: number;
  readonly accepted: number | undefined;
}

/** By family and address: a neighbour is told once for each of its families, in the command of any of them. */
function* neighboursByFamily(): Asking<Map<string, Neighbour[]>> {
  const found = new Map<string, Neighbour[]>();
  for (const family of FAMILIES) {
    const text = (yield* outputOrRefusal(`show bgp ${family} neighbors`)) ?? "";
    for (const block of text.split(/^(?=BGP neighbor is )/m)) {
      for (const [key, neighbour] of neighboursOf(block)) {
        const list = found.get(key);
        if (list) list.push(neighbour);
        else found.set(key, [neighbour]);
      }
    }
  }
  return found;
}

function neighboursOf(block: string): [string, Neighbour][] {
  const [, address, vrf = "global"] =
    /^BGP neighbor is ([^\s,]+),(?:\s+vrf ([^\s,]+),)?\s+remote AS/.exec(block) ?? [];
  if (address === undefined) return [];
  const [head = "", ...families] = block.split(/^ +For address family: /m);
  const common = {
    vrf,
    description: /^ +Description: (.+)$/m.exec(head)?.[1] ?? "",
    remoteId: /^ +BGP version \d+, remote router ID (\S+)/m.exec(head)?.[1] ?? "",
    isUp: /^ +BGP state = Established/m.test(head),
  };
  return families.map((text) => {
    const name = text.slice(0, text.indexOf("\n")).trim().toLowerCase();
    const [, sent = "-1", accepted] = /^ +Prefixes Current:\s+(\d+)\s+(\d+)/m.exec(text) ?? [];
    const counts = { sent: Number(sent), accepted: accepted === undefined ? undefined : Number(accepted) };
    return [`${name} ${ipAddress(address)}`, { ...common, ...counts }];
  });
}

/** All families of one router have one identifier. */
function onlyRouterId(rows: readonly SummaryRow[]): string {
  const ids = new Set(rows.map((row) => row.routerId));
  const [first = "", ...others] = ids;
  if (others.length > 0) throw new InvalidValue("one router identifier", [...ids].join(", "));
  return first === "" ? "" : ipAddress(first, 4);
}

type Peer = ReturnType<typeof peerOf>;

/** While a session is down its counts mean nothing. */
function peerOf({ localAs, remoteAs, upDown, state, family }: SummaryRow, neighbour: Neighbour) {
  const told = /^\d+$/.test(state) ? Number(state) : -1;
  const { isUp } = neighbour;
  const accepted = isUp ? (neighbour.accepted ?? told) : told;
  return {
    local_as: localAs,
    remote_as: remoteAs,
    remote_id: ipAddress(neighbour.remoteId, 4),
    is_up: isUp,
    is_enabled: !state.includes("(Admin)"),
    description: neighbour.description,
    uptime: isUp ? bgpSeconds(upDown) : -1,
    address_family: {
      [family.toLowerCase()]: {
        received_prefixes: isUp ? accepted : -1,
        accepted_prefixes: accepted,
        sent_prefixes: isUp ? neighbour.sent : -1,
      },
    },
  };
}

function merged(known: Peer | undefined, peer: Peer, family: string): Peer {
  if (!known) return peer;
  if (known.address_family[family]) throw new InvalidValue("a neighbour's only row of its family", family);
  return {
    ...known,
    is_up: known.is_up || peer.is_up,
    uptime: Math.max(known.uptime, peer.uptime),
    address_family: { ...known.address_family, ...peer.address_family },
  };
}
