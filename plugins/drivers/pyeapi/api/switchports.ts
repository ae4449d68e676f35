import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { allFound, CHOICE, cli, difference, found, interfaceSetter, pattern, textList } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** Layer-2 ports: access and trunk. */
export const switchports: ApiModule = {
  get: reads(["name"], {}, (node, { name }) => get(node, name)),
  getall: reads([], {}, async (node) => {
    const all: Record<string, unknown> = {};
    for (const name of allFound(/^interface\s([EtPo][^.\s]+)$/gm, await node.runningConfig())) {
      const port = await get(node, name);
      if (port) all[name] = port;
    }
    return all;
  }),
  create: changes(["name"], {}, (node, { name }) =>
    node.configure([cli`interface ${name}`, "no ip address", "switchport"]),
  ),
  delete: changes(["name"], {}, (node, { name }) =>
    node.configure([cli`interface ${name}`, "no switchport"]),
  ),
  default: changes(["name"], {}, (node, { name }) =>
    node.configure([cli`interface ${name}`, "no ip address", "default switchport"]),
  ),
  set_mode: interfaceSetter("switchport mode"),
  set_access_vlan: interfaceSetter("switchport access vlan"),
  set_trunk_native_vlan: interfaceSetter("switchport trunk native vlan"),
  set_trunk_allowed_vlans: interfaceSetter("switchport trunk allowed vlan"),
  set_trunk_groups: changes(["intf"], CHOICE, async (node, args) => {
    const { intf } = args;
    if (args.default) return configure(node, intf, "default switchport trunk group");
    if (args.disable) return configure(node, intf, "no switchport trunk group");
    const current = (await get(node, intf))?.trunk_groups;
    if (!current) throw new ArgumentError(`${intf} is not a switchport`);
    const wanted = textList("value", args.value);
    let accepted = true;
    for (const name of difference(wanted, current))
      accepted = (await configure(node, intf, `switchport trunk group ${name}`)) && accepted;
    for (const name of difference(current, wanted))
      accepted = (await configure(node, intf, `no switchport trunk group ${name}`)) && accepted;
    return accepted;
  }),
  add_trunk_group: changes(["intf", "value"], {}, (node, { intf, value }) =>
    configure(node, intf, cli`switchport trunk group ${value}`),
  ),
  remove_trunk_group: changes(["intf", "value"], {}, (node, { intf, value }) =>
    configure(node, intf, cli`no switchport trunk group ${value}`),
  ),
};

async function get(node: EapiNode, name: unknown) {
  const config = await node.block(pattern`^interface ${name}$`);
  if (config === undefined) throw new ArgumentError(`there is no interface ${name}`);
  if (config.includes("no switchport\n")) return null;
  return {
    name,
    mode: found(/switchport mode (\w+)/, config),
    access_vlan: found(/switchport access vlan (\d+)/, config),
    trunk_native_vlan: found(/switchport trunk native vlan (\d+)/, config),
    trunk_allowed_vlans: found(/switchport trunk allowed vlan (.+)$/m, config),
    trunk_groups: allFound(/switchport trunk group (\S+)/g, config),
  };
}

function configure(node: EapiNode, name: unknown, command: string): Promise<boolean> {
  return node.configure([cli`interface ${name}`, command]);
}
