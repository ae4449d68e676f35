import { int } from "../../../../src/python/values/index.ts";
import { FilterArgumentError } from "../errors.ts";
import {
  broadcastOf,
  cidrText,
  hostMask,
  type IpValue,
  isIn,
  lastOf,
  netMask,
  networkOf,
  shown,
  sizeOf,
  widthOf,
} from "./ip-value.ts";

/** A query of `ipaddr`: the answer for an address, null where there is none. `value` is what the template gave. */
export type IpQuery = (v: IpValue, value: unknown) => unknown;

const text = (v: IpValue, address: bigint): string => shown(address, v.version);
const isNetwork = (v: IpValue): boolean => v.ip === networkOf(v);

/** First and last address that a host may have. */
export function usable(v: IpValue): readonly [bigint, bigint] {
  if (sizeOf(v) <= 2n) return [networkOf(v), lastOf(v)];
  return [networkOf(v) + 1n, lastOf(v) - 1n];
}

function network(v: IpValue): IpValue {
  if (!v.withPrefix) throw new FilterArgumentError("Not a network address");
  return v;
}

/** An address that is a host's: not the name of its network. */
const host =
  (write: (v: IpValue) => string): IpQuery =>
  (v) =>
    sizeOf(v) === 2n || (sizeOf(v) > 1n && !isNetwork(v)) ? write(v) : null;

const inNetwork =
  (write: (v: IpValue) => unknown): IpQuery =>
  (v) =>
    sizeOf(network(v)) > 1n ? write(v) : null;

const step =
  (by: bigint): IpQuery =>
  (v) => {
    if (sizeOf(network(v)) <= 1n) return null;
    const [first, last] = usable(v);
    const next = v.ip + by;
    return next >= first && next <= last ? text(v, next) : null;
  };

const when =
  (test: (v: IpValue) => boolean): IpQuery =>
  (v, value) =>
    test(v) ? value : null;

const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"];
const anyOf = (networks: readonly string[]) => (v: IpValue) => networks.some((n) => isIn(v, n));
const isPrivate = anyOf(PRIVATE);
const isLoopback = anyOf(["127.0.0.0/8", "::1"]);
const isMulticast = anyOf(["224.0.0.0/4", "ff00::/8"]);
const isLinkLocal = anyOf(["169.254.0.0/16", "fe80::/10"]);

/** True for 255.255.255.0 and for 0.0.0.255: an address that is a mask. */
function isMask(v: IpValue): boolean {
  const all = (1n << BigInt(widthOf(v.version))) - 1n;
  const flipped = all - v.ip;
  return (v.ip & (v.ip + 1n)) === 0n || (flipped & (flipped + 1n)) === 0n;
}

function peer(v: IpValue): unknown {
  const size = sizeOf(network(v));
  if (size === 2n) return text(v, v.ip ^ 1n);
  if (size !== 4n) throw new FilterArgumentError("Not a point-to-point network");
  if (v.ip % 4n === 0n) throw new FilterArgumentError("Network address of /30 has no peer");
  if (v.ip % 4n === 3n) throw new FilterArgumentError("Broadcast address of /30 has no peer");
  return text(v, v.ip ^ 3n);
}

function reverseName(v: IpValue): string {
  if (v.version === 4) return `${text(v, v.ip).split(".").reverse().join(".")}.in-addr.arpa.`;
  return `${[...v.ip.toString(16).padStart(32, "0")].reverse().join(".")}.ip6.arpa.`;
}

function toV4(v: IpValue, value: unknown): unknown {
  if (v.version === 4) return value;
  const mapped = v.ip >> 32n === 0xffffn || v.ip >> 32n === 0n;
  return mapped && v.prefix >= 96 ? `${shown(v.ip & 0xffffffffn, 4)}/${v.prefix - 96}` : false;
}

function toV6(v: IpValue, value: unknown): unknown {
  if (v.version === 6) return value;
  return `::ffff:${shown(v.ip, 4)}/${v.prefix + 96}`;
}

const addressPrefix: IpQuery = (v) => (sizeOf(v) > 2n && isNetwork(v) ? false : cidrText(v));
const hostPrefix = host(cidrText);
const networkText: IpQuery = (v) => text(v, networkOf(v));
const wildcard: IpQuery = (v) => text(v, hostMask(v));
const subnet: IpQuery = (v) => `${text(v, networkOf(v))}/${v.prefix}`;
const ip: IpQuery = (v) =>
  sizeOf(v) === 1n || !isNetwork(v) || broadcastOf(v) === undefined ? text(v, v.ip) : null;
const loopback = when(isLoopback);

/** The queries of `ipaddr` by name. */
export const IP_QUERIES: ReadonlyMap<string, IpQuery> = new Map<string, IpQuery>([
  ["", (v) => (v.withPrefix ? cidrText(v) : text(v, v.ip))],
  ["address", ip],
  ["ip", ip],
  ["address/prefix", addressPrefix],
  ["gateway", addressPrefix],
  ["gw", addressPrefix],
  ["host/prefix", addressPrefix],
  ["hostnet", addressPrefix],
  ["router", addressPrefix],
  ["ip/prefix", hostPrefix],
  ["ip_netmask", host((v) => `${text(v, v.ip)} ${text(v, netMask(v))}`)],
  ["bool", () => true],
  ["broadcast", (v) => (sizeOf(v) > 2n ? text(v, lastOf(v)) : null)],
  ["cidr", cidrText],
  ["first_usable", inNetwork((v) => text(v, usable(v)[0]))],
  ["last_usable", inNetwork((v) => text(v, usable(v)[1]))],
  [
    "range_usable",
    inNetwork((v) =>
      usable(v)
        .map((a) => text(v, a))
        .join("-"),
    ),
  ],
  ["next_usable", step(1n)],
  ["previous_usable", step(-1n)],
  ["host", (v) => (sizeOf(v) === 1n || !isNetwork(v) || broadcastOf(v) === undefined ? cidrText(v) : null)],
  ["hostmask", wildcard],
  ["wildcard", wildcard],
  ["int", (v) => (v.withPrefix ? `${v.ip}/${v.prefix}` : int(v.ip))],
  ["ipv4", toV4],
  ["v4", toV4],
  ["ipv6", toV6],
  ["v6", toV6],
  ["link-local", when(isLinkLocal)],
  ["lo", loopback],
  ["loopback", loopback],
  ["multicast", when(isMulticast)],
  ["unicast", when((v) => !isMulticast(v))],
  ["private", when(isPrivate)],
  ["public", when((v) => !isMulticast(v) && !isPrivate(v) && !isLoopback(v) && !isMask(v))],
  ["net", (v) => (sizeOf(v) > 1n && isNetwork(v) ? cidrText(v) : null)],
  ["netmask", (v) => text(v, netMask(v))],
  ["network", networkText],
  ["network_id", networkText],
  ["network/prefix", subnet],
  ["subnet", subnet],
  ["network_netmask", (v) => `${text(v, networkOf(v))} ${text(v, netMask(v))}`],
  ["network_wildcard", (v) => `${text(v, networkOf(v))} ${text(v, hostMask(v))}`],
  ["peer", peer],
  ["prefix", (v) => v.prefix],
  ["revdns", reverseName],
  ["size", (v) => int(sizeOf(v))],
  ["size_usable", (v) => (sizeOf(v) <= 2n ? (sizeOf(v) === 1n ? 0 : 2) : int(sizeOf(v) - 2n))],
  ["type", (v) => (sizeOf(v) > 1n && isNetwork(v) ? "network" : "address")],
  ["version", (v) => v.version],
  [
    "wrap",
    (v, value) =>
      v.version === 4 ? value : v.withPrefix ? `[${text(v, v.ip)}]/${v.prefix}` : `[${text(v, v.ip)}]`,
  ],
]);
