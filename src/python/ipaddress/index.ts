/**
 * Python's `ipaddress`: addresses, interfaces and networks as Python values. Errors are Python's ValueErrors.
 *
 * @example ipInterface("10.0.0.1/24").network.str()  // "10.0.0.0/24"
 */
import { valueError } from "../values/python-error.ts";
import { quoteText } from "../values/text.ts";
import { IpAddress } from "./address.ts";
import { IpInterface } from "./interface.ts";
import { IpNetwork } from "./network.ts";
import { IpValueError, type Version } from "./text.ts";

export { IpAddress } from "./address.ts";
export { IpInterface } from "./interface.ts";
export { IpObject } from "./ip-object.ts";
export { IpNetwork } from "./network.ts";
export { IpValueError } from "./text.ts";

/** Python's `ip_address`: of either family. Throws ValueError. */
export function ipAddress(text: string): IpAddress {
  return ofEitherFamily("address", text, (version) => IpAddress.parse(text, version));
}

/** Python's `ip_interface`: of either family. Throws ValueError. */
export function ipInterface(text: string): IpInterface {
  return ofEitherFamily("interface", text, (version) => IpInterface.parse(text, version));
}

/** Python's `ip_network`: of either family; bits behind the prefix are refused unless `strict` is false. Throws ValueError. */
export function ipNetwork(text: string, strict = true): IpNetwork {
  return ofEitherFamily("network", text, (version) => IpNetwork.parse(text, version, strict));
}

function ofEitherFamily<T>(what: string, text: string, parse: (version: Version) => T): T {
  for (const version of [4, 6] as const) {
    try {
      return parse(version);
    } catch (error) {
      if (!(error instanceof IpValueError)) throw error;
    }
  }
  throw valueError(`${quoteText(text)} does not appear to be an IPv4 or IPv6 ${what}`);
}
