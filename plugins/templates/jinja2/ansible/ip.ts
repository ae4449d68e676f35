import {
  int,
  isInt,
  itemsOf,
  list,
  PyDict,
  PyIterator,
  type PyNumber,
  PyTuple,
  REQUIRED,
  str,
  truth,
} from "../../../../src/python/values/index.ts";
import { FilterArgumentError } from "../errors.ts";
import { type FilterFunction, filter } from "../filter.ts";
import { Undefined } from "../undefined.ts";
import { IP_QUERIES, usable } from "./ip-queries.ts";
import {
  addressText,
  cidrText,
  type IpValue,
  lastOf,
  networkOf,
  readIp,
  shown,
  sizeOf,
  type Version,
  widthOf,
  within,
} from "./ip-value.ts";

const isList = (value: unknown): boolean =>
  Array.isArray(value) || value instanceof PyTuple || value instanceof PyIterator;

/** `ipaddr`: the answer of a query, False for what is no address, and of lists the items that have an answer. */
function ipaddr(value: unknown, query: unknown, version: Version | undefined, name: string): unknown {
  if (value instanceof Undefined) value.fail();
  if (isList(value))
    return list(value)
      .map((item) => ipaddr(item, query, version, name))
      .filter(truth);
  if (!truth(value) || value === true) return false;
  const v = readIp(value, version);
  if (!v || (version !== undefined && v.version !== version)) return false;
  const wanted = str(query);
  const given = typeof value === "string" && !/^\d+(\/\d+)?$/.test(value) ? value : cidrText(v);
  const run = IP_QUERIES.get(wanted);
  if (run) return run(v, given);
  if (/^-?\d+$/.test(wanted)) return nth(v, BigInt(wanted));
  const outer = readIp(wanted);
  if (outer) return within(v, { ...outer, ip: networkOf(outer) }) ? given : null;
  throw new FilterArgumentError(`${name}: unknown filter type: ${wanted}`);
}

function nth(v: IpValue, index: bigint): unknown {
  if (sizeOf(v) === 1n) return v.withPrefix ? cidrText(v) : shown(v.ip, v.version);
  const place = index < 0n ? index + sizeOf(v) : index;
  if (place < 0n || place >= sizeOf(v)) return false;
  return `${shown(networkOf(v) + place, v.version)}/${v.prefix}`;
}

function need(value: unknown, name: string): IpValue {
  if (value instanceof Undefined) value.fail();
  const v = readIp(value);
  if (!v) throw new FilterArgumentError(`${name}: ${str(value)} is not a valid IP address or network`);
  return v;
}

const asNetwork = (v: IpValue): IpValue => ({ ...v, ip: networkOf(v) });

/** `ipsubnet`: how many subnets of a size there are, one of them by index, or the place of one network in another. */
function ipsubnet(value: unknown, query: unknown, index: unknown): unknown {
  const v = readIp(value);
  if (!v) return false;
  const base = asNetwork(v);
  const isAddress = sizeOf(v) === 1n || v.ip !== networkOf(v);
  if (!truth(query) && query !== 0) return cidrText(isAddress ? v : base);
  const wanted = str(query);
  if (!/^\d+$/.test(wanted)) return placeIn(base, wanted);
  const prefix = Number(wanted);
  if (prefix > widthOf(v.version)) return false;
  if (sizeOf(base) === 1n) return supernet(base, prefix, index);
  if (prefix < base.prefix) throw new FilterArgumentError(`Requested subnet size of ${prefix} is invalid`);
  const count = 1n << BigInt(prefix - base.prefix);
  if (index === null) return str(int(count));
  const at = BigInt(str(index));
  const place = at < 0n ? at + count : at;
  if (place < 0n || place >= count) return false;
  return cidrText({ ...base, ip: base.ip + (place << BigInt(widthOf(v.version) - prefix)), prefix });
}

function supernet(v: IpValue, prefix: number, index: unknown): unknown {
  const at = index === null ? 0 : Number(index);
  const wanted = at < 0 ? v.prefix + at : prefix + at;
  if (wanted < 0 || wanted > v.prefix) return false;
  return cidrText(asNetwork({ ...v, prefix: wanted }));
}

function placeIn(inner: IpValue, text: string): unknown {
  const outer = readIp(text);
  if (!outer) {
    throw new FilterArgumentError(`You must pass a valid subnet or IP address; ${text} is invalid`);
  }
  if (!within(inner, asNetwork(outer))) {
    throw new FilterArgumentError(`${cidrText(inner)} is not in the subnet ${cidrText(asNetwork(outer))}`);
  }
  const offset = inner.ip - networkOf(outer);
  return str(int((offset >> BigInt(widthOf(inner.version) - inner.prefix)) + 1n));
}

function ipmath(value: unknown, amount: unknown): unknown {
  const v = readIp(value);
  if (!v) throw new FilterArgumentError(`You must pass a valid IP address; ${str(value)} is invalid`);
  if (!isInt(amount)) {
    throw new FilterArgumentError(
      `You must pass an integer for arithmetic; ${str(amount)} is not a valid integer`,
    );
  }
  return inRange(v.ip + BigInt(amount), v.version);
}

function inRange(ip: bigint, version: Version): string {
  const text = addressText(ip, version);
  if (text === undefined) throw new FilterArgumentError(`the result is no IPv${version} address`);
  return text;
}

function nextUsable(value: unknown, offset: unknown, direction: bigint): unknown {
  const v = need(value, "next_nth_usable");
  if (sizeOf(v) <= 1n) return false;
  const [first, last] = usable(v);
  const ip = v.ip + direction * BigInt(str(offset));
  return ip >= first && ip <= last ? shown(ip, v.version) : "";
}

function nthHost(value: unknown, query: unknown): unknown {
  const v = readIp(value);
  if (!v || !isInt(query)) return false;
  const place = BigInt(query) < 0n ? sizeOf(v) + BigInt(query) : BigInt(query);
  return place >= 0n && place < sizeOf(v) ? shown(networkOf(v) + place, v.version) : false;
}

function inNetwork(value: unknown, test: unknown, usableOnly: boolean): boolean {
  const outer = readIp(value);
  const inner = readIp(test);
  if (!outer || !inner || outer.version !== inner.version) return false;
  const [first, last] = usableOnly ? usable(outer) : [networkOf(outer), lastOf(outer)];
  const single = sizeOf(inner) === 1n || inner.ip !== networkOf(inner);
  const [from, to] = single
    ? [inner.ip, inner.ip]
    : usableOnly
      ? usable(inner)
      : [networkOf(inner), lastOf(inner)];
  return from >= first && to <= last;
}

/** Networks merged into the fewest, or with `span` into the one that holds all. */
function cidrMerge(value: unknown, action: unknown): unknown {
  const networks = itemsOf(value).map((item) => asNetwork(need(item, "cidr_merge")));
  if (action === "span") return networks.length === 0 ? null : cidrText(spanOf(networks));
  if (action !== "merge") throw new FilterArgumentError(`cidr_merge: invalid action '${str(action)}'`);
  let left = networks.toSorted(
    (a, b) => a.version - b.version || (a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : a.prefix - b.prefix),
  );
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.reduce<IpValue[]>((out, one) => {
      const last = out.at(-1);
      if (last && within(one, last)) return out;
      const parent = last && { ...last, prefix: last.prefix - 1 };
      if (last && parent && siblings(last, one)) out[out.length - 1] = parent;
      else out.push(one);
      return out;
    }, []);
  }
  return left.map(cidrText);
}

const siblings = (a: IpValue, b: IpValue): boolean =>
  a.version === b.version &&
  a.prefix === b.prefix &&
  a.prefix > 0 &&
  lastOf(a) + 1n === b.ip &&
  networkOf({ ...a, prefix: a.prefix - 1 }) === a.ip;

function spanOf(networks: readonly IpValue[]): IpValue {
  const [first] = networks;
  if (!first || networks.some((n) => n.version !== first.version)) {
    throw new FilterArgumentError("cidr_merge: the networks are of different families");
  }
  let span = first;
  while (!networks.every((n) => within(n, span))) span = asNetwork({ ...span, prefix: span.prefix - 1 });
  return span;
}

interface Mac {
  readonly digits: string;
  readonly value: bigint;
}

function readMac(value: unknown): Mac | undefined {
  if (isInt(value) && typeof value !== "boolean")
    return { digits: BigInt(value).toString(16).padStart(12, "0"), value: BigInt(value) };
  const text = str(value);
  const forms = [
    /^[\da-f]{12}$/i,
    /^(?:[\da-f]{1,2}[:-]){5}[\da-f]{1,2}$/i,
    /^(?:[\da-f]{1,4}[.:-]){2}[\da-f]{1,4}$/i,
    /^[\da-f]{5,6}[:-][\da-f]{5,6}$/i,
  ];
  if (!forms.some((form) => form.test(text))) return undefined;
  const parts = text.split(/[.:-]/);
  const digits = parts
    .map((p) => p.padStart(12 / parts.length, "0"))
    .join("")
    .toLowerCase();
  return { digits, value: BigInt(`0x${digits}`) };
}

const pairs = (mac: Mac): string[] => mac.digits.match(/../g) ?? [];
const cisco = (mac: Mac): string => (mac.digits.match(/..../g) ?? []).join(".");
const pgsql = (mac: Mac): string => `${mac.digits.slice(0, 6)}:${mac.digits.slice(6)}`;
const dashes = (mac: Mac): string => pairs(mac).join("-").toUpperCase();
const MACS: ReadonlyMap<string, (mac: Mac) => unknown> = new Map<string, (mac: Mac) => unknown>([
  ["bare", (mac) => mac.digits.toUpperCase()],
  ["bool", () => true],
  ["int", (mac) => int(mac.value)],
  ["cisco", cisco],
  ["eui48", dashes],
  ["win", dashes],
  ["linux", (mac) => pairs(mac).join(":")],
  [
    "unix",
    (mac) =>
      pairs(mac)
        .map((p) => p.replace(/^0/, ""))
        .join(":"),
  ],
  ["pgsql", pgsql],
  ["postgresql", pgsql],
  ["psql", pgsql],
]);

function hwaddr(value: unknown, query: unknown, name: string): unknown {
  if (value instanceof Undefined) value.fail();
  const mac = readMac(value);
  const wanted = str(query);
  if (!mac) {
    if (wanted !== "" && wanted !== "bool")
      throw new FilterArgumentError(`${name}: not a hardware address: ${str(value)}`);
    return null;
  }
  if (wanted === "") return value;
  const run = MACS.get(wanted);
  if (!run) throw new FilterArgumentError(`${name}: unknown filter type: ${wanted}`);
  return run(mac);
}

/** The address that a host with this hardware address gives itself in an IPv6 network. */
function slaac(value: unknown, query: unknown): unknown {
  const v = readIp(value);
  const mac = truth(query) ? readMac(query) : undefined;
  if (v?.version !== 6 || !mac) return false;
  const eui = ((mac.value >> 24n) << 40n) | (0xfffen << 24n) | (mac.value & 0xffffffn);
  return shown(networkOf(v) + (eui ^ (1n << 57n)), 6);
}

function hexOf(value: unknown, delimiter: unknown): unknown {
  const v = need(value, "ip4_hex");
  const digits = v.ip.toString(16).padStart(8, "0");
  return (digits.match(/../g) ?? []).join(str(delimiter));
}

/** A network without its outer ones: the largest blocks of `size` that `networks` make up. */
function reduceOn(value: unknown, network: unknown): unknown {
  const outer = need(network, "reduce_on_network");
  return list(value).filter((item) => inNetwork(cidrText(asNetwork(outer)), item, false));
}

function usableRange(value: unknown): unknown {
  const v = need(value, "usable_range");
  const [first, last] = usable(v);
  const count = last - first + 1n;
  if (count > 65_536n)
    throw new FilterArgumentError("usable_range: the network has more than 65536 addresses");
  const addresses = Array.from({ length: Number(count) }, (_, i) => shown(first + BigInt(i), v.version));
  return new PyDict([
    ["number_of_ips", addresses.length],
    ["usable_ips", addresses],
  ]);
}

const family = (name: string, version: Version | undefined): [string, FilterFunction] => [
  name,
  filter({ query: "", version: false }, (_c, value, query, wanted) =>
    ipaddr(
      value,
      query,
      version ?? (isInt(wanted) && truth(wanted) ? (Number(wanted as PyNumber) as Version) : undefined),
      name,
    ),
  ),
];

/** Filters on addresses and networks, by name. */
export const IP_FILTERS: ReadonlyMap<string, FilterFunction> = new Map<string, FilterFunction>([
  family("ipaddr", undefined),
  family("ipv4", 4),
  family("ipv6", 6),
  [
    "ipwrap",
    filter({ query: "" }, (_c, value, query) => {
      const wrap = (one: unknown): unknown =>
        ipaddr(ipaddr(one, query, undefined, "ipwrap") || one, "wrap", undefined, "ipwrap") || one;
      return isList(value) ? list(value).map(wrap) : wrap(value);
    }),
  ],
  [
    "ipsubnet",
    filter({ query: "", index: null }, (_c, value, query, index) => ipsubnet(value, query, index)),
  ],
  ["ipmath", filter({ amount: REQUIRED }, (_c, value, amount) => ipmath(value, amount))],
  ["next_nth_usable", filter({ offset: REQUIRED }, (_c, value, offset) => nextUsable(value, offset, 1n))],
  [
    "previous_nth_usable",
    filter({ offset: REQUIRED }, (_c, value, offset) => nextUsable(value, offset, -1n)),
  ],
  ["nthhost", filter({ query: "" }, (_c, value, query) => nthHost(value, query))],
  ["network_in_usable", filter({ test: REQUIRED }, (_c, value, test) => inNetwork(value, test, true))],
  ["network_in_network", filter({ test: REQUIRED }, (_c, value, test) => inNetwork(value, test, false))],
  ["reduce_on_network", filter({ network: REQUIRED }, (_c, value, network) => reduceOn(value, network))],
  ["cidr_merge", filter({ action: "merge" }, (_c, value, action) => cidrMerge(value, action))],
  ["usable_range", filter({}, (_c, value) => usableRange(value))],
  ["slaac", filter({ query: "" }, (_c, value, query) => slaac(value, query))],
  ["hwaddr", filter({ query: "" }, (_c, value, query) => hwaddr(value, query, "hwaddr"))],
  ["macaddr", filter({ query: "" }, (_c, value, query) => hwaddr(value, query, "macaddr"))],
  ["ip4_hex", filter({ delimiter: "" }, (_c, value, delimiter) => hexOf(value, delimiter))],
]);
