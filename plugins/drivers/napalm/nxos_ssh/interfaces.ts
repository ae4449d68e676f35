import type { NxosGetter } from "../nxos/request.ts";
import { text } from "../nxos/request.ts";
import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { macAddress } from "../values/mac-address.ts";

export const getInterfaces: NxosGetter = function* () {
  const output = yield* text("show interface");
  if (output === "") return {};
  const starts = [...output.matchAll(BEGINNING)].map(({ index }) => index);
  if (starts.length === 0) throw new InvalidValue("a list of interfaces", output.slice(0, 200));
  return Object.fromEntries(
    starts.map((start, index) => interfaceOf(output.slice(start, starts[index + 1]).trim())),
  );
};

/** Each interface begins with one of: its name above its admin state, `…, line protocol is …`, `… is up` or `… is down`. */
const BEGINNING =
  /^(?:\S+\s+is \S+.*\nadmin state is.*|.* is .*, line protocol is .*|.* is (?:down|up).*)$/gm;

function interfaceOf(block: string) {
  const { name, isUp, isEnabled } = stateOf(block);
  const address = MAC.exec(block)?.[1];
  return [
    name,
    {
      description: (SHORT_DESCRIPTION.exec(block) ?? DESCRIPTION.exec(block))?.[1] ?? "",
      is_enabled: isEnabled,
      is_up: isUp,
      last_flapped: -1,
      mac_address: address === undefined ? "" : macAddress(address),
      ...capacityOf(block),
    },
  ] as const;
}

const MAC = /^\s+Hardware:\s+.*,\s+address:\s+(\S+) /m;
const SHORT_DESCRIPTION = /^\s+Description:\s+(.*) {2}(?:MTU|Internet)/m;
const DESCRIPTION = /^\s+Description:\s+(.*)$/m;

function stateOf(block: string) {
  const [, vlan, status = "", protocol = ""] = PROTOCOL.exec(block) ?? [];
  if (vlan !== undefined)
    return { name: vlan, isEnabled: !status.toLowerCase().includes("admin"), isUp: protocol.includes("up") };
  const [, name, state] = STATE.exec(block) ?? [];
  if (name === undefined) throw new InvalidValue("an interface with its state", block.slice(0, 200));
  const isUp = state === "up";
  const admin = ADMIN.exec(block)?.[1];
  if (admin === undefined && block.includes("admin state is"))
    throw new InvalidValue("an interface with its admin state", block.slice(0, 200));
  const isEnabled = admin === undefined ? isUp || !SHUT.test(block) : admin.includes("up");
  return { name: canonicalInterfaceName(name), isEnabled, isUp };
}

/** `Vlan1 is down (Administratively down), line protocol is down, autostate enabled` */
const PROTOCOL = /^(\S+?)\s+is\s+(.+?),\s+line\s+protocol\s+is\s+(\S+)/m;
/** `Ethernet2/1 is up` */
const STATE = /^(\S+) is (\S+)/;
/** `admin state is up, Dedicated Interface` */
const ADMIN = /^admin state is (\S+?)(?:,\s.*)?$/m;
/** `Ethernet1/2 is down (Administratively down)` */
const SHUT = / is down.*Administratively down/;

function capacityOf(block: string) {
  if (HARDWARE.exec(block)?.[1] === "NVE") return { mtu: Number(NVE_MTU.exec(block)?.[1] ?? -1), speed: -1 };
  const [, mtu = "-1", bandwidth = "", unit = ""] = BANDWIDTH.exec(block) ?? [];
  // kbit/s are all that NX-OS prints.
  if (!/^Kbit(?:\/sec)?$/.test(unit))
    throw new InvalidValue("an interface with a bandwidth in Kbit", block.slice(0, 200));
  return { mtu: Number(mtu), speed: Number(bandwidth) / 1000 };
}

const HARDWARE = /^.* Hardware: (\S+)$/m;
const NVE_MTU = /\s+MTU (\d+)\s+bytes/;
const BANDWIDTH = /\s+(?:MTU (\d+)\s+bytes)?,\s+BW\s+(\d+)\s+([^\s,]+)/;
