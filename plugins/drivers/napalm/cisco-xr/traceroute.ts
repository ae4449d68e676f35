import { ipVersion, isIpAddress } from "../values/ip-address.ts";

/** What a traceroute is asked for, with NAPALM's defaults. */
export interface TracerouteQuery {
  readonly destination: string;
  readonly version: 4 | 6;
  readonly source: string;
  readonly ttl: number;
  /** In seconds. */
  readonly timeout: number;
  readonly vrf: string;
}

/** Probes of a hop, by number from 1 on; times in milliseconds. */
export interface Hop {
  readonly probes: Record<string, { ip_address: string; host_name: string; rtt: number }>;
}

/** The router traces addresses, not names. */
export function tracerouteQuery({
  destination,
  source = "",
  ttl = 255,
  timeout = 2,
  vrf = "",
}: Readonly<Record<string, unknown>>): TracerouteQuery | { readonly error: string } {
  const address = String(destination);
  if (!isIpAddress(address)) return { error: `${JSON.stringify(address)} is not an IP address.` };
  return {
    destination: address,
    version: ipVersion(address),
    source: String(source),
    ttl: Number(ttl),
    timeout: Number(timeout),
    vrf: String(vrf),
  };
}
