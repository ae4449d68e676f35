import { z } from "zod";
import { macAddressOrEmpty } from "../values/mac-address.ts";
import { elapsedSeconds } from "./elapsed.ts";
import { type NxosGetter, number, rows, word } from "./request.ts";

export const getInterfaces: NxosGetter = function* ({ now }) {
  const interfaces = yield* rows("show interface", "interface", interfaceRows);
  return Object.fromEntries(interfaces.map((one) => [one.interface, stateOf(one, now)]));
};

/** Ports and VLAN interfaces have the same properties under names of their own. */
function stateOf(one: z.infer<typeof interfaceRows>[number], now: number) {
  const elapsed = elapsedSeconds(one.eth_link_flapped);
  return {
    is_up: one.state === "up" || one.svi_admin_state === "up",
    is_enabled: (one.admin_state ?? one.svi_admin_state ?? one.state) === "up",
    description: (one.desc ?? one.svi_desc).replace(/^"+|"+$/g, ""),
    last_flapped: elapsed === undefined ? -1 : now - elapsed,
    mtu: one.eth_mtu || one.svi_mtu,
    speed: (bandwidth(one.eth_bw) || bandwidth(one.svi_bw)) / 1000,
    mac_address: macAddressOrEmpty((one.eth_hw_addr || one.svi_mac)?.trim()),
  };
}

/** kbit/s; some releases write a list of it. */
function bandwidth(value: number | readonly number[]): number {
  return typeof value === "number" ? value : (value[0] ?? 0);
}

const optionalNumber = z.union([number, z.literal("").transform(() => 0)]).default(0);
const bandwidths = z.union([optionalNumber, z.array(number)]);
const interfaceRows = z.array(
  z.object({
    interface: word,
    state: z.string().optional(),
    admin_state: z.string().optional(),
    svi_admin_state: z.string().optional(),
    desc: z.string().optional(),
    svi_desc: z.string().default(""),
    eth_link_flapped: z.string().default(""),
    eth_mtu: optionalNumber,
    svi_mtu: optionalNumber,
    eth_bw: bandwidths,
    svi_bw: bandwidths,
    eth_hw_addr: z.string().optional(),
    svi_mac: z.string().optional(),
  }),
);
