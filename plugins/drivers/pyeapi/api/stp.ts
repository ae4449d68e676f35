import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { allFound, build, CHOICE, cli, oneOf, pattern } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

/** Spanning tree of the device. */
export const stp: ApiModule = {
  get: reads([], {}, async (node) => ({ interfaces: await ports(node), instances: {} })),
  set_mode: changes([], CHOICE, (node, args) => {
    if (!args.default && !args.disable) oneOf("value", args.value, ["mstp", "none"]);
    return node.configure([build("spanning-tree mode", args)]);
  }),
};

/** Instances of the spanning tree; pyeapi knows none. */
export const stpInstances: ApiModule = { getall: reads([], {}, () => ({})) };

/** Spanning tree of each Ethernet and port-channel interface. */
export const stpInterfaces: ApiModule = {
  get: reads(["name"], {}, (node, { name }) => (isPort(name) ? port(node, name) : null)),
  getall: reads([], {}, ports),
  set_portfast_type: changes(["name"], { value: "normal" }, (node, { name, value }) => {
    oneOf("value", value, ["network", "edge", "normal", null]);
    const commands = [cli`spanning-tree portfast ${value}`];
    if (value === "edge") commands.push("spanning-tree portfast auto");
    return configure(node, name, commands);
  }),
  set_portfast: changes(["name"], CHOICE, (node, args) =>
    configure(node, args.name, [
      build("spanning-tree portfast", { ...args, disable: args.disable || args.value === false }),
    ]),
  ),
  set_bpduguard: changes(["name"], { ...CHOICE, value: false }, (node, args) =>
    configure(node, args.name, [
      build("spanning-tree bpduguard", { ...args, value: args.value ? "enable" : "disable" }),
    ]),
  ),
};

async function port(node: EapiNode, name: unknown) {
  const config = await node.block(pattern`^interface\s${name}$`);
  if (config === undefined) throw new ArgumentError(`there is no interface ${name}`);
  const none = config.includes("no spanning-tree portfast");
  const network = config.includes("spanning-tree portfast network");
  return {
    bpduguard: config.includes("spanning-tree bpduguard enable"),
    portfast: !none,
    portfast_type: network ? "network" : none ? "normal" : "edge",
  };
}

async function ports(node: EapiNode): Promise<Record<string, unknown>> {
  const names = allFound(/^interface\s(.+)$/gm, await node.runningConfig()).filter(isPort);
  const all: Record<string, unknown> = {};
  for (const name of names) all[name] = await port(node, name);
  return all;
}

function configure(node: EapiNode, name: unknown, commands: readonly string[]): Promise<boolean> {
  if (!isPort(name)) throw new ArgumentError(`${name} has no spanning tree`);
  return node.configure([cli`interface ${name}`, ...commands]);
}

function isPort(name: unknown): boolean {
  return typeof name === "string" && /^(?:Et|Po)/.test(name);
}
