import { arpAge } from "../nxos/neighbours.ts";
import { type NxosGetter, text } from "../nxos/request.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress } from "../values/ip-address.ts";
import { macAddress } from "../values/mac-address.ts";

export const getArpTable: NxosGetter = function* ({ args: { vrf } }) {
  const output = yield* text(`show ip arp vrf ${vrf || "all"} | exc INCOMPLETE`);
  const [, table, ...more] = output.split(HEAD);
  if (table === undefined || more.length > 0) throw new InvalidValue("an ARP table", output.slice(0, 200));
  return table
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(entryOf);
};

const HEAD = /^Address\s+Age.*Interface.*$/m;

/** `10.0.0.72       00:02:20  2cc2.6036.3221  mgmt0          *` */
function entryOf(line: string) {
  const [, address = "", age = "", mac = "", name] = ENTRY.exec(line) ?? [];
  if (name === undefined) throw new InvalidValue("an entry of an ARP table", line);
  return { interface: name, mac: macAddress(mac), ip: ipAddress(address, 4), age: arpAge(age) };
}

const ENTRY = /^\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+[*+#D]{1,4})?\s*$/;
