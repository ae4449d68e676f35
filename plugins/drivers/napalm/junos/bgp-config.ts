import { asNumber } from "../values/as-number.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress, ipAddressOr } from "../values/ip-address.ts";
import { byTwo } from "./grouped.ts";
import { configuration, type JunosGetter } from "./request.ts";
import { type Field, has, integer, table, text, texts, type Values, within } from "./rows.ts";

/**
 * The configured groups and neighbours. All groups come with the entry `_`, which stands for none; a neighbour is chosen within a
 * group.
 */
export const getBgpConfig: JunosGetter = function* ({ args }) {
  const [group, wanted] = [String(args.group ?? ""), String(args.neighbor ?? "")];
  const own = yield* configuration("routing-options/autonomous-system");
  const systemAs = asNumber(own.value("routing-options/autonomous-system/as-number") || 0);
  const isOne = group !== "" && group !== NO_GROUP;
  const groups = groupTable(yield* configuration("protocols/bgp/group", isOne ? { named: group } : {}));
  const policies = policyTable(yield* configuration("policy-options/policy-statement"));
  const nextHopSelf = new Set(policies.flatMap(({ name, isSelf }) => (isSelf && name ? [name] : [])));
  const neighbor = isOne && wanted !== "" ? ipAddress(wanted) : undefined;
  const models = groups.flatMap((one) =>
    one.name === null ? [] : [[one.name, groupModel(one, { systemAs, nextHopSelf, neighbor })] as const],
  );
  const isConfigured = groups.length > 0 || systemAs !== 0;
  return Object.fromEntries([
    ...(!isOne && isConfigured ? [[NO_GROUP, noGroup(systemAs)] as const] : []),
    ...models,
  ]);
};

const NO_GROUP = "_";

const noGroup = (systemAs: number) => ({
  type: "",
  description: "",
  apply_groups: [],
  multihop_ttl: 0,
  multipath: false,
  local_address: "",
  local_as: systemAs,
  remote_as: 0,
  import_policy: "",
  export_policy: "",
  remove_private_as: false,
  prefix_limit: {},
  neighbors: {},
});

interface Surroundings {
  readonly systemAs: number;
  /** Policies that set the next hop to the router itself. */
  readonly nextHopSelf: ReadonlySet<string>;
  /** The only neighbour that is asked for. */
  readonly neighbor: string | undefined;
}

/** What Junos takes for a session over several hops without a limit. */
const DEFAULT_TTL = 64;

function groupModel(one: Group, around: Surroundings) {
  const remoteAs = one.remoteAs ?? 0;
  const neighbors = one.neighbors
    .flatMap((peer) => (peer.name === null ? [] : [[ipAddress(peer.name), peer] as const]))
    .filter(([address]) => around.neighbor === undefined || address === around.neighbor)
    .map(([address, peer]) => [address, peerModel(peer, one, around)] as const);
  return {
    type: one.type ?? "",
    apply_groups: one.applyGroups,
    remove_private_as: one.removePrivate,
    multipath: one.multipath,
    multihop_ttl: one.ttl || (one.multihop ? DEFAULT_TTL : 0),
    ...commonModel(one, around.systemAs),
    remote_as: remoteAs,
    neighbors: Object.fromEntries(neighbors),
  };
}

function peerModel(peer: Peer, group: Group, { systemAs, nextHopSelf }: Surroundings) {
  return {
    authentication_key: peer.authenticationKey ?? "",
    route_reflector_client: peer.cluster || group.cluster,
    nhs: peer.exports.some((policy) => nextHopSelf.has(policy)),
    ...commonModel(peer, systemAs),
    remote_as: peer.remoteAs ?? group.remoteAs ?? 0,
  };
}

function commonModel(one: Values<typeof common>, systemAs: number) {
  const local = one.localAddress ?? "";
  return {
    description: one.description ?? "",
    local_address: ipAddressOr(local, local),
    local_as: one.localAs ?? systemAs,
    import_policy: one.imports.join(" "),
    export_policy: one.exports.join(" "),
    prefix_limit: one.prefixLimit,
  };
}

/** An AS number at a path. */
function as(path: string): Field<number | null> {
  const value = text(path);
  return (row) => {
    const found = value(row);
    return found === null ? null : asNumber(found);
  };
}

/** Values of a limit within `family/FAMILY/KIND/prefix-limit`. */
const limitFields = {
  limit: integer("prefix-limit/maximum"),
  threshold: integer("prefix-limit/teardown/limit-threshold"),
  timeout: integer("prefix-limit/teardown/idle-timeout/timeout"),
  novalidate: text("prefix-limit/no-validate"),
};

const FAMILIES = ["inet", "inet6"];
const KINDS = ["unicast", "flow"];

const limitTables = FAMILIES.flatMap((family) =>
  KINDS.map((kind) => ({ family, kind, read: within(`family/${family}/${kind}`, limitFields) })),
);

/** The limits that are set, by family and kind of routes. */
const prefixLimit: Field<Record<string, Record<string, unknown>>> = (row) =>
  byTwo(
    limitTables.flatMap(({ family, kind, read }) => {
      const [found] = read(row);
      const limit = found ? limitModel(found, kind) : {};
      return Object.keys(limit).length > 0 ? [[family, kind, limit] as const] : [];
    }),
  );

function limitModel({ limit, threshold, timeout, novalidate }: Values<typeof limitFields>, kind: string) {
  const teardown = {
    ...(threshold !== null && { threshold }),
    ...(timeout !== null && { timeout }),
  };
  return {
    ...(limit !== null && { limit }),
    ...(Object.keys(teardown).length > 0 && { teardown }),
    ...(novalidate !== null && { novalidate: kind === "unicast" ? wholeNumber(novalidate) : novalidate }),
  };
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidValue("a number of routes that are not validated", value);
  return Number(value);
}

const common = {
  name: text("name"),
  description: text("description"),
  localAddress: text("local-address"),
  localAs: as("local-as/as-number"),
  remoteAs: as("peer-as"),
  imports: texts("import"),
  exports: texts("export"),
  cluster: has("cluster"),
  prefixLimit,
};

const peer = { ...common, authenticationKey: text("authentication-key") };
type Peer = Values<typeof peer>;

const group = {
  ...common,
  type: text("type"),
  applyGroups: texts("apply-groups"),
  multihop: has("multihop"),
  ttl: integer("multihop/ttl"),
  multipath: has("multipath"),
  removePrivate: has("remove-private"),
  neighbors: within("neighbor", peer),
};
type Group = Values<typeof group>;

const groupTable = table("protocols/bgp/group", group);

const policyTable = table("policy-options/policy-statement", {
  name: text("name"),
  isSelf: has("term/then/next-hop/self|then/next-hop/self"),
});
