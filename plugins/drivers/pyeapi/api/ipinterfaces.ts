import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { allFound, build, CHOICE, cli, foundNumber, interfaceSetter, pattern, whole } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** The smallest and largest IP MTU that EOS takes. */
const MTU = { least: 68, most: 65_535 };

/** Layer-3 interfaces: addresses and MTU. */
export const ipinterfaces: ApiModule = {
  get: reads(["name"], {}, (node, { name }) => get(node, name)),
  getall: reads([], {}, async (node) => {
    const all: Record<string, unknown> = {};
    for (const name of allFound(/^interface\s(.+)/gm, await node.runningConfig())) {
      const entry = await get(node, name);
      if (entry) all[name] = entry;
    }
    return all;
  }),
  create: changes(["name"], {}, (node, { name }) =>
    node.configure([cli`interface ${name}`, "no switchport"]),
  ),
  delete: changes(["name"], {}, (node, { name }) =>
    node.configure([cli`interface ${name}`, "no ip address", "switchport"]),
  ),
  set_address: interfaceSetter("ip address"),
  set_mtu: changes(["name"], CHOICE, (node, args) => {
    const value = args.value === null ? null : whole("mtu", args.value, MTU.least, MTU.most);
    return node.configure([cli`interface ${args.name}`, build("mtu", { ...args, value })]);
  }),
};

async function get(node: EapiNode, name: unknown) {
  const config = await node.block(pattern`^interface ${name}$`);
  if (config === undefined) throw new ArgumentError(`there is no interface ${name}`);
  if (/^(?:Et|Po)/.test(String(name)) && !/no switchport$/m.test(config)) return null;
  const [address = null, ...secondary] = allFound(/ip address (\S+)/g, config);
  return {
    name,
    address,
    ...(secondary.length > 0 && { secondary }),
    mtu: foundNumber(/mtu (\d+)/, config),
  };
}
