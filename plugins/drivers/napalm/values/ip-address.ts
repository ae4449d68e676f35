import { isIPv4, isIPv6 } from "node:net";
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
  if (version !== 6 && isIPv4(text)) return text;
  if (version !== 4 && PLAIN_IPV6.test(text) && isIPv6(text))
    return new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [address = "", ...scope] = text.split("%");
  const parsed = parse(address);
  if (version !== undefined && parsed.version !== version)
    throw new InvalidValue(`an IPv${version} address`, text);
  const suffix = scope.length > 0 ? `%${scope.join("%")}` : "";
  return mappedText(parsed) + suffix;
}

/** Without scope or dots, and not within the block that is written with them: the standard notation is that of URLs. */
const PLAIN_IPV6 = /^(?!0*:)[\da-f:]+$/i;

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

/** Whether a text is an IP address of either family; one of IPv6 may have a scope. */
export function isIpAddress(text: string): boolean {
  const [address = "", ...scope] = text.split("%");
  try {
    return parse(address).version === 6 ? scope.length < 2 && scope[0] !== "" : scope.length === 0;
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
