import { asNumber } from "../values/as-number.ts";
import { isIpAddress } from "../values/ip-address.ts";
import { configTexts } from "./config.ts";
import type { IosGetter } from "./request.ts";

/**
 * Groups with their neighbours; those without a group stand in group `_`. Groups without neighbours and neighbours of VRFs are left out.
 */
export const getBgpConfig: IosGetter = function* ({ args: { group = "", neighbor = "" } }) {
  const { running } = yield* configTexts(["running"], false);
  const process = processOf(running);
  if (!process) return {};
  const { localAs, settings } = process;
  const groups = new Map([["_", ungrouped(localAs)]]);
  for (const [name, own] of settings) {
    if (!isIpAddress(name) || (neighbor !== "" && name !== neighbor)) continue;
    const groupName = own.first(/^peer-group (\S+)/) ?? "_";
    const members = groups.get(groupName) ?? groupOf(settings.get(groupName) ?? new Settings(), localAs);
    groups.set(groupName, members);
    members.neighbors[name] = neighbourOf(own, localAs);
  }
  return Object.fromEntries([...groups].filter(([name]) => group === "" || name === group));
};

/** What the lines `neighbor NAME …` say about one name. */
class Settings {
  readonly lines: string[] = [];
  /** Address families that mention it, as `address-family ipv4 unicast`. */
  readonly families: string[] = [];

  first(pattern: RegExp): string | undefined {
    for (const line of this.lines) {
      const found = pattern.exec(line);
      if (found) return found[1] ?? found[0];
    }
    return undefined;
  }

  has(pattern: RegExp): boolean {
    return this.first(pattern) !== undefined;
  }
}

/** The lines below `router bgp`, by the name of neighbour or group. */
function processOf(config: string): { localAs: number; settings: Map<string, Settings> } | undefined {
  const [, as, block = ""] = /^router bgp ([\d.]+).*\n((?:\n| .*\n?)*)/m.exec(config) ?? [];
  if (as === undefined) return undefined;
  const settings = new Map<string, Settings>();
  let family: string | undefined;
  for (const line of block.split("\n").map((one) => one.trim())) {
    if (/^address-family\b/.test(line)) family = line;
    else if (line === "exit-address-family") family = undefined;
    const [, no, name, rest = ""] = /^(no )?neighbor (\S+) (.*)$/.exec(line) ?? [];
    if (name === undefined || family?.includes(" vrf ")) continue;
    const known = settings.get(name) ?? new Settings();
    settings.set(name, known);
    if (no === undefined) known.lines.push(rest);
    if (family !== undefined && !known.families.includes(family)) known.families.push(family);
  }
  return { localAs: asNumber(as), settings };
}

const INHERITED = {
  apply_groups: [] as string[],
  description: "",
  type: "",
  import_policy: "",
  export_policy: "",
  local_address: "",
  multipath: false,
  multihop_ttl: 0,
  remote_as: 0,
  remove_private_as: false,
  prefix_limit: {},
};

type Group = typeof INHERITED & { local_as: number; neighbors: Record<string, unknown> };

function ungrouped(localAs: number): Group {
  return { ...INHERITED, local_as: localAs, neighbors: {} };
}

function groupOf(own: Settings, processAs: number): Group {
  const common = commonOf(own, processAs, own.families.at(-1));
  const hops = own.first(/^ebgp-multihop ?(\d*)/);
  return {
    ...ungrouped(processAs),
    ...common,
    type: common.local_as === common.remote_as ? "internal" : "external",
    multihop_ttl: hops === undefined ? 0 : Number(hops || MOST_HOPS),
    remove_private_as: own.has(/^remove-private-as/),
  };
}

const MOST_HOPS = 255;

function neighbourOf(own: Settings, processAs: number) {
  return {
    ...commonOf(own, processAs, own.families[0]),
    authentication_key: own.first(/^password (?:\d )?(\S+)/) ?? "",
    nhs: own.has(/^next-hop-self/),
    route_reflector_client: own.has(/^route-reflector-client/),
  };
}

function commonOf(own: Settings, processAs: number, family: string | undefined) {
  const as = (pattern: RegExp) => {
    const found = own.first(pattern);
    return found === undefined ? undefined : asNumber(found);
  };
  return {
    description: own.first(/^description (.+)/) ?? "",
    remote_as: as(/^remote-as ([\d.]+)/) ?? 0,
    local_as: as(/^local-as ([\d.]+)/) ?? processAs,
    import_policy: own.first(/^route-map (\S+) in$/) ?? "",
    export_policy: own.first(/^route-map (\S+) out$/) ?? "",
    local_address: own.first(/^update-source (\S+)/) ?? "",
    prefix_limit: prefixLimit(own, family),
  };
}

/** `maximum-prefix 1000 80 restart 15` of an address family; zeros where it is not told in full. */
function prefixLimit(own: Settings, family: string | undefined) {
  const [, protocol, kind = "unicast"] = /^address-family (ipv[46])(?: (\S+))?/.exec(family ?? "") ?? [];
  if (protocol === undefined) return {};
  const line = own.lines.find((one) => FULL_LIMIT.test(one)) ?? "";
  const [, limit = 0, threshold = 0, timeout = 0] = (FULL_LIMIT.exec(line) ?? []).map(Number);
  return {
    [protocol === "ipv4" ? "inet" : "inet6"]: { [kind]: { limit, teardown: { threshold, timeout } } },
  };
}

const FULL_LIMIT = /^maximum-prefix (\d+) (\d+) \w+ (\d+)/;
