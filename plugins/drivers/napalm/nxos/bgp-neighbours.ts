import { z } from "zod";
import { CommandRefused } from "../getter.ts";
import { asNumber } from "../values/as-number.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress } from "../values/ip-address.ts";
import { type Asking, type NxosGetter, number, rows, rowsOf, word } from "./request.ts";

/** Neighbours by VRF. Where BGP does not run the device refuses the command, and there are none. */
export const getBgpNeighbors: NxosGetter = function* () {
  const vrfs = (yield* vrfRows()).map((vrf) => {
    const peers = families
      .parse(rowsOf(vrf, "af"))
      .flatMap((family) =>
        rowsOf(family, "saf").flatMap((one) => peersOf(subfamily.parse(one), family["af-id"])),
      )
      .map((peer) => [peer.remote_id, { ...peer, local_as: asNumber(vrf["vrf-local-as"]) }] as const);
    const name = vrf["vrf-name-out"] === "default" ? "global" : vrf["vrf-name-out"];
    return [name, { router_id: vrf["vrf-router-id"], peers: Object.fromEntries(peers) }] as const;
  });
  return Object.fromEntries(vrfs);
};

function* vrfRows(): Asking<z.infer<typeof vrfs>> {
  try {
    return yield* rows("show bgp all summary vrf all", "vrf", vrfs);
  } catch (error) {
    if (error instanceof CommandRefused) return [];
    throw error;
  }
}

function peersOf(one: z.infer<typeof subfamily>, family: number) {
  return neighbours.parse(rowsOf(one, "neighbor")).map((peer) => {
    const [isUp, isEnabled] = STATES[peer.state] ?? unknown("a state of a BGP session", peer.state);
    const name = FAMILIES[`${family}/${one.safi}`] ?? unknown("an address family", `${family}/${one.safi}`);
    return {
      remote_as: asNumber(peer.neighboras),
      remote_id: ipAddress(peer.neighborid),
      is_up: isUp,
      is_enabled: isEnabled,
      description: "",
      uptime: -1,
      address_family: {
        [name]: { sent_prefixes: -1, accepted_prefixes: -1, received_prefixes: peer.prefixreceived },
      },
    };
  });
}

function unknown(what: string, text: string): never {
  throw new InvalidValue(what, text);
}

const STATES: Readonly<Record<string, readonly [isUp: boolean, isEnabled: boolean]>> = {
  Idle: [false, true],
  Connect: [false, true],
  Active: [false, true],
  Open: [false, true],
  OpenSent: [false, true],
  OpenConfirm: [false, true],
  Established: [true, true],
  Closing: [true, true],
  Shutdown: [false, false],
  "Admin (Shut)": [false, false],
  "Shut (Admin)": [false, false],
};

/** By the numbers of address family and subsequent family. */
const FAMILIES: Readonly<Record<string, string>> = {
  "1/1": "ipv4",
  "1/128": "vpnv4",
  "2/1": "ipv6",
  "2/128": "vpnv6",
  "25/70": "l2vpn",
};

const vrfs = z.array(
  z.object({
    "vrf-name-out": word,
    "vrf-router-id": word,
    "vrf-local-as": word,
    TABLE_af: z.unknown().optional(),
  }),
);
const families = z.array(z.object({ "af-id": number, TABLE_saf: z.unknown().optional() }));
const subfamily = z.object({ safi: number, TABLE_neighbor: z.unknown().optional() });
const neighbours = z.array(
  z.object({ neighborid: word, neighboras: word, state: word, prefixreceived: number }),
);
