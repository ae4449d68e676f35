import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { type Asking, type IosGetter, output, outputOrRefusal } from "./request.ts";

type Vlans = Map<string, { name: string; interfaces: string[] }>;

/** VLANs with all their ports, trunks too; releases that cannot list them all are asked for one after the other. */
export const getVlans: IosGetter = function* () {
  const all = yield* outputOrRefusal("show vlan all-ports");
  return Object.fromEntries(all === undefined ? yield* oneByOne() : vlansOf(all));
};

function* oneByOne(): Asking<Vlans> {
  const vlans: Vlans = new Map();
  for (const [id, { name }] of vlansOf(yield* output("show vlan brief"))) {
    const found = vlansOf(yield* output(`show vlan id ${id}`));
    const [first, ...others] = found;
    if (others.length > 0)
      throw new InvalidValue(`the answer about VLAN ${id}`, [...found.keys()].join(", "));
    vlans.set(first?.[0] ?? id, first?.[1] ?? { name, interfaces: [] });
  }
  return vlans;
}

/** `1  default  active  Gi0/1, Gi0/2`; further ports stand alone on the lines below. */
const VLAN =
  /^(\d+)\s+(.*?)\s+(?:active|suspended|act\/[isl]shut|act\/unsup|sus\/[isl]shut)(?:\s+([A-Z][a-z].*))?\s*$/;
const MORE_PORTS = /^\s+([A-Z][a-z].*)$/;

function vlansOf(table: string): Vlans {
  const vlans: Vlans = new Map();
  let current: { name: string; interfaces: string[] } | undefined;
  for (const line of table.split("\n")) {
    const [, id, name = "", ports = ""] = VLAN.exec(line) ?? [];
    const more = current && MORE_PORTS.exec(line)?.[1];
    if (id !== undefined) {
      current = { name, interfaces: portsOf(ports) };
      vlans.set(id, current);
    } else if (current && more !== undefined) current.interfaces.push(...portsOf(more));
    else current = undefined;
  }
  return vlans;
}

function portsOf(list: string): string[] {
  return list
    .split(",")
    .map((port) => port.trim())
    .filter(Boolean)
    .map((port) => canonicalInterfaceName(port));
}
