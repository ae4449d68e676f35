import { isIP } from "node:net";
import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, CHOICE, cli, found, foundNumber, isSet, pattern, whole } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

const ROUTER = /^router bgp .*$/;
const SWITCH = { default: false, disable: true };

/** The BGP process: router id, paths and networks. */
export const bgp: ApiModule = {
  get: reads([], {}, get),
  create: changes(["bgp_as"], {}, (node, { bgp_as }) => {
    whole("bgp_as", bgp_as, 1, 65_535);
    return node.configure([cli`router bgp ${bgp_as}`]);
  }),
  delete: changes([], {}, (node) => removeProcess(node, "no")),
  default: changes([], {}, (node) => removeProcess(node, "default")),
  configure_bgp: changes(["cmd"], {}, (node, { cmd }) => configure(node, ...[cmd].flat().map(String))),
  set_router_id: changes([], CHOICE, (node, args) => configure(node, build("router-id", args))),
  set_maximum_paths: changes(
    [],
    { max_path: null, max_ecmp_path: null, default: false, disable: false },
    (node, args) => {
      if (!args.max_path && args.max_ecmp_path) throw new ArgumentError("max_ecmp_path needs max_path");
      const ecmp = args.max_ecmp_path ? cli` ecmp ${args.max_ecmp_path}` : "";
      const value = args.max_path ? cli`${args.max_path}${ecmp}` : null;
      return configure(node, build("maximum-paths", { ...args, value }));
    },
  ),
  set_shutdown: changes([], SWITCH, (node, args) =>
    configure(node, build("shutdown", { ...args, value: true })),
  ),
  add_network: changes(["prefix", "length"], { route_map: null }, (node, args) =>
    configure(node, network("", args.prefix, args.length, args.route_map)),
  ),
  remove_network: changes(["prefix", "masklen"], { route_map: null }, (node, args) =>
    configure(node, network("no ", args.prefix, args.masklen, args.route_map)),
  ),
};

/** BGP neighbours and peer groups. */
export const bgpNeighbors: ApiModule = {
  get: reads(["name"], {}, async (node, { name }) => {
    const config = await node.block(ROUTER);
    if (config === undefined) throw new ArgumentError("the device has no BGP process");
    return neighbor(node, config, name);
  }),
  getall: reads([], {}, async (node) => neighbors(node, await node.block(ROUTER))),
  ispeergroup: reads(["name"], {}, (_node, { name }) => isPeerGroup(name)),
  create: changes(["name"], {}, (node, { name }) => configureNeighbor(node, cli`neighbor ${name} shutdown`)),
  delete: changes(["name"], {}, async (node, { name }) => {
    if (await configureNeighbor(node, cli`no neighbor ${name}`)) return true;
    return configureNeighbor(node, cli`no neighbor ${name} ${await peerGroupKeyword(node)}`);
  }),
  set_peer_group: changes(["name"], CHOICE, async (node, args) => {
    if (isPeerGroup(args.name)) return false;
    return configureNeighbor(node, build(cli`neighbor ${args.name} ${await peerGroupKeyword(node)}`, args));
  }),
  set_remote_as: neighborSetter("remote-as"),
  set_shutdown: changes(["name"], SWITCH, (node, args) =>
    configureNeighbor(node, build(cli`neighbor ${args.name} shutdown`, { ...args, value: true })),
  ),
  set_send_community: neighborSetter("send-community"),
  set_next_hop_self: neighborSetter("next-hop-self"),
  set_route_map_in: neighborSetter("route-map", " in"),
  set_route_map_out: neighborSetter("route-map", " out"),
  set_description: neighborSetter("description"),
};

function neighborSetter(keyword: string, after = "") {
  return changes(["name"], CHOICE, (node, args) =>
    configureNeighbor(node, build(cli`neighbor ${args.name} ${keyword}`, args) + after),
  );
}

async function get(node: EapiNode) {
  const config = await node.block(ROUTER);
  if (!config) return null;
  const number = found(/^router bgp (.*)/, config) ?? "";
  const paths = /maximum-paths\s+(\d+)\s+ecmp\s+(\d+)/.exec(config);
  return {
    bgp_as: /^\d+$/.test(number) ? Number(number) : number,
    router_id: found(/router-id (\S+)/, config),
    maximum_paths: paths ? Number(paths[1]) : null,
    maximum_ecmp_paths: paths ? Number(paths[2]) : null,
    shutdown: !config.includes("no shutdown"),
    networks: [...config.matchAll(/network (.+)\/(\d+)(?: route-map (\w+))*/g)].map(
      ([, prefix, masklen, route_map]) => ({ prefix, masklen, route_map: route_map ?? null }),
    ),
    neighbors: await neighbors(node, config),
  };
}

async function neighbors(node: EapiNode, config: string | undefined) {
  if (!config) return null;
  const all: Record<string, unknown> = {};
  for (const [, name = ""] of config.matchAll(/neighbor (\S+)/g))
    all[name] ??= await neighbor(node, config, name);
  return all;
}

async function neighbor(node: EapiNode, config: string, name: unknown) {
  return {
    name,
    peer_group: found(pattern`neighbor ${name} ${await peerGroupKeyword(node)} (\S+)`, config),
    remote_as: found(pattern`neighbor ${name} remote-as (.*)`, config),
    send_community: !config.includes(cli`no neighbor ${name} send-community`),
    shutdown: pattern`(?<!no )neighbor ${name} shutdown`.test(config),
    description: found(pattern`neighbor ${name} description (.*)$`, config),
    next_hop_self: !config.includes(cli`no neighbor ${name} next-hop-self`),
    route_map_in: found(pattern`neighbor ${name} route-map (\S+) in`, config),
    route_map_out: found(pattern`neighbor ${name} route-map (\S+) out`, config),
  };
}

function isPeerGroup(name: unknown): boolean {
  return isIP(String(name)) === 0;
}

/** EOS 4.23 renamed the command. */
async function peerGroupKeyword(node: EapiNode): Promise<string> {
  return (await node.versionAtLeast("4.23")) ? "peer group" : "peer-group";
}

function network(prefix: string, address: unknown, length: unknown, routeMap: unknown): string {
  if (address === "" || length === "") throw new ArgumentError("prefix and length may not be empty");
  return cli`${prefix}network ${address}/${length}${isSet(routeMap) ? cli` route-map ${routeMap}` : ""}`;
}

async function configure(node: EapiNode, ...commands: readonly string[]): Promise<boolean> {
  const process = await get(node);
  if (!process) throw new ArgumentError("the device has no BGP process");
  return node.configure([`router bgp ${process.bgp_as}`, ...commands]);
}

async function configureNeighbor(node: EapiNode, command: string): Promise<boolean> {
  const number = foundNumber(/router bgp (\d+)/, await node.runningConfig());
  if (number === null) throw new ArgumentError("the device has no BGP process");
  return node.configure([`router bgp ${number}`, command]);
}

async function removeProcess(node: EapiNode, prefix: "no" | "default"): Promise<boolean> {
  const process = await get(node);
  return !process || node.configure([`${prefix} router bgp ${process.bgp_as}`]);
}
