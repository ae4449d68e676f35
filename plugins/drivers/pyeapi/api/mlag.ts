import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { allFound, build, CHOICE, found, interfaceSetter, pattern } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** Multi-chassis link aggregation: the domain and the port-channels in it. */
export const mlag: ApiModule = {
  get: reads([], {}, async (node) => ({ config: await domain(node), interfaces: await interfaces(node) })),
  set_domain_id: setter("domain-id"),
  set_local_interface: setter("local-interface"),
  set_peer_address: setter("peer-address"),
  set_peer_link: setter("peer-link"),
  set_shutdown: changes([], { default: false, disable: true }, (node, args) =>
    node.configure(["mlag configuration", build("shutdown", { ...args, value: true })]),
  ),
  set_mlag_id: interfaceSetter("mlag"),
};

function setter(command: string) {
  return changes([], CHOICE, (node, args) => node.configure(["mlag configuration", build(command, args)]));
}

async function domain(node: EapiNode) {
  const config = await node.block(/^mlag configuration$/);
  if (config === undefined) throw new ArgumentError("the device has no MLAG configuration");
  return {
    domain_id: found(/domain-id (.+)$/m, config),
    local_interface: found(/local-interface (\w+)/, config),
    peer_address: found(/peer-address (\d+\.\d+\.\d+\.\d+)$/m, config),
    peer_link: found(/peer-link (\S+)/, config),
    shutdown: !config.includes("no shutdown"),
  };
}

async function interfaces(node: EapiNode) {
  const all: Record<string, { readonly mlag_id: string }> = {};
  for (const name of allFound(/^interface (Po.+)$/gm, await node.runningConfig())) {
    const id = found(/mlag (\d+)/, (await node.block(pattern`^interface ${name}$`)) ?? "");
    if (id !== null) all[name] = { mlag_id: id };
  }
  return all;
}
