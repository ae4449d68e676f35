import { z } from "zod";
import { ipAddress } from "../values/ip-address.ts";
import { macAddress, macAddressOrEmpty } from "../values/mac-address.ts";
import { type NxosGetter, rows, rowsOf, word } from "./request.ts";

/** The ARP table of the default VRF. */
export const getArpTable: NxosGetter = function* () {
  const [vrf] = yield* rows("show ip arp", "vrf", vrfs);
  return adjacencies.parse(rowsOf(vrf, "adj")).map((one) => ({
    interface: one["intf-out"],
    mac: macAddressOrEmpty(one.mac),
    ip: ipAddress(one["ip-addr-out"]),
    age: arpAge(one["time-stamp"]),
  }));
};

const vrfs = z.array(z.object({ TABLE_adj: z.unknown().optional() }));
const adjacencies = z.array(
  z.object({
    "intf-out": word,
    mac: z.string().optional(),
    "ip-addr-out": word,
    "time-stamp": z.string().default("-"),
  }),
);

/** Seconds of the age of an ARP entry: `00:09:43`, or `0.411797` in its first second; -1 where it does not age. */
export function arpAge(text: string): number {
  const parts = text.split(":").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [first = Number.NaN, minutes = 0, seconds = 0] = parts;
  const age =
    parts.length === 1 ? first : parts.length === 3 ? first * 3600 + minutes * 60 + seconds : Number.NaN;
  return Number.isNaN(age) ? -1 : Math.round(age * 10) / 10;
}

/** NX-OS tells neither moves of an address nor when it was learnt. */
export const getMacAddressTable: NxosGetter = function* () {
  const table = yield* rows("show mac address-table", "mac_address", macRows);
  return table.map((one) => ({
    mac: macAddress(one.disp_mac_addr),
    interface: one.disp_port,
    vlan: /^\d+$/.test(one.disp_vlan) ? Number(one.disp_vlan) : 0,
    active: true,
    static: one.disp_is_static !== "0",
    moves: 0,
    last_move: 0,
  }));
};

const macRows = z.array(
  z.object({
    disp_mac_addr: z.string(),
    disp_port: word,
    disp_vlan: word,
    disp_is_static: z.unknown().optional(),
  }),
);
