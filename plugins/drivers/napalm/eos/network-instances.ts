import { z } from "zod";
import { getInterfacesIp } from "./interfaces.ts";
import { type EosGetter, json } from "./request.ts";

export const getNetworkInstances: EosGetter = function* (context) {
  const { vrfs } = yield* json("show vrf", vrfReply);
  const found = new Map(Object.entries(vrfs).map(([name, vrf]) => [name, instance(name, vrf)]));
  if (!found.has("default")) {
    // Older releases leave the default VRF out: it has what no other has.
    const taken = new Set(Object.values(vrfs).flatMap(({ interfaces }) => interfaces));
    const all = Object.keys(yield* getInterfacesIp(context));
    const interfaces = all.filter((one) => !taken.has(one));
    found.set("default", instance("default", { interfaces, routeDistinguisher: "" }));
  }
  const { name } = context.args;
  return Object.fromEntries([...found].filter(([one]) => !name || one === name));
};

function instance(name: string, { interfaces, routeDistinguisher }: z.infer<typeof vrf>) {
  return {
    name,
    type: name === "default" ? "DEFAULT_INSTANCE" : "L3VRF",
    state: {
      route_distinguisher: ["<not set>", "None"].includes(routeDistinguisher) ? "" : routeDistinguisher,
    },
    interfaces: { interface: Object.fromEntries(interfaces.map((one) => [one, {}])) },
  };
}

const vrf = z.object({ interfaces: z.array(z.string()), routeDistinguisher: z.string() });
const vrfReply = z.object({ vrfs: z.record(z.string(), vrf) });
