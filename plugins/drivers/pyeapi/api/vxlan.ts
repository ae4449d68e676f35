import { CliVariants } from "../../../../src/device/eapi/cli-variants.ts";
import { allFound, build, CHOICE, cli, found, foundNumber, interfaceSetter, isSet } from "./command.ts";
import { type ApiModule, changes } from "./method.ts";

/** The methods that only VXLAN interfaces have. */
export const vxlanMethods: ApiModule = {
  set_source_interface: interfaceSetter("vxlan source-interface"),
  set_multicast_group: changes(["name"], CHOICE, (node, args) =>
    node.configure([
      cli`interface ${args.name}`,
      new CliVariants(build("vxlan multicast-group decap", args), build("vxlan multicast-group", args)),
    ]),
  ),
  set_multicast_decap: changes(["name"], { default: false, disable: false }, (node, args) =>
    node.configure([
      cli`interface ${args.name}`,
      build("vxlan multicast-group decap", { ...args, value: true }),
    ]),
  ),
  set_udp_port: interfaceSetter("vxlan udp-port"),
  add_vtep: vtep("add"),
  remove_vtep: vtep("remove"),
  update_vlan: changes(["name", "vid", "vni"], {}, (node, { name, vid, vni }) =>
    node.configure([cli`interface ${name}`, cli`vxlan vlan add ${vid} vni ${vni}`]),
  ),
  remove_vlan: changes(["name", "vid"], {}, (node, { name, vid }) =>
    node.configure([
      cli`interface ${name}`,
      new CliVariants(cli`vxlan vlan remove ${vid} vni $`, cli`vxlan vlan remove ${vid} vni`),
    ]),
  ),
};

function vtep(verb: "add" | "remove") {
  return changes(["name", "vtep"], { vlan: null }, (node, args) => {
    const scope = isSet(args.vlan) ? cli`vlan ${args.vlan} ` : "";
    return node.configure([cli`interface ${args.name}`, cli`vxlan ${scope}flood vtep ${verb} ${args.vtep}`]);
  });
}

/** What a VXLAN interface has besides what every interface has. */
export function getVxlan(config: string) {
  const decap = config.includes("vxlan multicast-group decap");
  return {
    type: "vxlan",
    source_interface: found(/vxlan source-interface (\S+)/, config) ?? "",
    multicast_group: found(/vxlan multicast-group (\d{3}\.\d+\.\d+\.\d+)/, config) ?? "",
    udp_port: foundNumber(/vxlan udp-port (\d+)/, config),
    vlans: Object.fromEntries(allFound(/vxlan vlan (\d+)/g, config).map((id) => [id, vlan(id, config)])),
    flood_list: found(/^ *vxlan flood vtep +([\d. ]+)$/m, config)?.split(" ") ?? [],
    multicast_decap: decap && !config.includes("no vxlan multicast-group decap"),
  };
}

function vlan(id: string, config: string) {
  const vteps = found(new RegExp(`vxlan vlan ${id} flood vtep (.*)$`, "m"), config);
  return {
    vni: found(new RegExp(`vxlan vlan ${id} vni (\\d+)`), config),
    flood_list: vteps?.split(" ") ?? [],
  };
}
