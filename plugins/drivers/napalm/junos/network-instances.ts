import { interfaces } from "./interfaces.ts";
import { configuration, type JunosGetter } from "./request.ts";
import { table, text, texts } from "./rows.ts";

/** The configured instances, and `default` with the interfaces that are in none. */
export const getNetworkInstances: JunosGetter = function* ({ args }) {
  const configured = instanceTable(yield* configuration("routing-instances/instance"));
  const models = new Map(
    configured.flatMap((one) =>
      one.name === null
        ? []
        : [[one.name, modelOf(one.name, one.type ?? DEFAULT, one.distinguisher, one.interfaces)] as const],
    ),
  );
  const taken = new Set(configured.flatMap((one) => one.interfaces));
  const free = Object.keys(yield* interfaces()).filter((name) => !taken.has(name));
  if (!models.has(DEFAULT)) models.set(DEFAULT, modelOf(DEFAULT, DEFAULT, null, free));
  const wanted = String(args.name ?? "");
  return Object.fromEntries([...models].filter(([name]) => wanted === "" || name === wanted));
};

const DEFAULT = "default";

function modelOf(name: string, type: string, distinguisher: string | null, names: readonly string[]) {
  return {
    name,
    type: TYPES.get(type) ?? type,
    state: { route_distinguisher: distinguisher ?? "" },
    interfaces: { interface: Object.fromEntries(names.map((one) => [one, {}])) },
  };
}

/** OpenConfig's names of Junos' types; other types keep theirs. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["default", "DEFAULT_INSTANCE"],
  ["l2vpn", "L2VPN"],
  ["vrf", "L3VRF"],
  ["evpn", "BGP_EVPN"],
  ["vpls", "BGP_VPLS"],
  ["forwarding", "L2P2P"],
]);

const instanceTable = table("routing-instances/instance", {
  name: text("name"),
  type: text("instance-type"),
  interfaces: texts("interface/name|bridge-domains/domain/interface/name"),
  distinguisher: text("route-distinguisher/rd-type"),
});
