import { cli } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

const ROUTE =
  /^ip route (\d+\.\d+\.\d+\.\d+\/\d+) (\d+\.\d+\.\d+\.\d+|\S+)(?: (\d+\.\d+\.\d+\.\d+))? (\d+)(?: tag (\d+))?(?: name (\S+))?/gm;

const DETAILS = { next_hop_ip: null, distance: null, tag: null, route_name: null };

type Routes = Record<string, Record<string, Record<string, Record<string, unknown>>>>;

/** Static routes: destination, next hop, address of the next hop, distance. */
export const staticroute: ApiModule = {
  get: reads(["name"], {}, async (node, { name }) => (await getAll(node))[String(name)] ?? null),
  getall: reads([], {}, getAll),
  create: routeCommand(""),
  delete: routeCommand("no "),
  default: routeCommand("default "),
  set_tag: routeCommand(""),
  set_route_name: routeCommand(""),
};

function routeCommand(prefix: string) {
  return changes(["ip_dest", "next_hop"], DETAILS, (node, args) => {
    const { ip_dest, next_hop, next_hop_ip, distance, tag, route_name } = args;
    let command = cli`${prefix}ip route ${ip_dest} ${next_hop}`;
    if (next_hop_ip !== null) command += cli` ${next_hop_ip}`;
    if (distance !== null) command += cli` ${distance}`;
    if (tag !== null) command += cli` tag ${tag}`;
    if (route_name !== null) command += cli` name ${route_name}`;
    return node.configure([command]);
  });
}

async function getAll(node: EapiNode): Promise<Routes> {
  const routes: Routes = {};
  for (const match of (await node.runningConfig()).matchAll(ROUTE)) {
    const [, destination = "", hop = "", address = "None", distance = "", tag, name] = match;
    const distances = entry(entry(entry(routes, destination), hop), address);
    distances[distance] = { tag: tag === undefined ? null : Number(tag), route_name: name ?? null };
  }
  return routes;
}

/** The map under a key, made where it is missing. */
function entry<T>(map: Record<string, Record<string, T>>, key: string): Record<string, T> {
  const found = map[key] ?? {};
  map[key] = found;
  return found;
}
