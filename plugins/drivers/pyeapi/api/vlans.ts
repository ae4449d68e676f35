import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { allFound, build, CHOICE, cli, difference, found, pattern, textList } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** VLANs: names, states and trunk groups. */
export const vlans: ApiModule = {
  get: reads(["value"], {}, (node, { value }) => get(node, value)),
  getall: reads([], {}, async (node) => {
    const ids = allFound(/^vlan\s([\d,-]+)/gm, await node.runningConfig());
    const all: Record<string, unknown> = {};
    for (const id of ids) all[id] = await get(node, id);
    return all;
  }),
  create: changes(["vid"], {}, (node, { vid }) => isVlan(vid) && node.configure([cli`vlan ${vid}`])),
  delete: changes(["vid"], {}, (node, { vid }) => isVlan(vid) && node.configure([cli`no vlan ${vid}`])),
  default: changes(["vid"], {}, (node, { vid }) => isVlan(vid) && node.configure([cli`default vlan ${vid}`])),
  set_name: changes(["vid"], { name: null, default: false, disable: false }, (node, args) =>
    configure(node, args.vid, build("name", { ...args, value: args.name })),
  ),
  set_state: changes(["vid"], CHOICE, (node, args) => configure(node, args.vid, build("state", args))),
  set_trunk_groups: changes(["vid"], CHOICE, async (node, args) => {
    const { vid } = args;
    if (args.default) return configure(node, vid, "default trunk group");
    if (args.disable) return configure(node, vid, "no trunk group");
    const current = (await get(node, vid))?.trunk_groups;
    if (!current) throw new ArgumentError(`there is no vlan ${vid}`);
    const wanted = textList("value", args.value);
    let accepted = true;
    for (const name of difference(wanted, current))
      accepted = (await configure(node, vid, `trunk group ${name}`)) && accepted;
    for (const name of difference(current, wanted))
      accepted = (await configure(node, vid, `no trunk group ${name}`)) && accepted;
    return accepted;
  }),
  add_trunk_group: changes(["vid", "name"], {}, (node, { vid, name }) =>
    configure(node, vid, cli`trunk group ${name}`),
  ),
  remove_trunk_group: changes(["vid", "name"], {}, (node, { vid, name }) =>
    configure(node, vid, cli`no trunk group ${name}`),
  ),
  configure_vlan: changes(["vid", "commands"], {}, (node, { vid, commands }) =>
    node.configure([cli`vlan ${vid}`, ...textList("commands", commands)]),
  ),
};

async function get(node: EapiNode, id: unknown) {
  const config = await node.block(pattern`^vlan ${id}$`);
  if (!config) return null;
  return {
    vlan_id: found(/vlan\s(.*)$/m, config),
    name: found(/name\s(.*)$/m, config),
    state: found(/state\s(.*)$/m, config),
    trunk_groups: allFound(/trunk\sgroup\s(.*)$/gm, config),
  };
}

function configure(node: EapiNode, id: unknown, command: string): Promise<boolean> {
  return node.configure([cli`vlan ${id}`, command]);
}

function isVlan(value: unknown): boolean {
  const id = Number(value);
  return Number.isInteger(id) && id >= 1 && id <= 4094;
}
