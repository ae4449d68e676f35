import { CommandRefused } from "../getter.ts";
import { ipAddressOr } from "../values/ip-address.ts";
import { familyOf } from "./ping.ts";
import { type NxosGetter, text } from "./request.ts";

// NX-OS sends three probes to each hop and waits 5 s; neither can be changed.
const PROBES = 3;
const LOST_MS = 5000;

export const traceroute: NxosGetter = function* ({ args: { destination, source, vrf } }) {
  const command = `traceroute${familyOf(destination)} ${destination}${source ? ` source ${source}` : ""}${vrf ? ` vrf ${vrf}` : ""}`;
  try {
    const output = yield* text(command);
    return { success: Object.fromEntries(output.split("\n").flatMap(hopOf)) };
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    return { error: `Cannot execute traceroute on the device: ${command}` };
  }
};

function hopOf(line: string): [number, { probes: Record<number, object> }][] {
  const found = line.length <= LONGEST ? HOP.exec(line) : null;
  if (!found) return [];
  const probes: Record<number, object> = {};
  // A probe without an address went the same way as the one before it.
  let last = { host_name: "*", ip_address: "*" };
  for (let probe = 0; probe < PROBES; probe += 1) {
    const [whole, host, address, rtt] = found.slice(2 + 4 * probe, 6 + 4 * probe);
    const isLost = whole === "*";
    const here = isLost
      ? { host_name: "*", ip_address: "*" }
      : {
          host_name: host || last.host_name,
          ip_address: address ? ipAddressOr(address, address) : last.ip_address,
        };
    probes[probe + 1] = { ...here, rtt: rtt === undefined ? LOST_MS : Number(rtt) };
    last = here;
  }
  return [[Number(found[1]), { probes }]];
}

/** `host (address) (AS 1)  1.2 ms`, `1.2 ms` or `*` */
const PROBE = String.raw`\s+((?:([\w.:-]*)\s+\(?([\da-fA-F.:][^)\s]*)\)?(?:\s+\(AS\s+\d+\))?)?\s+(\d+\.\d+)\s+ms|\*)`;
const HOP = new RegExp(`^\\s*(\\d+)${PROBE.repeat(PROBES)}`);
// Three names and addresses fit; more is not a hop.
const LONGEST = 1000;
