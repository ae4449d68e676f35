import { z } from "zod";
import { CommandRefused } from "../getter.ts";
import { inNaturalOrder } from "../values/interface-name.ts";
import { ipAddress, ipAddressOr } from "../values/ip-address.ts";
import { macAddressOrEmpty } from "../values/mac-address.ts";
import { type EosGetter, json, jsonOfEach } from "./request.ts";

export const getFacts: EosGetter = function* ({ now }) {
  const replies = yield* jsonOfEach(["show version", "show hostname", "show interfaces"]);
  const [version, name, { interfaces }] = facts.parse(replies);
  return {
    hostname: name.hostname,
    fqdn: name.fqdn,
    vendor: "Arista",
    model: version.modelName,
    serial_number: version.serialNumber,
    os_version: version.internalVersion,
    uptime: now - version.bootupTimestamp,
    interface_list: inNaturalOrder(Object.keys(interfaces).filter((one) => !one.includes("."))),
  };
};

const facts = z.tuple([
  z.object({
    modelName: z.string(),
    serialNumber: z.string(),
    internalVersion: z.string(),
    bootupTimestamp: z.number(),
  }),
  z.object({ hostname: z.string(), fqdn: z.string() }),
  z.object({ interfaces: z.custom<object>((value) => typeof value === "object" && value !== null) }),
]);

export const getInterfaces: EosGetter = function* () {
  const { interfaces } = yield* json("show interfaces", state);
  return mapValues(interfaces, (one) => {
    const isUp = one.lineProtocolStatus === "up";
    return {
      is_up: isUp,
      is_enabled: isUp || one.interfaceStatus !== "disabled",
      description: one.description,
      last_flapped: one.lastStatusChangeTimestamp,
      mtu: Math.trunc(one.mtu),
      speed: one.bandwidth / 1e6,
      mac_address: macAddressOrEmpty(one.physicalAddress),
    };
  });
};

const state = z.object({
  interfaces: z.record(
    z.string(),
    z.object({
      lineProtocolStatus: z.string(),
      interfaceStatus: z.string(),
      description: z.string(),
      lastStatusChangeTimestamp: z.number().default(-1),
      mtu: z.number(),
      bandwidth: z.number(),
      physicalAddress: z.string().optional(),
    }),
  ),
});

export const getInterfacesCounters: EosGetter = function* () {
  const { interfaces } = yield* json("show interfaces", counters);
  const counted = Object.entries(interfaces).filter(([, one]) => one.hardware !== "subinterface");
  return mapValues(Object.fromEntries(counted), ({ interfaceCounters }) =>
    mapValues(COUNTERS, (key) => interfaceCounters[key] ?? -1),
  );
};

const counters = z.object({
  interfaces: z.record(
    z.string(),
    z.object({ hardware: z.string(), interfaceCounters: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

const COUNTERS = {
  tx_octets: "outOctets",
  rx_octets: "inOctets",
  tx_unicast_packets: "outUcastPkts",
  rx_unicast_packets: "inUcastPkts",
  tx_multicast_packets: "outMulticastPkts",
  rx_multicast_packets: "inMulticastPkts",
  tx_broadcast_packets: "outBroadcastPkts",
  rx_broadcast_packets: "inBroadcastPkts",
  tx_discards: "outDiscards",
  rx_discards: "inDiscards",
  tx_errors: "totalOutErrors",
  rx_errors: "totalInErrors",
};

type Addresses = Record<string, { prefix_length: number }>;

export const getInterfacesIp: EosGetter<Record<string, { ipv4: Addresses; ipv6: Addresses }>> = function* () {
  const { interfaces: four } = yield* json("show ip interface", ipv4);
  const six = yield* ipv6Interfaces();
  const names = [...new Set([...Object.keys(four), ...Object.keys(six)])];
  const entries = names.map((name) => [name, { ipv4: ipv4Of(four[name]), ipv6: ipv6Of(six[name]) }] as const);
  return Object.fromEntries(entries);
};

function* ipv6Interfaces() {
  try {
    return (yield* json("show ipv6 interface", ipv6)).interfaces;
  } catch (error) {
    if (error instanceof CommandRefused && error.message.includes("No IPv6 configured interfaces")) return {};
    throw error;
  }
}

function ipv4Of(one: z.infer<typeof ipv4Interface> | undefined): Addresses {
  const { primaryIp, secondaryIpsOrderedList = [] } = one?.interfaceAddress ?? {};
  const primary = primaryIp && primaryIp.address !== "0.0.0.0" ? [primaryIp] : [];
  return Object.fromEntries(
    [...primary, ...secondaryIpsOrderedList].map((ip) => [
      ipAddress(ip.address),
      { prefix_length: ip.maskLen },
    ]),
  );
}

function ipv6Of(one: z.infer<typeof ipv6Interface> | undefined): Addresses {
  const all = [...(one?.linkLocal ? [one.linkLocal] : []), ...(one?.addresses ?? [])];
  return Object.fromEntries(
    all
      .map(
        ({ address, subnet }) =>
          [ipAddressOr("", address), { prefix_length: Number(subnet.split("/").at(-1)) }] as const,
      )
      .filter(([address]) => address !== ""),
  );
}

const masked = z.object({ address: z.string(), maskLen: z.number() });
const ipv4Interface = z.object({
  interfaceAddress: z
    .looseObject({ primaryIp: masked.optional(), secondaryIpsOrderedList: z.array(masked).optional() })
    .optional(),
});
const ipv4 = z.object({ interfaces: z.record(z.string(), ipv4Interface) });
const prefixed = z.object({ address: z.string().optional(), subnet: z.string().default("::/0") });
const ipv6Interface = z.object({ linkLocal: prefixed.optional(), addresses: z.array(prefixed) });
const ipv6 = z.object({ interfaces: z.record(z.string(), ipv6Interface) });

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  change: (value: In) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
