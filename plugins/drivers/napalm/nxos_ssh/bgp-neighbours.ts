import { CommandRefused } from "../getter.ts";
import { elapsedSeconds } from "../nxos/elapsed.ts";
import { type Asking, type NxosGetter, text } from "../nxos/request.ts";
import { asNumber } from "../values/as-number.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/**
 * Neighbours by VRF; of a VRF that has several address families the last one in the output counts. Where BGP does not run the device
 * refuses the command, and there are none.
 */
export const getBgpNeighbors: NxosGetter = function* () {
  const output = yield* summaries();
  const sections = output.split(/^(?=BGP summary information for )/m);
  return Object.fromEntries(sections.flatMap(vrfOf));
};

function* summaries(): Asking<string> {
  try {
    return yield* text("show bgp all summary vrf all");
  } catch (error) {
    if (error instanceof CommandRefused) return "";
    throw error;
  }
}

function vrfOf(section: string): [string, object][] {
  // A family without neighbours is no more than its heading.
  if (!section.startsWith(HEADING) || section.trim().split("\n").length <= 1) return [];
  const [, vrf, family] = FAMILY.exec(section) ?? [];
  const [, routerId, localAs] = ROUTER.exec(section) ?? [];
  const table = section.split(HEAD_OF_TABLE);
  if (!vrf || !family || !routerId || !localAs || table.length !== 2)
    throw new InvalidValue("a BGP summary", section.slice(0, 200));
  if (!FAMILIES.includes(family.toLowerCase())) throw new InvalidValue("an address family", family);
  const peers = entriesOf(table[1] ?? "").map((entry) =>
    peerOf(entry, family.toLowerCase(), asNumber(localAs)),
  );
  const name = vrf.toLowerCase() === "default" ? "global" : vrf;
  return [[name, { router_id: routerId, peers: Object.fromEntries(peers) }]];
}

const HEADING = "BGP summary information for ";
const FAMILY = /^BGP summary information for VRF\s+([^\s,]+), address family (\S+) (?:Unicast|EVPN)/;
const ROUTER = /^BGP router identifier\s+([\d.]+)\S*,\s+local AS number\s+(\S+)/m;
const HEAD_OF_TABLE = /^Neighbor\s+.*PfxRcd\s*$/m;
const FAMILIES = ["ipv4", "ipv6", "l2vpn"];

/** An entry whose address or AS number is long goes on in the next line: its words count, not its lines. */
function entriesOf(table: string): string[][] {
  const entries: string[][] = [];
  for (const line of table.split("\n")) {
    const words = line.replace("Shut (Admin)", ADMIN).trim().split(/\s+/).filter(Boolean);
    const last = entries.at(-1);
    if (last && last.length < COLUMNS) last.push(...words);
    else if (words.length > 0) entries.push(words);
  }
  return entries;
}

const ADMIN = "Shut-Admin";
const COLUMNS = 10;

function peerOf(entry: readonly string[], family: string, localAs: number) {
  const [address = "", , remoteAs = "", , , , , , upDown = "", state = ""] = entry;
  if (entry.length !== COLUMNS) throw new InvalidValue("an entry of a BGP summary", entry.join(" "));
  const isUp = /^\d+$/.test(state);
  return [
    address,
    {
      local_as: localAs,
      remote_as: asNumber(remoteAs),
      remote_id: "0.0.0.0",
      is_up: isUp,
      is_enabled: state !== ADMIN,
      description: "",
      uptime: isUp ? (elapsedSeconds(upDown, 365) ?? -1) : -1,
      address_family: {
        [family]: { sent_prefixes: -1, accepted_prefixes: -1, received_prefixes: isUp ? Number(state) : -1 },
      },
    },
  ] as const;
}
