import { z } from "zod";
import { ipAddress } from "../values/ip-address.ts";
import { type Asking, type NxosGetter, number, rows, word } from "./request.ts";

export const getNtpPeers: NxosGetter = function* () {
  return yield* configured("Peer");
};

export const getNtpServers: NxosGetter = function* () {
  return yield* configured("Server");
};

/** Peers and servers stand in one table. */
function* configured(kind: "Peer" | "Server"): Asking<Record<string, object>> {
  const table = yield* rows("show ntp peers", "peers", peers);
  const wanted = table.filter((one) => one.serv_peer === kind);
  return Object.fromEntries(wanted.map((one) => [ipAddress(one.PeerIPAddress), {}]));
}

const peers = z.array(z.object({ PeerIPAddress: word, serv_peer: word.default("") }));

export const getNtpStats: NxosGetter = function* () {
  const table = yield* rows("show ntp peer-status", "peersstatus", statuses);
  return table.map((one) => ({
    remote: ipAddress(one.remote),
    synchronized: one.syncmode === "*",
    referenceid: ipAddress(one.remote),
    stratum: one.st,
    type: "",
    when: "",
    hostpoll: one.poll,
    reachability: one.reach,
    delay: one.delay,
    offset: 0,
    jitter: 0,
  }));
};

const statuses = z.array(
  z.object({
    remote: word,
    syncmode: z.string().optional(),
    st: number,
    poll: number,
    reach: number,
    delay: number,
  }),
);
