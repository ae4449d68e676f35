import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, CHOICE, cli, found, foundNumber, oneOf, pattern, whole } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

const PROTOCOLS = ["bgp", "rip", "static", "connected"];

/** The OSPF process: router id, networks and what it redistributes. */
export const ospf: ApiModule = {
  get: reads([], { vrf: null }, (node, { vrf }) => get(node, vrf)),
  create: changes(["ospf_process_id"], { vrf: null }, (node, { ospf_process_id, vrf }) => {
    whole("ospf_process_id", ospf_process_id, 1, 65_535);
    return node.configure([cli`router ospf ${ospf_process_id}${vrf ? cli` vrf ${vrf}` : ""}`]);
  }),
  delete: changes([], {}, async (node) => {
    const process = await get(node);
    return !process || node.configure([`no router ospf ${process.ospf_process_id}`]);
  }),
  configure_ospf: changes(["cmd"], {}, (node, { cmd }) => configure(node, ...[cmd].flat().map(String))),
  set_shutdown: changes([], {}, (node) => configure(node, "shutdown")),
  set_no_shutdown: changes([], {}, (node) => configure(node, "no shutdown")),
  set_router_id: changes([], CHOICE, (node, args) => configure(node, build("router-id", args))),
  add_network: network(""),
  remove_network: network("no "),
  add_redistribution: changes(["protocol"], { route_map_name: null }, (node, args) => {
    oneOf("protocol", args.protocol, PROTOCOLS);
    const filter = args.route_map_name === null ? "" : cli` route-map ${args.route_map_name}`;
    return configure(node, cli`redistribute ${args.protocol}${filter}`);
  }),
  remove_redistribution: changes(["protocol"], {}, (node, { protocol }) => {
    oneOf("protocol", protocol, PROTOCOLS);
    return configure(node, cli`no redistribute ${protocol}`);
  }),
};

function network(prefix: string) {
  return changes(["network", "netmask"], { area: 0 }, (node, args) => {
    if (args.network === "" || args.netmask === "")
      throw new ArgumentError("network and netmask may not be empty");
    return configure(node, cli`${prefix}network ${args.network}/${args.netmask} area ${args.area}`);
  });
}

async function get(node: EapiNode, vrf: unknown = null) {
  const config = await node.block(vrf ? pattern`^router ospf .* vrf ${vrf}$` : /^router ospf .*$/);
  if (!config) return null;
  const networks = config.matchAll(/network (.+)\/(\d+) area (\d+\.\d+\.\d+\.\d+)/g);
  return {
    router_id: found(/router-id (\S+)/, config),
    vrf: found(/^router ospf \d+ vrf (\w+)/, config) ?? "default",
    networks: [...networks].map(([, address, netmask, area]) => ({ network: address, netmask, area })),
    ospf_process_id: foundNumber(/^router ospf (\d+)/, config),
    redistributions: redistributions(config),
    shutdown: !config.includes("no shutdown"),
  };
}

/** `redistribute PROTOCOL` and `redistribute PROTOCOL route-map NAME`; other forms are left out. */
function redistributions(config: string) {
  return [...config.matchAll(/redistribute (.*)/g)].flatMap(([, rest = ""]) => {
    const words = rest.trim().split(/\s+/);
    if (words.length === 1) return [{ protocol: words[0] }];
    return words.length === 3 ? [{ protocol: words[0], route_map: words[2] }] : [];
  });
}

async function configure(node: EapiNode, ...commands: readonly string[]): Promise<boolean> {
  const process = await get(node);
  if (!process) throw new ArgumentError("the device has no OSPF process");
  return node.configure([`router ospf ${process.ospf_process_id}`, ...commands]);
}
