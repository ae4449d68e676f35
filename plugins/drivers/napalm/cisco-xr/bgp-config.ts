import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { ipAddress } from "../values/ip-address.ts";
import { firstText, integer, isTrue, orAsItIs } from "./fields.ts";

/** Where the configuration of BGP stands. Those of neighbours and groups are below their own elements. */
export interface BgpConfigPaths {
  readonly as: string;
  readonly neighbours: string;
  readonly address: readonly string[];
  readonly groupOfNeighbour: string;
  readonly password: string;
  /** Where address families of a neighbour and of a group stand; what several of them have is told of the first that has it. */
  readonly neighbourFamilies: string;
  readonly groupFamilies: string;
  readonly groups: string;
  readonly groupName: string;
  readonly description: string;
  readonly remoteAs: AsPaths;
  readonly localAs: AsPaths;
  readonly localAddress: readonly string[];
  readonly multihop: string;
  readonly family: FamilyPaths;
}

/** An AS stands there as its upper and lower 16 bits. */
export interface AsPaths {
  readonly upper: string;
  readonly lower: string;
}

/** Below an address family. */
export interface FamilyPaths {
  readonly name: string;
  readonly importPolicy: string;
  readonly exportPolicy: string;
  readonly multipath: string;
  readonly limit: string;
  readonly warning: string;
  readonly restart: string;
}

interface Wanted {
  readonly group: string;
  readonly neighbour: string;
}

/**
 * Groups with their neighbours, and `_` with the neighbours of no group. Arguments are NAPALM's `group` and `neighbor`; a neighbour
 * only counts together with its group.
 */
export function bgpConfig(reply: XmlElement, args: Readonly<Record<string, unknown>>, paths: BgpConfigPaths) {
  const group = String(args.group ?? "");
  const wanted = { group, neighbour: group === "" ? "" : String(args.neighbor ?? "") };
  const as = integer(reply, paths.as);
  const neighbours = neighboursByGroup(reply, as, wanted, paths);
  return {
    ...groupsOf(reply, as, wanted, neighbours, paths),
    _: {
      apply_groups: [],
      description: "",
      local_as: as,
      type: "",
      import_policy: "",
      export_policy: "",
      local_address: "",
      multipath: false,
      multihop_ttl: 0,
      remote_as: 0,
      remove_private_as: false,
      prefix_limit: {},
      neighbors: neighbours[""] ?? {},
    },
  };
}

type Neighbours = Record<string, ReturnType<typeof neighbourOf>>;

function neighboursByGroup(reply: XmlElement, as: number, { neighbour }: Wanted, paths: BgpConfigPaths) {
  const groups: Record<string, Neighbours> = {};
  for (const one of reply.all(paths.neighbours)) {
    const address = ipAddress(firstText(one, paths.address));
    if (neighbour !== "" && address !== neighbour) continue;
    const group = one.value(paths.groupOfNeighbour);
    groups[group] ??= {};
    groups[group][address] = neighbourOf(one, as, paths);
    if (neighbour !== "") break;
  }
  return groups;
}

function neighbourOf(one: XmlElement, as: number, paths: BgpConfigPaths) {
  const families = below(paths.neighbourFamilies, paths.family);
  return {
    description: one.value(paths.description),
    remote_as: asOf(one, paths.remoteAs),
    prefix_limit: prefixLimit(one, families),
    export_policy: one.value(families.exportPolicy),
    import_policy: one.value(families.importPolicy),
    local_address: orAsItIs(ipAddress, firstText(one, paths.localAddress)),
    local_as: asOf(one, paths.localAs) || as,
    authentication_key: one.value(paths.password),
    nhs: false,
    route_reflector_client: false,
  };
}

function groupsOf(
  reply: XmlElement,
  as: number,
  { group }: Wanted,
  neighbours: Readonly<Record<string, Neighbours>>,
  paths: BgpConfigPaths,
) {
  const groups: Record<string, ReturnType<typeof groupOf>> = {};
  for (const one of reply.all(paths.groups)) {
    const name = one.value(paths.groupName);
    if (group !== "" && name !== group) continue;
    groups[name] = groupOf(one, as, neighbours[name] ?? {}, paths);
    if (group !== "") break;
  }
  return groups;
}

/** The type is not told by the device. Limits of a group are not told by NAPALM. */
function groupOf(one: XmlElement, as: number, neighbors: Neighbours, paths: BgpConfigPaths) {
  const families = below(paths.groupFamilies, paths.family);
  return {
    apply_groups: [],
    description: one.value(paths.description),
    local_as: asOf(one, paths.localAs) || as,
    type: "external",
    import_policy: one.value(families.importPolicy),
    export_policy: one.value(families.exportPolicy),
    local_address: orAsItIs(ipAddress, firstText(one, paths.localAddress)),
    multipath: isTrue(one, families.multipath),
    multihop_ttl: integer(one, paths.multihop),
    remote_as: asOf(one, paths.remoteAs),
    remove_private_as: true,
    prefix_limit: {},
    neighbors,
  };
}

function asOf(one: XmlElement, { upper, lower }: AsPaths): number {
  return integer(one, upper) * 65_536 + integer(one, lower);
}

/** Such as `{ inet: { unicast: … } }`; empty for families other than IPv4 and IPv6. */
function prefixLimit(one: XmlElement, paths: FamilyPaths) {
  const [, version, kind] = /^(ipv[46])-?(.*)$/.exec(one.value(paths.name).toLowerCase()) ?? [];
  if (version === undefined || kind === undefined) return {};
  return {
    [version === "ipv6" ? "inet6" : "inet"]: {
      [kind]: {
        limit: integer(one, paths.limit),
        teardown: { threshold: integer(one, paths.warning), timeout: integer(one, paths.restart) },
      },
    },
  };
}

function below(families: string, paths: FamilyPaths): FamilyPaths {
  return {
    name: `${families}/${paths.name}`,
    importPolicy: `${families}/${paths.importPolicy}`,
    exportPolicy: `${families}/${paths.exportPolicy}`,
    multipath: `${families}/${paths.multipath}`,
    limit: `${families}/${paths.limit}`,
    warning: `${families}/${paths.warning}`,
    restart: `${families}/${paths.restart}`,
  };
}
