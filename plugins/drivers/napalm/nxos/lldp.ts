import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { lldpCapabilities } from "../values/lldp-capabilities.ts";
import { type Asking, type NxosGetter, text } from "./request.ts";

/** Neighbours by the full name of the own interface. One that tells no name is called by its chassis. */
export const getLldpNeighbors: NxosGetter = function* () {
  const byInterface = yield* neighboursOf("");
  return Object.fromEntries(
    [...byInterface].map(([name, neighbours]) => [
      name,
      neighbours.map(({ remote_port, remote_system_name, remote_chassis_id }) => ({
        port: remote_port,
        hostname: remote_system_name === "N/A" ? remote_chassis_id : remote_system_name,
      })),
    ]),
  );
};

export const getLldpNeighborsDetail: NxosGetter = function* ({ args }) {
  return Object.fromEntries(yield* neighboursOf(String(args.interface ?? "")));
};

type Neighbour = ReturnType<typeof neighbourOf>;

function* neighboursOf(only: string): Asking<Map<string, Neighbour[]>> {
  const output = yield* text(`show lldp neighbors ${only ? `interface ${only} ` : ""}detail`);
  const byInterface = new Map<string, Neighbour[]>();
  // A neighbour begins with its chassis; before the first stands the legend.
  for (const block of output.split(/^(?=Chassis id:)/m)) {
    if (!block.startsWith("Chassis id:")) continue;
    const local = advertised(block, LOCAL_PORT);
    if (local === "") throw new InvalidValue("an LLDP neighbour with the local port", block.slice(0, 200));
    const name = canonicalInterfaceName(local);
    byInterface.set(name, [...(byInterface.get(name) ?? []), neighbourOf(block)]);
  }
  return byInterface;
}

function neighbourOf(block: string) {
  return {
    parent_interface: "",
    remote_chassis_id: advertised(block, CHASSIS),
    remote_port: advertised(block, PORT),
    remote_port_description: advertised(block, PORT_DESCRIPTION),
    remote_system_name: advertised(block, SYSTEM_NAME),
    remote_system_description: advertised(block, SYSTEM_DESCRIPTION),
    remote_system_capab: lldpCapabilities(advertised(block, CAPABILITIES)),
    remote_system_enable_capab: lldpCapabilities(advertised(block, ENABLED_CAPABILITIES)),
  };
}

const CHASSIS = /^Chassis id:[ \t]+(.*)/m;
const PORT = /^Port id:[ \t]+(.*)/m;
const LOCAL_PORT = /^Local Port id:[ \t]+(.*)/m;
const PORT_DESCRIPTION = /^Port Description:[ \t]+(.*)/m;
const SYSTEM_NAME = /^System Name:[ \t]+(.*)/m;
const SYSTEM_DESCRIPTION = /^System Description:[ \t]+(.*)/m;
const CAPABILITIES = /^System Capabilities:[ \t]+(.*)/m;
const ENABLED_CAPABILITIES = /^Enabled Capabilities:[ \t]+(.*)/m;

/** The first line of a value; empty where the neighbour does not advertise it. */
function advertised(block: string, pattern: RegExp): string {
  const value = pattern.exec(block)?.[1] ?? "";
  return value.includes("not advertised") ? "" : value;
}
