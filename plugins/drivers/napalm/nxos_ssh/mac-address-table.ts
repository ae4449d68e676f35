import { type NxosGetter, text } from "../nxos/request.ts";
import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { macAddress } from "../values/mac-address.ts";

interface Entry {
  readonly vlan: string;
  readonly mac: string;
  readonly type: string;
}

/** An address that is known at several ports has an entry for each; further ports may stand in lines of their own. */
export const getMacAddressTable: NxosGetter = function* () {
  const output = yield* text("show mac address-table");
  const start = output.search(RULE);
  const found: object[] = [];
  let current: Entry | undefined;
  for (const line of start < 0 ? [] : output.slice(start).split("\n")) {
    if (HEAD.test(line)) continue;
    const words = line.replace(FLAGS, "").replace("vPC Peer-Link", "vPC-Peer-Link").trim().split(/\s+/);
    const [vlan = "", mac = "", type = "", , , , ...ports] = words;
    if (ENTRY.test(`${vlan} ${mac} `) && ports.length > 0) current = { vlan, mac, type };
    else if (!current || words.length > 6) throw new InvalidValue("an entry of a MAC address table", line);
    const entry = current;
    found.push(...(entry.mac === mac ? ports : words).map((port) => atPort(entry, port)));
  }
  return found;
};

const RULE = /^----/m;
/** Rules, legend and heading; a long table has them again and again. */
const HEAD = /^(?:-{4}.*|Legend.*|\s+\* - primary entry.*|\s+age -.*|\s+\(T\) - True.*|\s+VLAN .*|\s*)$/;
/** `*` and its like in front of an entry */
const FLAGS = /^(?:[*+GOCE]|\((?:R|T|F)\))+/;
const ENTRY = /^(?:\d{1,4}|-|[aA]ll) [\da-fA-F]{4}(?:\.[\da-fA-F]{4}){2} /;

function atPort({ vlan, mac, type }: Entry, port: string) {
  const isStatic = ["self", "static", "system"].includes(type.toLowerCase());
  return {
    mac: macAddress(mac),
    // The switch itself is no port.
    interface: isStatic && /^cpu$|router|switch/i.test(port) ? "" : canonicalInterfaceName(port),
    vlan: /^\d+$/.test(vlan) ? Number(vlan) : 0,
    static: isStatic,
    active: type.toLowerCase() === "dynamic",
    moves: -1,
    last_move: -1,
  };
}
