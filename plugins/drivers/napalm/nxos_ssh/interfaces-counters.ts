import { z } from "zod";
import { type NxosGetter, rows, word } from "../nxos/request.ts";

/** Counters of ports, port channels and the management port. Those in detail win; 0 where the device has none. */
export const getInterfacesCounters: NxosGetter = function* () {
  const detailed = yield* rows("show interface counters detailed", "interface", row);
  const interfaces = yield* rows("show interface", "interface", row);
  const found: Record<string, Record<string, number>> = {};
  // All interfaces stand in the second table, discards only there.
  for (const one of interfaces) {
    const counters = countersOf(one.interface);
    if (counters)
      found[one.interface] = Object.fromEntries(
        Object.keys(ETHERNET).map((name) => [name, numberOf(one[counters[name] ?? ""]) ?? 0]),
      );
  }
  for (const one of detailed) {
    const known = found[one.interface];
    for (const [name, counter] of Object.entries(countersOf(one.interface) ?? {})) {
      const value = numberOf(one[counter]);
      if (known && value !== undefined) known[name] = value;
    }
  }
  return found;
};

const row = z.looseObject({ interface: word });

function numberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : z.coerce.number().int().parse(value);
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
