import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { ipInterfaces } from "./facts.ts";
import { columns, type IosGetter, outputOrRefusal } from "./request.ts";

/** VRFs, and the default one with the interfaces that no other has. */
export const getNetworkInstances: IosGetter = function* ({ args: { name = "" } }) {
  const detail = yield* outputOrRefusal("show vrf detail");
  const left = new Set(yield* ipInterfaces());
  const vrfs = (detail ?? "")
    .split(/^(?=VRF \S.*default RD)/m)
    .filter((text) => text.startsWith("VRF "))
    .map(vrfOf);
  for (const { interfaces } of vrfs) for (const one of interfaces) left.delete(one);
  const instances = [
    instanceOf("default", "DEFAULT_INSTANCE", "", left),
    ...vrfs.map((vrf) => instanceOf(vrf.name, "L3VRF", vrf.distinguisher, vrf.interfaces)),
  ];
  const wanted = instances.filter((one) => name === "" || one.name === name);
  if (name !== "" && wanted.length === 0) throw new InvalidValue("a VRF of the device", String(name));
  return Object.fromEntries(wanted.map((one) => [one.name, one]));
};

function vrfOf(text: string): { name: string; distinguisher: string; interfaces: string[] } {
  const [head = ""] = text.split("Address family");
  const [, name, distinguisher = ""] = /^VRF ([^\s;]+).*RD (.*?);/.exec(head) ?? [];
  if (name === undefined) throw new InvalidValue("a VRF", head.slice(0, 80));
  const [, names = ""] = head.includes("No interfaces")
    ? []
    : (/Interfaces:((?:\s*\n\s+\S.*)*)/.exec(head) ?? []);
  return {
    name,
    distinguisher: distinguisher === "<not set>" ? "" : distinguisher,
    interfaces: columns(names).map((one) => canonicalInterfaceName(one, { Vl: "Vlan" })),
  };
}

function instanceOf(name: string, type: string, distinguisher: string, interfaces: Iterable<string>) {
  return {
    name,
    type,
    state: { route_distinguisher: distinguisher },
    interfaces: { interface: Object.fromEntries([...interfaces].map((one) => [one, {}])) },
  };
}
