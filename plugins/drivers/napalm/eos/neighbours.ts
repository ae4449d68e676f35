import { z } from "zod";
import { CommandRefused } from "../getter.ts";
import { ipAddress } from "../values/ip-address.ts";
import { lldpCapabilityNames } from "../values/lldp-capabilities.ts";
import { macAddress } from "../values/mac-address.ts";
import { type EosGetter, json } from "./request.ts";

export const getArpTable: EosGetter = function* ({ args: { vrf = "" } }) {
  const vrfs = yield* arpOfVrfs();
  return Object.entries(vrfs)
    .filter(([name]) => vrf === "" || name === vrf)
    .flatMap(([, { ipV4Neighbors }]) => ipV4Neighbors)
    .map((one) => ({
      interface: one.interface,
      mac: macAddress(one.hwAddress),
      ip: ipAddress(one.address),
      age: one.age,
    }));
};

/** A release without VRFs refuses the command: it has no table to show. */
function* arpOfVrfs() {
  try {
    return (yield* json("show arp vrf all", arp)).vrfs;
  } catch (error) {
    if (error instanceof CommandRefused) return {};
    throw error;
  }
}

const arp = z.object({
  vrfs: z.record(
    z.string(),
    z.object({
      ipV4Neighbors: z
        .array(
          z.object({
            interface: z.string(),
            hwAddress: z.string(),
            address: z.string(),
            age: z.number().default(-1),
          }),
        )
        .default([]),
    }),
  ),
});

export const getLldpNeighbors: EosGetter = function* () {
  const { lldpNeighbors } = yield* json("show lldp neighbors", lldp);
  const ports = Map.groupBy(lldpNeighbors, ({ port }) => port);
  return Object.fromEntries(
    [...ports].map(([port, found]) => [
      port,
      found.map(({ neighborDevice, neighborPort }) => ({ hostname: neighborDevice, port: neighborPort })),
    ]),
  );
};

const lldp = z.object({
  lldpNeighbors: z.array(
    z.object({ port: z.string(), neighborDevice: z.string(), neighborPort: z.string() }),
  ),
});

export const getLldpNeighborsDetail: EosGetter = function* ({ args: { interface: only = "" } }) {
  const { lldpNeighbors } = yield* json(`show lldp neighbors ${only} detail`, lldpDetail);
  return Object.fromEntries(
    Object.entries(lldpNeighbors)
      .filter(([, { lldpNeighborInfo }]) => lldpNeighborInfo.length > 0)
      .map(([name, { lldpNeighborInfo }]) => [name, lldpNeighborInfo.map((one) => neighbourOf(name, one))]),
  );
};

function neighbourOf(parent: string, one: z.infer<typeof neighbour>) {
  const capabilities = Object.entries(one.systemCapabilities);
  return {
    parent_interface: parent,
    remote_port: one.neighborInterfaceInfo.interfaceId.replaceAll('"', ""),
    remote_port_description: one.neighborInterfaceInfo.interfaceDescription,
    remote_system_name: one.systemName,
    remote_system_description: one.systemDescription,
    remote_chassis_id: one.chassisIdType === "macAddress" ? macAddress(one.chassisId) : one.chassisId,
    remote_system_capab: eosCapabilities(capabilities.map(([name]) => name)),
    remote_system_enable_capab: eosCapabilities(capabilities.filter(([, on]) => on).map(([name]) => name)),
  };
}

/** EOS names capabilities in words of its own. */
function eosCapabilities(names: readonly string[]): string[] {
  return lldpCapabilityNames(names.map((name) => LETTERS[name.toLowerCase()] ?? name));
}

const LETTERS: Readonly<Record<string, string>> = {
  other: "o",
  repeater: "p",
  bridge: "b",
  wlanaccesspoint: "w",
  router: "r",
  telephone: "t",
  docsis: "c",
  station: "s",
  stationonly: "s",
};

const neighbour = z.object({
  chassisId: z.string().default(""),
  chassisIdType: z.string().default(""),
  systemName: z.string().default(""),
  systemDescription: z.string().default(""),
  systemCapabilities: z.record(z.string(), z.boolean()).default({}),
  neighborInterfaceInfo: z
    .looseObject({ interfaceId: z.string().default(""), interfaceDescription: z.string().default("") })
    .prefault({}),
});
const lldpDetail = z.object({
  lldpNeighbors: z
    .record(z.string(), z.object({ lldpNeighborInfo: z.array(neighbour).default([]) }))
    .default({}),
});
