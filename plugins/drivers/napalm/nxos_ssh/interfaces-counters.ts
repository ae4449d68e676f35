import { z } from "zod";
import { type NxosGetter, number, rows, word } from "../nxos/request.ts";

/** Counters of ports, port channels and the management port. Those in detail win; 0 where the device has none. */
export const getInterfacesCounters: NxosGetter = function* () {
  const detailed = yield* rows("show interface counters detailed", "interface", tableRows);
  const interfaces = yield* rows("show interface", "interface", tableRows);
  const found: Record<string, Record<string, number>> = {};
  // All interfaces stand in the second table, discards only there.
  for (const row of interfaces) {
    const name = nameOf(row);
    if (countersOf(name)) found[name] = { ...NONE, ...told(name, row) };
  }
  for (const row of detailed) {
    const name = nameOf(row);
    const known = found[name];
    if (known) Object.assign(known, told(name, row));
  }
  return found;
};

const tableRows = z.array(z.unknown());
const named = z.object({ interface: word });
const nameOf = (row: unknown) => named.parse(row).interface;

/** What a row tells, under NAPALM's names. */
function told(interfaceName: string, row: unknown): Record<string, number> {
  const counted = counters.parse(row);
  return Object.fromEntries(
    Object.entries(countersOf(interfaceName) ?? {}).flatMap(([name, counter]) => {
      const value = counted[counter];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function countersOf(name: string): Readonly<Record<string, string>> | undefined {
  if (/^(?:Ether|port-channel)/.test(name)) return ETHERNET;
  return name.startsWith("mgm") ? MANAGEMENT : undefined;
}

const ETHERNET: Readonly<Record<string, string>> = {
  tx_errors: "eth_outerr",
  rx_errors: "eth_inerr",
  tx_discards: "eth_outdiscard",
  rx_discards: "eth_indiscard",
  tx_octets: "eth_outbytes",
  rx_octets: "eth_inbytes",
  tx_unicast_packets: "eth_outucast",
  rx_unicast_packets: "eth_inucast",
  tx_multicast_packets: "eth_outmcast",
  rx_multicast_packets: "eth_inmcast",
  tx_broadcast_packets: "eth_outbcast",
  rx_broadcast_packets: "eth_inbcast",
};

const MANAGEMENT: Readonly<Record<string, string>> = {
  tx_octets: "mgmt_out_bytes",
  rx_octets: "mgmt_in_bytes",
  tx_multicast_packets: "mgmt_out_mcast",
  rx_multicast_packets: "mgmt_in_mcast",
};

const NONE = Object.fromEntries(Object.keys(ETHERNET).map((name) => [name, 0]));

const known = [...Object.values(ETHERNET), ...Object.values(MANAGEMENT)];
const counters = z.object(Object.fromEntries(known.map((counter) => [counter, number.optional()])));
