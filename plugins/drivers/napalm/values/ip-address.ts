import { ipaddress } from "../../../../src/python/index.ts";
import { InvalidValue } from "./invalid-value.ts";

/**
 * An IP address in its standard notation (lower case, zeros compressed); a scope such as `%eth0` stays. With `version`, an
 * address of the other family is refused. Throws InvalidValue.
 *
 * @example
 * ipAddress("2001:0DB8::0003"); // "2001:db8::3"
 */
export function ipAddress(text: string, version?: 4 | 6): string {
  const [address = "", ...scope] = text.split("%");
  const parsed = parse(address);
  if (version !== undefined && parsed.version !== version)
    throw new InvalidValue(`an IPv${version} address`, text);
  const suffix = scope.length > 0 ? `%${scope.join("%")}` : "";
  return mappedText(parsed) + suffix;
}

/** The same, but `otherwise` where the text is no address. */
export function ipAddressOr(otherwise: string, text: string | undefined): string {
  try {
    return text === undefined ? otherwise : ipAddress(text);
  } catch {
    return otherwise;
  }
}

/** 4 or 6. Throws InvalidValue. */
export function ipVersion(text: string): 4 | 6 {
  return parse(text.split("%")[0] ?? "").version;
}

/** Whether a text is an IP address of either family. */
export function isIpAddress(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string): ipaddress.IpAddress {
  try {
    return ipaddress.ipAddress(text);
  } catch {
    throw new InvalidValue("an IP address", text);
  }
}

/** IPv4 within IPv6 keeps its dots. */
function mappedText(address: ipaddress.IpAddress): string {
  if (address.version === 4 || address.value >> 32n !== 0xffffn) return address.str();
  return `::ffff:${new ipaddress.IpAddress(address.value & 0xffffffffn, 4).str()}`;
}
