import {
  IpAddress,
  type IpInterface,
  ipAddress,
  ipInterface,
} from "../../../../src/python/ipaddress/index.ts";
import { isInt, PythonError, str } from "../../../../src/python/values/index.ts";

export type Version = 4 | 6;

/** An address with the size of its network, and whether it was written with a prefix. */
export interface IpValue {
  readonly version: Version;
  readonly ip: bigint;
  readonly prefix: number;
  readonly withPrefix: boolean;
}

export const widthOf = (version: Version): number => (version === 4 ? 32 : 128);
export const sizeOf = (v: IpValue): bigint => 1n << BigInt(widthOf(v.version) - v.prefix);
export const hostMask = (v: IpValue): bigint => sizeOf(v) - 1n;
export const networkOf = (v: IpValue): bigint => v.ip - (v.ip & hostMask(v));
export const lastOf = (v: IpValue): bigint => networkOf(v) + hostMask(v);
export const netMask = (v: IpValue): bigint => (1n << BigInt(widthOf(v.version))) - 1n - hostMask(v);
/** The broadcast address; IPv4 networks of one and two addresses have none. */
export const broadcastOf = (v: IpValue): bigint | undefined =>
  v.version === 4 && v.prefix >= 31 ? undefined : lastOf(v);

/** An address as text; undefined when the number is none. */
export function addressText(value: bigint, version: Version): string | undefined {
  if (value < 0n || value >= 1n << BigInt(widthOf(version))) return undefined;
  return new IpAddress(value, version).str();
}

export const shown = (value: bigint, version: Version): string => addressText(value, version) ?? "";
export const cidrText = (v: IpValue): string => `${shown(v.ip, v.version)}/${v.prefix}`;

/** Reads an address, a network, a number or a number with a prefix; undefined for everything else. */
export function readIp(value: unknown, version?: Version): IpValue | undefined {
  if (typeof value !== "string" && !isInt(value) && typeof value !== "object") return undefined;
  const text = str(value);
  const number = /^(\d+)(?:\/(\d+))?$/.exec(text);
  if (number) return fromNumber(BigInt(number[1] ?? 0), number[2], version);
  const parsed = attempt(() => (text.includes("/") ? ipInterface(text) : ipAddress(text)));
  if (!parsed) return undefined;
  const family = parsed.version as Version;
  const prefix = "network" in parsed ? (parsed as IpInterface).network.prefixLength : widthOf(family);
  return { version: family, ip: parsed.value, prefix, withPrefix: text.includes("/") };
}

function fromNumber(
  ip: bigint,
  prefix: string | undefined,
  wanted: Version | undefined,
): IpValue | undefined {
  for (const version of [4, 6] as const) {
    if (wanted !== undefined && wanted !== version) continue;
    const width = widthOf(version);
    if (ip >= 1n << BigInt(width) || Number(prefix ?? 0) > width) continue;
    return { version, ip, prefix: Number(prefix ?? width), withPrefix: prefix !== undefined };
  }
  return undefined;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof PythonError) return undefined;
    throw error;
  }
}

/** Whether `inner` lies in `outer`. */
export const within = (inner: IpValue, outer: IpValue): boolean =>
  inner.version === outer.version && networkOf(inner) >= networkOf(outer) && lastOf(inner) <= lastOf(outer);

/** Whether `ip` lies in a network given as text. */
export function isIn(v: IpValue, network: string): boolean {
  const outer = readIp(network);
  return outer !== undefined && within({ ...v, prefix: widthOf(v.version) }, outer);
}
