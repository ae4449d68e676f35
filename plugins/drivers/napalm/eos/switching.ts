import { z } from "zod";
import { macAddress } from "../values/mac-address.ts";
import { type EosGetter, json } from "./request.ts";

export const getMacAddressTable: EosGetter = function* () {
  const { unicastTable } = yield* json("show mac address-table", table);
  return unicastTable.tableEntries.map((one) => ({
    mac: macAddress(one.macAddress),
    interface: one.interface,
    vlan: one.vlanId,
    active: true,
    static: one.entryType === "static",
    moves: one.moves,
    last_move: one.lastMove,
  }));
};

const entry = z.object({
  macAddress: z.string(),
  interface: z.string(),
  vlanId: z.number(),
  entryType: z.string().optional(),
  moves: z.number().default(0),
  lastMove: z.number().default(0),
});
const table = z.object({
  unicastTable: z.object({ tableEntries: z.array(entry).default([]) }).prefault({}),
});

export const getVlans: EosGetter = function* () {
  const reply = yield* json("show vlan", vlans);
  return Object.fromEntries(
    Object.entries(reply.vlans).map(([id, { name, interfaces }]) => [
      id,
      { name, interfaces: Object.keys(interfaces) },
    ]),
  );
};

const vlans = z.object({
  vlans: z.record(z.string(), z.object({ name: z.string(), interfaces: z.record(z.string(), z.unknown()) })),
});

export const getOptics: EosGetter = function* () {
  const { interfaces } = yield* json("show interfaces transceiver", optics);
  return Object.fromEntries(
    Object.entries(interfaces).map(([port, { rxPower, txPower, txBias }]) => {
      const levels = {
        input_power: level(rxPower),
        output_power: level(txPower),
        laser_bias_current: level(txBias),
      };
      return [port, { physical_channels: { channel: [{ index: 0, state: levels }] } }];
    }),
  );
};

/** EOS tells the present value only. */
function level(instant: number) {
  return { instant, avg: 0, min: 0, max: 0 };
}

/** 0 where a transceiver has no such sensor. */
const reading = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const optics = z.object({
  interfaces: z.record(z.string(), z.object({ rxPower: reading, txPower: reading, txBias: reading })),
});
