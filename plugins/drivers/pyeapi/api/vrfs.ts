import { allFound, build, cli, found, pattern, textList } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

const SWITCH = { default: false, disable: false };

/** VRFs: route distinguisher, description, routing, and the interfaces in them. */
export const vrfs: ApiModule = {
  get: reads(["value"], {}, (node, { value }) => get(node, value)),
  getall: reads([], {}, async (node) => {
    const keyword = await heading(node);
    const names = allFound(new RegExp(`^${keyword}\\s(\\w+)`, "gm"), await node.runningConfig());
    const all: Record<string, unknown> = {};
    for (const name of names) all[name] = await get(node, name);
    return all;
  }),
  create: changes(["vrf_name"], { rd: null }, async (node, { vrf_name, rd }) =>
    node.configure([cli`${await heading(node)} ${vrf_name}`, ...(rd ? [cli`rd ${rd}`] : [])]),
  ),
  delete: changes(["vrf_name"], {}, async (node, { vrf_name }) =>
    node.configure([cli`no ${await heading(node)} ${vrf_name}`]),
  ),
  default: changes(["vrf_name"], {}, async (node, { vrf_name }) =>
    node.configure([cli`default ${await heading(node)} ${vrf_name}`]),
  ),
  configure_vrf: changes(["vrf_name", "commands"], {}, async (node, { vrf_name, commands }) =>
    node.configure([cli`${await heading(node)} ${vrf_name}`, ...textList("commands", commands)]),
  ),
  set_rd: changes(["vrf_name", "rd"], {}, async (node, { vrf_name, rd }) =>
    node.configure([cli`${await heading(node)} ${vrf_name}`, build("rd", { value: rd })]),
  ),
  set_description: changes(["vrf_name"], { description: null, ...SWITCH }, async (node, args) =>
    node.configure([
      cli`${await heading(node)} ${args.vrf_name}`,
      build("description", { ...args, value: args.description }),
    ]),
  ),
  set_ipv4_routing: changes(["vrf_name"], SWITCH, (node, args) =>
    node.configure([build(cli`ip routing vrf ${args.vrf_name}`, { ...args, value: true })]),
  ),
  set_ipv6_routing: changes(["vrf_name"], SWITCH, (node, args) =>
    node.configure([build(cli`ipv6 unicast-routing vrf ${args.vrf_name}`, { ...args, value: true })]),
  ),
  set_interface: changes(["vrf_name", "interface"], SWITCH, async (node, args) => {
    const keyword = (await node.versionAtLeast("4.23")) ? "vrf" : "vrf forwarding";
    return node.configure([
      cli`interface ${args.interface}`,
      build(keyword, { ...args, value: args.vrf_name }),
    ]);
  }),
};

async function get(node: EapiNode, name: unknown) {
  const keyword = await heading(node);
  const config = await node.block(pattern`^${keyword} ${name}$`);
  if (!config) return null;
  return {
    vrf_name: name,
    rd: found(/\srd\s(.*)$/m, config),
    description: found(/description\s(.*)$/m, config),
    ipv4_routing: !(await node.block(pattern`^no ip routing vrf ${name}$`)),
    ipv6_routing: !(await node.block(pattern`^no ipv6 unicast-routing vrf ${name}$`)),
  };
}

/** EOS 4.23 renamed the command. */
async function heading(node: EapiNode): Promise<string> {
  return (await node.versionAtLeast("4.23")) ? "vrf instance" : "vrf definition";
}
