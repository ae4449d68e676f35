import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, cli, found } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** Time servers and the interface they are asked from. */
export const ntp: ApiModule = {
  get: reads([], {}, async (node) => {
    const config = await node.runningConfig();
    if (!config) return null;
    const servers = [...config.matchAll(/ntp server (\S+) ?(prefer)?/g)];
    return {
      source_interface: found(new RegExp(`^${await source(node)} (\\S+)`, "m"), config),
      servers: servers.map(([, server = "", prefer]) => ({ [server]: prefer ?? null })),
    };
  }),
  create: changes(["name"], {}, setSource),
  delete: changes([], {}, async (node) => node.configure([`no ${await source(node)}`])),
  default: changes([], {}, async (node) => node.configure([`default ${await source(node)}`])),
  set_source_interface: changes(["name"], {}, setSource),
  add_server: changes(["name"], { prefer: false }, (node, { name, prefer }) => {
    if (typeof name !== "string" || name.trim() === "")
      throw new ArgumentError("name must be the name or address of a time server");
    return node.configure([cli`ntp server ${name}${prefer ? " prefer" : ""}`]);
  }),
  remove_server: changes(["name"], {}, (node, { name }) =>
    node.configure([build("no ntp server", { value: name })]),
  ),
  remove_all_servers: changes([], {}, (node) => node.configure(["no ntp"])),
};

async function setSource(node: EapiNode, { name }: { readonly name: unknown }): Promise<boolean> {
  return node.configure([build(await source(node), { value: name })]);
}

/** EOS 4.23 renamed the command. */
async function source(node: EapiNode): Promise<string> {
  return (await node.versionAtLeast("4.23")) ? "ntp local-interface" : "ntp source";
}
