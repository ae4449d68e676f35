import { type Asking, type NxosGetter, text } from "../nxos/request.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** Peers and servers are not told apart. */
function* configured(): Asking<Record<string, object>> {
  const output = yield* text("show ntp peers");
  const lines = output.split("\n").filter((line) => !/^\s*$|-----|Peer IP Address/.test(line));
  return Object.fromEntries(lines.map((line) => [addressOf(line), {}]));
}

/** `  172.20.74.71                 Server (configured) `; a name may stand for the address. */
function addressOf(line: string): string {
  const address = /^\s+([\w.:-]+)\s/.exec(line)?.[1];
  if (address === undefined) throw new InvalidValue("an NTP peer", line);
  return address;
}

export const getNtpPeers: NxosGetter = configured;
export const getNtpServers: NxosGetter = configured;
