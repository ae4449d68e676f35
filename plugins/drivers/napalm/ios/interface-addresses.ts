import { ipAddress } from "../values/ip-address.ts";
import { type IosGetter, output, outputOrRefusal } from "./request.ts";

type Addresses = Record<string, { prefix_length: number }>;

/** Addresses of interfaces. One with IPv6 but without addresses is there; one without any IP is not. */
export const getInterfacesIp: IosGetter = function* () {
  const ipv4 = yield* output("show ip interface");
  const ipv6 = (yield* outputOrRefusal("show ipv6 interface")) ?? "";
  const interfaces = new Map<string, { ipv4?: Addresses; ipv6?: Addresses }>();
  for (const { name, lines } of sections(ipv4)) {
    const addresses = lines.flatMap((line) => addressOf(INTERNET_ADDRESS.exec(line), 4));
    if (addresses.length > 0) interfaces.set(name, { ipv4: Object.fromEntries(addresses) });
  }
  for (const { name, lines } of sections(ipv6)) {
    const addresses = lines.flatMap((line) => [
      ...addressOf(LINK_LOCAL.exec(line), 6),
      ...addressOf(GLOBAL_ADDRESS.exec(line), 6),
    ]);
    interfaces.set(name, { ...interfaces.get(name), ipv6: Object.fromEntries(addresses) });
  }
  return Object.fromEntries(interfaces);
};

/** An interface's name at the beginning of a line, and the indented lines below. */
function sections(text: string): { name: string; lines: string[] }[] {
  const found: { name: string; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("%")) continue;
    const [, name] = /^(\S+)/.exec(line) ?? [];
    if (name === undefined) found.at(-1)?.lines.push(line);
    else found.push({ name, lines: [] });
  }
  return found;
}

const INTERNET_ADDRESS =
  /^\s+(?:Internet address is|Secondary address) (?<ip>\d+(?:\.\d+){3})\/(?<prefix>\d+)/;
/** A link-local address has 10 fixed bits, by definition. */
const LINK_LOCAL = /^\s+IPv6 is enabled, link-local address is (?<ip>[\da-f:]+)/i;
const GLOBAL_ADDRESS = /^\s+(?<ip>[\da-f:]+), subnet is [\da-f:]+\/(?<prefix>\d+)/i;
const LINK_LOCAL_BITS = 10;

function addressOf(match: RegExpExecArray | null, version: 4 | 6): [string, { prefix_length: number }][] {
  const { ip, prefix = LINK_LOCAL_BITS } = match?.groups ?? {};
  return ip === undefined ? [] : [[ipAddress(ip, version), { prefix_length: Number(prefix) }]];
}
