import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress } from "../values/ip-address.ts";
import { macAddress } from "../values/mac-address.ts";
import { columns, decimal, type IosGetter, output, outputOrRefusal } from "./request.ts";

/** Addresses that were resolved; an entry that was set by hand has no interface, one of the device itself no age. */
export const getArpTable: IosGetter = function* ({ args: { vrf = "" } }) {
  const table = yield* output(`show arp${vrf ? ` vrf ${vrf}` : ""} | exclude Incomplete`);
  return table
    .split("\n")
    .slice(1)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [_, ip, age, mac, __, name = "", ...rest] = columns(line);
      if (mac === undefined || ip === undefined || rest.length > 0)
        throw new InvalidValue("an ARP entry", line);
      return {
        interface: name,
        mac: macAddress(mac),
        ip: ipAddress(ip, 4),
        age: age === "-" ? -1 : decimal(age, "an age"),
      };
    });
};

/** Empty on a device without IPv6. */
export const getIpv6NeighborsTable: IosGetter = function* () {
  const table = (yield* outputOrRefusal("show ipv6 neighbors")) ?? "";
  const [, entries = ""] = table.split(/^IPv6\s+Address.*Interface\s*$/im);
  return entries
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [ip = "", age, mac = "", state, name, ...rest] = columns(line);
      if (name === undefined || rest.length > 0) throw new InvalidValue("an IPv6 neighbour", line);
      return {
        interface: name,
        mac: mac === "-" ? "" : macAddress(mac),
        ip: ipAddress(ip),
        age: age === "-" ? -1 : decimal(age, "an age"),
        state,
      };
    });
};
