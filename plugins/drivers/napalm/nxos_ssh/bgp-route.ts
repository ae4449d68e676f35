import { type Asking, text } from "../nxos/request.ts";
import { asNumber } from "../values/as-number.ts";

/** What BGP knows of the path that a route is: the best one, which has the route's next hop unless it comes from this router. */
export function* bgpAttributes(prefix: string, vrf: string, nextHop: string): Asking<object> {
  const ownAs = OWN_AS.exec(yield* text('show bgp process | include "BGP Protocol Tag"'))?.[1];
  if (ownAs === undefined) return {};
  const paths = (yield* text(`show ip bgp vrf ${vrf} ${prefix}`)).split("Path type").slice(1);
  let attributes: object = {};
  for (const path of paths) {
    if (!path.includes("is best path")) continue;
    const kind = partOf(path, KIND);
    const via = partOf(path, NEXT_HOP);
    if (!LOCAL.includes(kind) && via !== nextHop) continue;
    const neighbour = yield* text(`show ip bgp neighbors vrf ${vrf} | include "is ${via}"`);
    const asPath = partOf(path, AS_PATH).trim();
    attributes = {
      as_path: asPath,
      remote_address: partOf(path, FROM),
      local_preference: Number(partOf(path, LOCAL_PREFERENCE)),
      communities: [...partOf(path, COMMUNITY).split(" ").filter(Boolean), ...extendedCommunities(path)],
      local_as: asNumber(ownAs),
      remote_as: remoteAs(neighbour, kind, asPath, ownAs),
    };
  }
  return attributes;
}

/** A next hop that is no neighbour in this VRF was leaked into it: then the path tells. 0 for what this router made. */
function remoteAs(neighbour: string, kind: string, asPath: string, ownAs: string): number {
  const known = REMOTE_AS.exec(neighbour)?.[1];
  if (known !== undefined) return asNumber(known);
  if (kind === "internal") return asNumber(ownAs);
  const first = kind === "external" ? /\d+/.exec(asPath)?.[0] : undefined;
  return first === undefined ? 0 : asNumber(first);
}

/** One in each line behind the heading, as far as they are indented. */
function extendedCommunities(path: string): string[] {
  const lines = path.split("Extcommunity:")[1]?.split("\n").slice(1) ?? [];
  const end = lines.findIndex((line) => !EXTENDED.test(line));
  return lines.slice(0, end < 0 ? undefined : end).map((line) => line.slice(10).trimEnd());
}

function partOf(path: string, pattern: RegExp): string {
  return pattern.exec(path)?.[1] ?? "";
}

const LOCAL = ["redist", "local"];
const OWN_AS = /^BGP Protocol Tag\s+: (\d+)/;
const REMOTE_AS = /remote AS ([\d.]+)/;
const EXTENDED = /^ {10}\S/;
/** The rest of `Path type: internal, path is valid, is best path` */
const KIND = /^: (\w+),/;
const AS_PATH = /AS-Path: ([\d()][\d() ]*)/;
const NEXT_HOP = /^ {4}(\d+\.\d+\.\d+\.\d+)/m;
const FROM = /from (\d+\.\d+\.\d+\.\d+)/;
const LOCAL_PREFERENCE = /localpref (\d+)/;
const COMMUNITY = / {2}Community: ([^\n]+)/;
