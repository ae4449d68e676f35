import { PythonError } from "../values/python-error.ts";
import { quoteText } from "../values/text.ts";

export type Version = 4 | 6;

/** Bits of an address. */
export const WIDTH: Readonly<Record<Version, number>> = { 4: 32, 6: 128 };

/** Python's AddressValueError or NetmaskValueError: a text is no address or mask of the family asked for. */
export class IpValueError extends PythonError {
  constructor(message: string) {
    super("ValueError", message);
  }
}

/** The number of an address text. Throws IpValueError with Python's reasons. */
export function parseAddress(text: string, version: Version): bigint {
  if (text.includes("/")) throw new IpValueError(`Unexpected '/' in ${quoteText(text)}`);
  return version === 4 ? parseV4(text) : parseV6(text);
}

function parseV4(text: string): bigint {
  if (text === "") throw new IpValueError("Address cannot be empty");
  const octets = text.split(".");
  if (octets.length !== 4) throw new IpValueError(`Expected 4 octets in ${quoteText(text)}`);
  return octets.reduce((value, octet) => (value << 8n) | BigInt(parseOctet(octet, text)), 0n);
}

function parseOctet(octet: string, text: string): number {
  const where = `in ${quoteText(text)}`;
  if (octet === "") throw new IpValueError(`Empty octet not permitted ${where}`);
  if (!/^[0-9]+$/.test(octet))
    throw new IpValueError(`Only decimal digits permitted in ${quoteText(octet)} ${where}`);
  if (octet.length > 3)
    throw new IpValueError(`At most 3 characters permitted in ${quoteText(octet)} ${where}`);
  if (octet !== "0" && octet.startsWith("0")) {
    throw new IpValueError(`Leading zeros are not permitted in ${quoteText(octet)} ${where}`);
  }
  const value = Number(octet);
  if (value > 255) throw new IpValueError(`Octet ${value} (> 255) not permitted ${where}`);
  return value;
}

function parseV6(text: string): bigint {
  if (text === "") throw new IpValueError("Address cannot be empty");
  const quoted = quoteText(text);
  let parts = text.split(":");
  if (parts.length < 3) throw new IpValueError(`At least 3 parts expected in ${quoted}`);
  const last = parts.at(-1) ?? "";
  if (last.includes(".")) {
    const value = parseV4(last);
    parts = [...parts.slice(0, -1), (value >> 16n).toString(16), (value & 0xffffn).toString(16)];
  }
  if (parts.length > 9) throw new IpValueError(`At most 8 colons permitted in ${quoted}`);
  return groupsOf(parts, quoted).reduce(
    (value, group) => (value << 16n) | BigInt(parseGroup(group, quoted)),
    0n,
  );
}

/** The eight groups, with those that `::` stands for. */
function groupsOf(parts: readonly string[], quoted: string): readonly string[] {
  const inner = parts.slice(1, -1);
  const gap = inner.indexOf("");
  if (gap !== inner.lastIndexOf("")) throw new IpValueError(`At most one '::' permitted in ${quoted}`);
  if (gap === -1) {
    if (parts.length !== 8) throw new IpValueError(`Exactly 8 parts expected without '::' in ${quoted}`);
    if (parts[0] === "") throw new IpValueError(`Leading ':' only permitted as part of '::' in ${quoted}`);
    if (parts.at(-1) === "")
      throw new IpValueError(`Trailing ':' only permitted as part of '::' in ${quoted}`);
    return parts;
  }
  const before = parts.slice(0, gap + 1);
  const after = parts.slice(gap + 2);
  if (before[0] === "" && before.length > 1)
    throw new IpValueError(`Leading ':' only permitted as part of '::' in ${quoted}`);
  if (after.at(-1) === "" && after.length > 1)
    throw new IpValueError(`Trailing ':' only permitted as part of '::' in ${quoted}`);
  const high = before[0] === "" ? [] : before;
  const low = after.at(-1) === "" ? [] : after;
  const missing = 8 - high.length - low.length;
  if (missing < 1) throw new IpValueError(`Expected at most 7 other parts with '::' in ${quoted}`);
  return [...high, ...Array.from({ length: missing }, () => "0"), ...low];
}

function parseGroup(group: string, quoted: string): number {
  if (!/^[0-9a-fA-F]+$/.test(group))
    throw new IpValueError(`Only hex digits permitted in ${quoteText(group)} in ${quoted}`);
  if (group.length > 4)
    throw new IpValueError(`At most 4 characters permitted in ${quoteText(group)} in ${quoted}`);
  return Number.parseInt(group, 16);
}

/** The shortest text of an address. */
export function addressText(value: bigint, version: Version): string {
  if (version === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = hexGroups(value).map((group) => group.replace(/^0+(?=.)/, ""));
  return compress(groups);
}

/** The text of an address with all its digits. */
export function explodedText(value: bigint, version: Version): string {
  return version === 4 ? addressText(value, version) : hexGroups(value).join(":");
}

function hexGroups(value: bigint): string[] {
  return value.toString(16).padStart(32, "0").match(/.{4}/g) ?? [];
}

/** Writes `::` for the longest run of zeros, the first of equal ones, where it is longer than one group. */
function compress(groups: readonly string[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === "0") length += 1;
    if (length > best.length) best = { start, length };
  }
  if (best.start === -1) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

/** The prefix length of a mask: a number, or for IPv4 also a net mask or host mask. */
export function parsePrefix(text: string, version: Version): number {
  if (/^[0-9]+$/.test(text) && Number(text) <= WIDTH[version]) return Number(text);
  if (version === 4 && !/^[0-9]+$/.test(text)) {
    const prefix = prefixOfMask(text);
    if (prefix !== undefined) return prefix;
  }
  throw new IpValueError(`${quoteText(text)} is not a valid netmask`);
}

function prefixOfMask(text: string): number | undefined {
  let mask: bigint;
  try {
    mask = parseV4(text);
  } catch {
    return undefined;
  }
  for (const candidate of [mask, mask ^ 0xffffffffn]) {
    const bits = candidate.toString(2).padStart(32, "0");
    if (/^1*0*$/.test(bits)) return bits.replaceAll("0", "").length;
  }
  return undefined;
}
