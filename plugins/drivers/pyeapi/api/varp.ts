import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { allFound, build, cli, difference, found, pattern, textList } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

const MAC = /^ip\svirtual-router\smac-address\s((?:[a-f0-9]{2}:){5}[a-f0-9]{2})$/m;

/** Virtual addresses of a router pair: its common MAC address and, per VLAN interface, its addresses. */
export const varp: ApiModule = {
  get: reads([], {}, async (node) => ({
    mac_address: found(MAC, await node.runningConfig()),
    interfaces: await interfaces(node),
  })),
  set_mac_address: changes([], { mac_address: null, default: false, disable: false }, async (node, args) => {
    const { mac_address } = args;
    let command = "ip virtual-router mac-address";
    if (!args.default && !args.disable && !/^(?:[a-f0-9]{2}:){5}[a-f0-9]{2}/.test(String(mac_address)))
      throw new ArgumentError("mac_address must look like aa:bb:cc:dd:ee:ff");
    if (args.default || (args.disable && !mac_address)) {
      const current = found(MAC, await node.runningConfig());
      if (current) command += ` ${current}`;
    }
    return node.configure([build(command, { ...args, value: mac_address })]);
  }),
};

/** The virtual addresses of each VLAN interface. */
export const varpInterfaces: ApiModule = {
  get: reads(["name"], {}, (node, { name }) => addresses(node, name)),
  getall: reads([], {}, interfaces),
  set_addresses: changes(
    ["name"],
    { addresses: null, default: false, disable: false },
    async (node, args) => {
      const commands = [cli`interface ${args.name}`];
      if (args.default) commands.push("default ip virtual-router address");
      else if (args.disable || args.addresses === null) commands.push("no ip virtual-router address");
      else {
        const current = (await addresses(node, args.name))?.addresses ?? [];
        const wanted = textList("addresses", args.addresses);
        for (const entry of difference(current, wanted))
          commands.push(`no ip virtual-router address ${entry}`);
        for (const entry of difference(wanted, current)) commands.push(`ip virtual-router address ${entry}`);
      }
      return node.configure(commands);
    },
  ),
};

async function addresses(node: EapiNode, name: unknown) {
  const config = await node.block(pattern`^interface\s${name}$`);
  return config ? { addresses: allFound(/^\s+ip\svirtual-router\saddress\s(\S+)$/gm, config) } : null;
}

async function interfaces(node: EapiNode): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const name of allFound(/^interface\s(Vlan\d+)$/gm, await node.runningConfig())) {
    const entry = await addresses(node, name);
    if (entry) all[name] = entry;
  }
  return all;
}
