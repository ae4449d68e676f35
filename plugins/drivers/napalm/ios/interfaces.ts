import { InvalidValue } from "../values/invalid-value.ts";
import { macAddress } from "../values/mac-address.ts";
import { type IosGetter, output } from "./request.ts";

/** Interfaces that have an MTU and a bandwidth; when one last changed its state, IOS does not tell. */
export const getInterfaces: IosGetter = function* () {
  const text = yield* output("show interfaces");
  const interfaces = new Map<string, ReturnType<typeof newInterface>>();
  let current: { name: string; state: ReturnType<typeof newInterface> } | undefined;
  for (const line of text.split("\n")) {
    const [, name, status, protocol, whole = ""] = HEADING.exec(line) ?? [];
    if (name !== undefined) current = { name, state: newInterface(status ?? whole, protocol) };
    else if (current && line.startsWith(" ")) {
      const { state } = current;
      const [, mac] = /^\s+Hardware.+address\s+is\s+([\da-f]{4}\.[\da-f]{4}\.[\da-f]{4})/i.exec(line) ?? [];
      if (mac !== undefined) state.mac_address = macAddress(mac);
      state.description = /^\s+Description:\s+(.+?)$/.exec(line)?.[1] ?? state.description;
      const [, mtu, bandwidth, unit = ""] = /^\s+MTU\s+(\d+).+BW\s+(\d+)\s+([KMG]?b)/.exec(line) ?? [];
      if (mtu === undefined) continue;
      state.mtu = Number(mtu);
      state.speed = Number(bandwidth) * (MEGABITS[unit] ?? 1);
      interfaces.set(current.name, state);
      current = undefined;
    } else if (/^\s+MTU\s+\d+.+BW\s/.test(line)) throw new InvalidValue("a line of a known interface", line);
  }
  return Object.fromEntries(interfaces);
};

/** `Gi1 is up, line protocol is up`; a pseudowire has no protocol. */
const HEADING = /^(Control Plane Interface|\S+)\s+is\s+(?:(.+?),\s+line\s+protocol\s+is\s+(\S+)|(up|down))/;
const MEGABITS: Readonly<Record<string, number>> = { Kb: 0.001, Mb: 1, Gb: 1000 };

function newInterface(status: string, protocol: string | undefined) {
  return {
    is_enabled: !/admin/i.test(status),
    is_up: (protocol ?? status).includes("up"),
    description: "",
    mac_address: "",
    last_flapped: -1,
    mtu: 0,
    speed: 0,
  };
}
