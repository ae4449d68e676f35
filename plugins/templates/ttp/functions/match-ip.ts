import {
  IpAddress,
  IpInterface,
  IpNetwork,
  ipAddress,
  ipInterface,
  ipNetwork,
} from "../../../../src/python/ipaddress/index.ts";
import { PyDict } from "../../../../src/python/values/dict.ts";
import { contains } from "../../../../src/python/values/iteration.ts";
import { PythonError } from "../../../../src/python/values/python-error.ts";
import { REQUIRED } from "../../../../src/python/values/signature.ts";
import { str } from "../../../../src/python/values/text.ts";
import { asText, type FunctionTable, needText, withArguments, withParameters } from "./contract.ts";
import { toInteger } from "./integers.ts";

/** Match functions about IP addresses. */
export const ipFunctions: FunctionTable = {
  to_ip: withArguments((data, args) => [toIp(data, args), null]),
  is_ip: withArguments((data, args) => {
    try {
      toIp(data, args);
      return [data, true];
    } catch {
      return [data, false];
    }
  }),
  to_net: withArguments((data, args) => [toNetwork(needText(data), args), null]),
  to_cidr: withParameters({}, (data, _values, runtime) => {
    try {
      const parts = asText(data, "split").split(".");
      return [parts.reduce((sum, part) => sum + oneBits(toInteger(part)), 0), null];
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      runtime.warn(`to_cidr: '${str(data)}' is not a valid netmask`);
      return [data, null];
    }
  }),
  ip_info: withArguments((data, args) => {
    const ip = typeof data === "string" ? parsedOrUndefined(data, args) : data;
    return [ip === undefined ? data : describe(ip), null];
  }),
  cidr_match: withParameters({ prefix: REQUIRED }, (data, [prefix], { vars }) => {
    const net = vars.has(prefix) ? vars.get(prefix) : prefix;
    const ip = typeof data === "string" ? parsedOrUndefined(data, []) : data;
    if (ip === undefined) return [data, null];
    const network = toNetwork(needText(net), []);
    if (ip instanceof IpInterface) return [data, ip.network.overlaps(network)];
    if (!(ip instanceof IpAddress)) return [data, null];
    const host = new IpInterface(ip.value, ip.version === 4 ? 32 : 128, ip.version);
    return [data, host.network.overlaps(network)];
  }),
};

/** An address, or an interface where there is a prefix or, for IPv4, a mask behind a slash or blank. */
export function toIp(data: unknown, args: readonly unknown[] = []): IpAddress {
  const slash = contains(data, "/");
  if (args.includes("ipv4")) {
    const text = needText(data);
    return slash || text.includes(" ")
      ? IpInterface.parse(text.replaceAll(" ", "/"), 4)
      : IpAddress.parse(text, 4);
  }
  const text = needText(data);
  if (args.includes("ipv6")) return slash ? IpInterface.parse(text, 6) : IpAddress.parse(text, 6);
  return slash || text.includes(" ") ? ipInterface(text.replaceAll(" ", "/")) : ipAddress(text);
}

function toNetwork(text: string, args: readonly unknown[]): IpNetwork {
  if (args.includes("ipv4")) return IpNetwork.parse(text, 4);
  return args.includes("ipv6") ? IpNetwork.parse(text, 6) : ipNetwork(text);
}

function parsedOrUndefined(text: string, args: readonly unknown[]): IpAddress | undefined {
  try {
    return toIp(text, args);
  } catch (error) {
    if (error instanceof PythonError && error.kind === "ValueError") return undefined;
    throw error;
  }
}

function oneBits(value: number | bigint): number {
  return BigInt(value).toString(2).replace(/[^1]/g, "").length;
}

const INTERFACE_FIELDS = [
  "compressed",
  "exploded",
  "hostmask",
  "ip",
  "is_link_local",
  "is_loopback",
  "is_multicast",
  "is_private",
  "is_reserved",
  "is_unspecified",
  "max_prefixlen",
  "netmask",
  "network",
  "version",
  "with_hostmask",
  "with_netmask",
  "with_prefixlen",
];
const NETWORK_FIELDS = ["broadcast_address", "network_address", "num_addresses"];
const ADDRESS_FIELDS = [
  "compressed",
  "exploded",
  "is_link_local",
  "is_loopback",
  "is_multicast",
  "is_private",
  "is_reserved",
  "is_unspecified",
  "max_prefixlen",
  "version",
];

/** What is known of an address or interface, as a dictionary; anything else is given back. */
function describe(ip: unknown): unknown {
  if (!(ip instanceof IpAddress)) return ip;
  const facts = new PyDict();
  const set = (from: { attribute(name: string): unknown }, name: string): void => {
    const value = from.attribute(name);
    facts.set(name, value instanceof IpAddress || value instanceof IpNetwork ? value.str() : value);
  };
  if (!(ip instanceof IpInterface)) {
    facts.set("ip", ip.str());
    for (const name of ADDRESS_FIELDS) set(ip, name);
    return facts;
  }
  for (const name of INTERFACE_FIELDS) set(ip, name);
  for (const name of NETWORK_FIELDS) set(ip.network, name);
  const hosts = ip.network.size - 2n;
  facts.set("hosts", hosts <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(hosts) : hosts);
  facts.set("prefixlen", ip.network.prefixLength);
  return facts;
}
