import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { macAddress } from "../values/mac-address.ts";
import { columns, type IosGetter, integer, outputOfFirst } from "./request.ts";

/** The MAC address table, in the layouts of the families of switches and routers. */
export const getMacAddressTable: IosGetter = function* ({ settings = {} }) {
  const text = yield* outputOfFirst(["show mac-address-table", "show mac address-table"]);
  const nameOf = settings.canonical_int === true ? canonicalInterfaceName : (name: string) => name;
  const entries: ReturnType<typeof modelOf>[] = [];
  let last: Row | undefined;
  for (const line of belowFirstRule(text)) {
    if (last && CONTINUED.test(line)) {
      const { vlan, mac, type } = last;
      for (const port of portsOf(line.trim())) entries.push(modelOf({ vlan, mac, type, port }, nameOf));
      continue;
    }
    const row = rowOf(line);
    if (!row) continue;
    last = row;
    for (const port of portsOf(row.port)) entries.push(modelOf({ ...row, port }, nameOf));
  }
  return entries;
};

interface Row {
  readonly vlan: string;
  readonly mac: string;
  readonly type: string;
  readonly port: string;
}

/** The lines of the table; what comes before its first rule is a legend. */
function belowFirstRule(text: string): string[] {
  const lines = text.split("\n");
  const isRule = (line: string) => line.startsWith("----");
  const first = lines.findIndex(isRule);
  return first < 0 ? [] : lines.slice(first).filter((line) => line.trim() !== "" && !isRule(line));
}

/** More ports of the entry above: they stand below its ports, so far to the right that nothing else can. */
const CONTINUED = /^\s{30,}\S+$/;

/** Headings and remarks between the parts of a table. */
const NOT_A_ROW =
  /^\s*(?:Total Mac Addresses|Multicast Entries|Unicast Entries|Displaying entries from|EHWIC:|Destination Address|vlan\b.*mac.*address.*type)/i;

const MAC = /^[\da-f]{4}\.[\da-f]{4}\.[\da-f]{4}$/i;

/**
 * A row is recognised by where its MAC address stands:
 *
 *     MAC type VLAN port                     routers with switched ports
 *     VLAN MAC type [protocols] [port]       most switches; instead of a VLAN, the port of an internal one
 *     [*] VLAN MAC type learn age port       with marks: `*` primary, `R` routed
 */
function rowOf(line: string): Row | undefined {
  const cells = columns(line.replace(/^\s*[*R]\s+/, "").replace(/^\*/, ""));
  const at = cells.findIndex((cell) => MAC.test(cell));
  const [before = "", after] = [cells[at - 1], cells.slice(at + 1)];
  const mac = cells[at] ?? "";
  const [type, ...rest] = after;
  if (at < 0 && NOT_A_ROW.test(line)) return undefined;
  if (at < 0 || at > 1 || type === undefined) throw new InvalidValue("an entry of a MAC address table", line);
  if (at === 0) {
    const [vlan, port] = rest;
    if (vlan === undefined || port === undefined || rest.length > 2)
      throw new InvalidValue("an entry of a MAC address table", line);
    return { vlan, mac, type, port };
  }
  if (rest.length > 3) throw new InvalidValue("an entry of a MAC address table", line);
  const port = rest.at(-1) ?? "";
  if (!PORT.test(before)) return { vlan: before, mac, type, port };
  // An internal VLAN of a routed port is told by the port's name alone.
  return { vlan: "-1", mac, type, port: rest.length === 2 ? canonicalInterfaceName(before) : port };
}

const PORT = /^[a-z]{1,2}\d{1,3}(?:\/\d{1,2})*$/i;

function portsOf(list: string): string[] {
  const ports = list.split(",");
  return ports.length > 1 ? ports.filter(Boolean) : ports;
}

const STATIC = /^(?:self|static|system)$/i;
/** The device itself, which is no port. */
const DEVICE = /^cpu$|router|switch/i;
const NO_VLAN = /^(?:---|n\/a)$/i;

function modelOf({ vlan, mac, type, port }: Row, nameOf: (name: string) => string) {
  const isStatic = STATIC.test(type);
  const everyVlan = NO_VLAN.test(vlan) || (isStatic && /^all$/i.test(vlan));
  return {
    mac: macAddress(mac),
    interface: nameOf(isStatic && DEVICE.test(port) ? "" : port),
    vlan: everyVlan ? 0 : integer(vlan, "a VLAN"),
    static: isStatic,
    active: true,
    moves: -1,
    last_move: -1,
  };
}
