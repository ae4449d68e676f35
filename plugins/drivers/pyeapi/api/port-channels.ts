import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, cli, difference, found, foundNumber, interfaceSetter, pattern, textList } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** The methods that only port-channels have. */
export const portChannelMethods: ApiModule = {
  get_lacp_mode: reads(["name"], {}, (node, { name }) => lacpMode(node, name)),
  get_members: reads(["name"], {}, (node, { name }) => members(node, name)),
  set_members: changes(["name", "members"], { mode: null }, async (node, args) => {
    const group = groupOf(args.name);
    const current = await members(node, args.name);
    const wanted = textList("members", args.members);
    let mode: unknown = await lacpMode(node, args.name);
    if (args.mode && args.mode !== mode) {
      mode = args.mode;
      await setLacpMode(node, group, mode);
    }
    const commands = [
      ...difference(current, wanted).flatMap((member) => leave(member, group)),
      ...difference(wanted, current).flatMap((member) => join(member, group, mode)),
    ];
    return commands.length === 0 || node.configure(commands);
  }),
  set_lacp_mode: changes(["name", "mode"], {}, (node, { name, mode }) => setLacpMode(node, name, mode)),
  set_minimum_links: interfaceSetter("port-channel min-links"),
  set_lacp_fallback: changes(["name"], { mode: null }, (node, { name, mode }) => {
    if (!["disabled", "static", "individual"].includes(String(mode))) return false;
    const command = build("port-channel lacp fallback", { value: mode, disable: mode === "disabled" });
    return node.configure([cli`interface ${name}`, command]);
  }),
  set_lacp_timeout: changes(["name"], { value: null }, (node, { name, value }) =>
    node.configure([cli`interface ${name}`, build("port-channel lacp fallback timeout", { value })]),
  ),
};

/** What a port-channel has besides what every interface has. */
export async function getPortChannel(node: EapiNode, name: unknown, config: string) {
  return {
    type: "portchannel",
    members: await members(node, name),
    lacp_mode: await lacpMode(node, name),
    minimum_links: foundNumber(/port-channel min-links (\d+)/, config) ?? 0,
    lacp_timeout: foundNumber(/lacp fallback timeout (\d+)/, config) ?? 90,
    lacp_fallback: found(/lacp fallback (static|individual)/, config) ?? "disabled",
  };
}

/** Members as the device sees them: they need not be in the group's own configuration. */
async function members(node: EapiNode, name: unknown): Promise<string[]> {
  const output = await node.show(`show port-channel ${groupOf(name)} all-ports`);
  return output.match(/\b(?!Peer)Ethernet[\d/]*\b/g) ?? [];
}

async function lacpMode(node: EapiNode, name: unknown): Promise<string> {
  const [member] = await members(node, name);
  if (member === undefined) return "on";
  const config = (await node.block(pattern`^interface ${member}$`)) ?? "";
  return found(/channel-group\s\d+\smode\s(.+)/, config) ?? "on";
}

async function setLacpMode(node: EapiNode, name: unknown, mode: unknown): Promise<boolean> {
  if (!["on", "passive", "active"].includes(String(mode))) return false;
  const group = groupOf(name);
  const current = await members(node, name);
  return node.configure([
    ...current.flatMap((member) => leave(member, group)),
    ...current.flatMap((member) => join(member, group, mode)),
  ]);
}

function leave(member: string, group: string): string[] {
  return [`interface ${member}`, `no channel-group ${group}`];
}

function join(member: string, group: string, mode: unknown): string[] {
  return [`interface ${member}`, cli`channel-group ${group} mode ${mode}`];
}

function groupOf(name: unknown): string {
  const group = /\d+/.exec(String(name))?.[0];
  if (group === undefined) throw new ArgumentError(`${name} has no group number`);
  return group;
}
