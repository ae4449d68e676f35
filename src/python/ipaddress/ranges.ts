import { parseAddress, type Version, WIDTH } from "./text.ts";

/** What an address can be, by the ranges that IANA's registries give it (as Python 3.11 has them). */
export type Kind =
  | "link_local"
  | "loopback"
  | "multicast"
  | "private"
  | "reserved"
  | "unspecified"
  | "site_local"
  | "shared";

const TABLE: Readonly<Record<Version, Partial<Record<Kind, readonly string[]>>>> = {
  4: {
    link_local: ["169.254.0.0/16"],
    loopback: ["127.0.0.0/8"],
    multicast: ["224.0.0.0/4"],
    private: [
      "0.0.0.0/8",
      "10.0.0.0/8",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "172.16.0.0/12",
      "192.0.0.0/29",
      "192.0.0.170/31",
      "192.0.2.0/24",
      "192.168.0.0/16",
      "198.18.0.0/15",
      "198.51.100.0/24",
      "203.0.113.0/24",
      "240.0.0.0/4",
      "255.255.255.255/32",
    ],
    reserved: ["240.0.0.0/4"],
    unspecified: ["0.0.0.0/32"],
    shared: ["100.64.0.0/10"],
  },
  6: {
    link_local: ["fe80::/10"],
    loopback: ["::1/128"],
    multicast: ["ff00::/8"],
    private: [
      "::1/128",
      "::/128",
      "::ffff:0:0/96",
      "100::/64",
      "2001::/23",
      "2001:2::/48",
      "2001:db8::/32",
      "2001:10::/28",
      "fc00::/7",
      "fe80::/10",
    ],
    reserved: [
      "::/8",
      "100::/8",
      "200::/7",
      "400::/6",
      "800::/5",
      "1000::/4",
      "4000::/3",
      "6000::/3",
      "8000::/3",
      "a000::/3",
      "c000::/3",
      "e000::/4",
      "f000::/5",
      "f800::/6",
      "fe00::/9",
    ],
    unspecified: ["::/128"],
    site_local: ["fec0::/10"],
  },
};

interface Range {
  readonly first: bigint;
  readonly shift: bigint;
}

const parsed = new Map<string, readonly Range[]>();

/** Whether both ends of a block (the same address twice for an address) are in one range of that kind. */
export function isOfKind(first: bigint, last: bigint, version: Version, kind: Kind): boolean {
  return rangesOf(version, kind).some(
    (range) => first >> range.shift === range.first && last >> range.shift === range.first,
  );
}

function rangesOf(version: Version, kind: Kind): readonly Range[] {
  const key = `${version} ${kind}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const ranges = (TABLE[version][kind] ?? []).map((text) => {
    const [address = "", prefix = ""] = text.split("/");
    const shift = BigInt(WIDTH[version] - Number(prefix));
    return { first: parseAddress(address, version) >> shift, shift };
  });
  parsed.set(key, ranges);
  return ranges;
}
