import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, CHOICE, cli, found, interfaceSetter, oneOf, pattern } from "./command.ts";
import { type ApiMethod, type ApiModule, changes, type EapiNode, reads, selects } from "./method.ts";
import { getPortChannel, portChannelMethods } from "./port-channels.ts";
import { getVxlan, vxlanMethods } from "./vxlan.ts";

/** What every interface has. */
export const plainInterfaces: ApiModule = {
  get: reads(["name"], {}, (node, { name }) => get(node, name, () => ({ type: "generic" }))),
  create: changes(["name"], {}, (node, { name }) => node.configure([cli`interface ${name}`])),
  delete: changes(["name"], {}, (node, { name }) => node.configure([cli`no interface ${name}`])),
  default: changes(["name"], {}, (node, { name }) => node.configure([cli`default interface ${name}`])),
  set_encapsulation: changes(["name", "vid"], { default: false, disable: false }, (node, args) => {
    if (!/^(?:Et|Po).*\./.test(String(args.name)))
      throw new ArgumentError(
        "an encapsulation needs a subinterface of an Ethernet or Port-Channel interface",
      );
    const command = build("encapsulation dot1q vlan", { ...args, value: String(args.vid) });
    return node.configure([cli`interface ${args.name}`, command]);
  }),
  set_description: interfaceSetter("description"),
  set_shutdown: changes(["name"], { default: false, disable: true }, (node, args) =>
    node.configure([cli`interface ${args.name}`, build("shutdown", { ...args, value: true })]),
  ),
};

/** Ethernet interfaces: flow control, sFlow and VRF besides. */
export const ethernetInterfaces: ApiModule = {
  ...plainInterfaces,
  get: reads(["name"], {}, (node, { name }) =>
    get(node, name, (config) => ({
      type: "ethernet",
      sflow: !config.includes("no sflow"),
      flowcontrol_send: found(/flowcontrol send (\w+)$/m, config) ?? "off",
      flowcontrol_receive: found(/flowcontrol receive (\w+)$/m, config) ?? "off",
    })),
  ),
  create: changes(["name"], {}, (node, { name }) => node.configure([cli`interface ${subinterface(name)}`])),
  delete: changes(["name"], {}, (node, { name }) =>
    node.configure([cli`no interface ${subinterface(name)}`]),
  ),
  set_flowcontrol: changes(["name", "direction"], CHOICE, (node, args) => {
    oneOf("direction", args.direction, ["send", "receive"]);
    return setFlowControl(node, args);
  }),
  set_flowcontrol_send: changes(["name"], CHOICE, (node, args) =>
    setFlowControl(node, { ...args, direction: "send" }),
  ),
  set_flowcontrol_receive: changes(["name"], CHOICE, (node, args) =>
    setFlowControl(node, { ...args, direction: "receive" }),
  ),
  set_sflow: changes(["name"], CHOICE, (node, args) => {
    oneOf("value", args.value, [true, false, null]);
    return node.configure([cli`interface ${args.name}`, build("sflow enable", args)]);
  }),
  set_vrf: changes(["name", "vrf"], { default: false, disable: false }, async (node, args) => {
    const keyword = (await node.versionAtLeast("4.23")) ? "vrf" : "vrf forwarding";
    return node.configure([cli`interface ${args.name}`, build(keyword, { ...args, value: args.vrf })]);
  }),
};

/** Port-channels: members, LACP and minimum links besides. */
export const portChannelInterfaces: ApiModule = {
  ...plainInterfaces,
  ...portChannelMethods,
  get: reads(["name"], {}, (node, { name }) =>
    get(node, name, (config) => getPortChannel(node, name, config)),
  ),
};

/** VXLAN: source, flooding, VLANs besides. */
export const vxlanInterfaces: ApiModule = {
  ...plainInterfaces,
  ...vxlanMethods,
  get: reads(["name"], {}, (node, { name }) => get(node, name, getVxlan)),
};

const KINDS: Readonly<Record<string, ApiModule>> = {
  Et: ethernetInterfaces,
  Po: portChannelInterfaces,
  Vx: vxlanInterfaces,
};

/** All interfaces. The other methods are those of the interface's kind, which its name tells. */
export const interfaces: ApiModule = {
  ...selectors(),
  get: selects("name", true, (_node, name) => methodOf(name, "get")),
  getall: reads([], {}, async (node) => {
    const all: Record<string, unknown> = {};
    for (const [, name = ""] of (await node.runningConfig()).matchAll(/^interface\s(.+)$/gm)) {
      const entry = await methodOf(name, "get").run(node, { name });
      if (entry) all[name] = entry;
    }
    return all;
  }),
};

const NAME = /^(?:Ethernet|Management|Loopback|Port-Channel|Vlan|Vxlan)(?![a-zC-])/;

function selectors(): ApiModule {
  const known = Object.assign({}, plainInterfaces, ...Object.values(KINDS)) as ApiModule;
  return Object.fromEntries(
    Object.entries(known).map(([name, { readsOnly }]) => [
      name,
      selects("name", readsOnly, (_node, target) => {
        if (!NAME.test(String(target))) throw new ArgumentError(`${target} is not the name of an interface`);
        return methodOf(target, name);
      }),
    ]),
  );
}

function methodOf(target: unknown, name: string): ApiMethod {
  const method = (KINDS[String(target).slice(0, 2)] ?? plainInterfaces)[name];
  if (!method) throw new ArgumentError(`${name} is not for an interface such as ${target}`);
  return method;
}

async function get(
  node: EapiNode,
  name: unknown,
  more: (config: string) => Record<string, unknown> | Promise<Record<string, unknown>>,
) {
  const config = await node.block(pattern`^interface ${name}$`);
  if (!config) return null;
  return {
    name,
    shutdown: !config.includes("no shutdown"),
    description: found(/(?<!no )description (.+)$/m, config),
    ...(await more(config)),
  };
}

function subinterface(name: unknown): unknown {
  if (String(name).includes(".")) return name;
  throw new ArgumentError(`${name} is a physical interface; only subinterfaces can be created and deleted`);
}

function setFlowControl(
  node: EapiNode,
  args: {
    readonly name: unknown;
    readonly direction: unknown;
    readonly value: unknown;
    readonly default: unknown;
    readonly disable: unknown;
  },
): Promise<boolean> {
  if (args.value !== null) oneOf("value", args.value, ["on", "off"]);
  return node.configure([cli`interface ${args.name}`, build(cli`flowcontrol ${args.direction}`, args)]);
}
