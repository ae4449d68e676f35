import { z } from "zod";
import { canonicalInterfaceName } from "../values/interface-name.ts";
import { type NxosGetter, rows, word } from "./request.ts";

export const getVlans: NxosGetter = function* () {
  const table = yield* rows("show vlan brief", "vlanbriefxbrief", vlans);
  return Object.fromEntries(
    table.map((one) => [
      one["vlanshowbr-vlanid-utf"] ?? one["vlanshowbr-vlanid"] ?? "",
      { name: one["vlanshowbr-vlanname"], interfaces: portsOf(one["vlanshowplist-ifidx"]) },
    ]),
  );
};

/** The ports of `port-channel1-2,Ethernet1/3,Ethernet1/6-10`, each by its full name; a long list comes in several texts. */
function portsOf(list: string | readonly string[]): string[] {
  return [list]
    .flat()
    .join(",")
    .split(",")
    .flatMap((item) => {
      const [, kind = "", first = "", last = ""] = RANGE.exec(item.trim()) ?? [];
      if (kind === "") return [item.trim()];
      const count = Math.max(0, Number(last) - Number(first) + 1);
      return Array.from(
        { length: Math.min(count, MOST_PORTS) },
        (_, index) => `${kind}${Number(first) + index}`,
      );
    })
    .map((port) => canonicalInterfaceName(port));
}

const RANGE = /^([A-Za-z/-]+|.*\/)(\d+)-(\d+)$/;
// More than any chassis has: a wrong reply shall not fill the memory.
const MOST_PORTS = 4096;

const vlanRow = z
  .looseObject({
    "vlanshowbr-vlanid": word.optional(),
    "vlanshowbr-vlanid-utf": word.optional(),
    "vlanshowbr-vlanname": word,
    "vlanshowplist-ifidx": z.union([z.string(), z.array(z.string())]).default([]),
  })
  .refine(
    (row) => (row["vlanshowbr-vlanid-utf"] ?? row["vlanshowbr-vlanid"]) !== undefined,
    "has no VLAN number",
  );

const vlans = z.array(vlanRow);
