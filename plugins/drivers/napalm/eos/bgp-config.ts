import { asNumber } from "../values/as-number.ts";
import { isIpAddress } from "../values/ip-address.ts";
import { type EosGetter, text } from "./request.ts";

type Settings = Record<string, unknown>;
interface Neighbour {
  group: string;
  readonly settings: Settings;
}

/** Groups with their neighbours; those without a group stand in group `_`. Nothing where BGP does not run. */
export const getBgpConfig: EosGetter = function* ({ args: { group = "" } }) {
  const lines = (yield* text("show running-config | section router bgp")).split("\n");
  const groups = new Map<string, Settings>();
  const neighbours = new Map<string, Neighbour>();
  let localAs = 0;
  for (const line of lines.map((one) => one.trim())) {
    const router = /^router bgp (\S+)/.exec(line)?.[1];
    if (router !== undefined) localAs = asNumber(router);
    const [, no, name = "", rest = ""] = /^(no )?neighbor (\S+)(.*)$/.exec(line) ?? [];
    const words = rest.split(/\s+/).filter(Boolean);
    if (name === "") continue;
    if (isIpAddress(name)) {
      const neighbour = neighbourOf(neighbours, groups, name, groupOf(words), localAs);
      Object.assign(neighbour.settings, setting(words, no !== undefined));
    } else if (group === "" || group === name) {
      const settings = groups.get(name) ?? defaultGroup(localAs);
      groups.set(name, Object.assign(settings, setting(words, no !== undefined)));
    }
  }
  return localAs === 0 ? {} : assembled(groups, neighbours, localAs);
};

/** The first line of a neighbour names its group, most of whose settings it inherits as they stand there. */
function neighbourOf(
  neighbours: Map<string, Neighbour>,
  groups: ReadonlyMap<string, Settings>,
  address: string,
  group: string | undefined,
  localAs: number,
): Neighbour {
  const known = neighbours.get(address);
  if (known) {
    if (group !== undefined) known.group = group;
    return known;
  }
  const inherited = groups.get(group ?? "") ?? {};
  const settings = {
    ...NEIGHBOUR,
    local_as: localAs,
    prefix_limit: {},
    ...picked(inherited, INHERITED),
  };
  const neighbour = { group: group ?? "_", settings };
  neighbours.set(address, neighbour);
  return neighbour;
}

function assembled(
  groups: Map<string, Settings>,
  neighbours: ReadonlyMap<string, Neighbour>,
  localAs: number,
) {
  groups.set("_", defaultGroup(localAs));
  const members = Map.groupBy(neighbours, ([, { group }]) => group);
  for (const name of members.keys()) if (!groups.has(name)) groups.set(name, defaultGroup(localAs));
  return Object.fromEntries(
    [...groups].map(([name, { nhs: _, ...settings }]) => {
      const own = (members.get(name) ?? []).map(
        ([address, neighbour]) => [address, neighbour.settings] as const,
      );
      return [name, { ...settings, neighbors: Object.fromEntries(own) }];
    }),
  );
}

/** `peer-group NAME`, or since 4.23 `peer group NAME`. */
function groupOf([first, second, third]: readonly string[]): string | undefined {
  if (first === "peer-group") return second;
  return first === "peer" && second === "group" ? third : undefined;
}

/** What a line sets; `no` sets it back to its default. */
function setting([property = "", ...values]: readonly string[], isDefault: boolean): Settings {
  if (property === "password") return { authentication_key: isDefault ? "" : (values[1] ?? values[0] ?? "") };
  if (property === "route-map") {
    const direction = values.at(-1) === "in" ? "import_policy" : "export_policy";
    return { [direction]: isDefault || values.length < 2 ? "" : values[0] };
  }
  const known = PROPERTIES[property];
  if (!known) return {};
  const [field, empty] = known;
  if (isDefault) return { [field]: empty };
  if (typeof empty === "boolean") return { [field]: true };
  if (typeof empty === "number") return { [field]: numberOf(values[0]) };
  return { [field]: values[0] ?? empty };
}

function numberOf(value: string | undefined): number {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : 0;
}

const PROPERTIES: Readonly<Record<string, readonly [field: string, empty: string | number | boolean]>> = {
  multipath: ["multipath", false],
  "remove-private-as": ["remove_private_as", false],
  "ebgp-multihop": ["multihop_ttl", 0],
  "remote-as": ["remote_as", 0],
  "local-as": ["local_as", 0],
  "local-v4-addr": ["local_address", ""],
  "local-v6-addr": ["local_address", ""],
  "next-hop-self": ["nhs", false],
  "route-reflector-client": ["route_reflector_client", false],
  description: ["description", ""],
};

const NEIGHBOUR = {
  description: "",
  remote_as: 0,
  local_address: "",
  local_as: 0,
  nhs: false,
  route_reflector_client: false,
  import_policy: "",
  export_policy: "",
  authentication_key: "",
};
/** What NAPALM does not give on to neighbours: a group's key, and whether it is of route reflector clients. */
const OWN = ["route_reflector_client", "authentication_key"];
const INHERITED = Object.keys(NEIGHBOUR).filter((field) => !OWN.includes(field));

function defaultGroup(localAs: number): Settings {
  return {
    type: "",
    multipath: false,
    apply_groups: [],
    remove_private_as: false,
    multihop_ttl: 0,
    remote_as: 0,
    local_address: "",
    local_as: localAs,
    description: "",
    import_policy: "",
    export_policy: "",
    nhs: false,
    prefix_limit: {},
  };
}

function picked(settings: Settings, keys: readonly string[]): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)));
}
