import { elapsedSeconds } from "../nxos/elapsed.ts";
import { type Asking, type NxosGetter, text } from "../nxos/request.ts";
import { canonicalInterfaceName } from "../values/interface-name.ts";
import { bgpAttributes } from "./bgp-route.ts";

/** Routes of all VRFs to a destination, by prefix. */
export const getRouteTo: NxosGetter = function* ({ args: { destination, protocol } }) {
  const output = yield* text(`show ip route vrf all ${destination}`);
  const routes: Record<string, object[]> = {};
  for (const section of output.split(/^IP Route Table for /m).slice(1)) {
    const vrf = VRF.exec(section)?.[1];
    if (vrf === undefined || section.includes("Route not found")) continue;
    let prefix: string | undefined;
    for (const line of section.split("\n")) {
      const begun = PREFIX.exec(line)?.[1];
      if (begun !== undefined) {
        prefix = begun;
        routes[prefix] ??= [];
      }
      const via = VIA.exec(line)?.groups;
      if (!via || prefix === undefined || (protocol && protocol !== via.source)) continue;
      routes[prefix]?.push(yield* routeOf(via, prefix, vrf));
    }
  }
  return routes;
};

function* routeOf(
  via: Readonly<Record<string, string | undefined>>,
  prefix: string,
  vrf: string,
): Asking<object> {
  const { used, address = "", port, metric, age = "", source } = via;
  const isUsed = used === "*";
  return {
    protocol: source,
    outgoing_interface: port === undefined ? "" : canonicalInterfaceName(port),
    age: elapsedSeconds(age, 365) ?? -1,
    current_active: isUsed,
    routing_table: vrf,
    last_active: isUsed,
    next_hop: address,
    selected_next_hop: isUsed,
    inactive_reason: "",
    preference: Number(metric),
    protocol_attributes: source === "bgp" ? yield* bgpAttributes(prefix, vrf, address) : {},
  };
}

const VRF = /^VRF "(\S+)"/;
/** `10.10.56.0/24, ubest/mbest: 2/0` */
const PREFIX = /^(\d+\.\d+\.\d+\.\d+\/\d+), ubest/;
/** `    *via 10.17.209.132%vrf2, Po87.3606, [20/20], 1y25w, bgp-65000, external, tag 65000` */
const VIA =
  /^ {4}(?<used>[*| ])via (?:(?<address>\d+\.\d+\.\d+\.\d+)(?:%\S+)?, )?(?:(?<port>[\w./:-]+), )?\[\d+\/(?<metric>\d+)\], (?<age>[\w:]+), (?<source>\w+)/;
