import { type NxosGetter, text } from "../nxos/request.ts";
import { InvalidValue } from "../values/invalid-value.ts";

type Addresses = Record<string, { prefix_length: number | "N/A" }>;
type Family = Map<string, Addresses>;

/** An interface has a family when the device lists it for it, also without an address. */
export const getInterfacesIp: NxosGetter = function* () {
  const families = {
    ipv4: ipv4Of(yield* text("show ip interface vrf all")),
    ipv6: ipv6Of(yield* text("show ipv6 interface vrf all")),
  };
  const interfaces: Record<string, Partial<Record<keyof typeof families, Addresses>>> = {};
  for (const family of ["ipv4", "ipv6"] as const)
    for (const [name, addresses] of families[family])
      interfaces[name] = { ...interfaces[name], [family]: addresses };
  return interfaces;
};

/** `IP address: 3.3.3.3, IP subnet: 3.3.3.0/25 secondary route-preference: 0, tag: 0` */
function ipv4Of(output: string): Family {
  const found: Family = new Map();
  let current: Addresses | undefined;
  let name = "";
  for (const line of output.split("\n")) {
    if (line.includes("Interface status")) {
      [name = ""] = line.split(",");
      current = undefined;
    } else if (line.includes("IP address")) {
      const address = /IP address: ([^\s,]+)/.exec(line)?.[1];
      if (address === undefined || name === "") throw new InvalidValue("an address of an interface", line);
      current ??= found.get(name) ?? {};
      found.set(name, current);
      const length = /IP subnet: [^\s/]+\/(\d+)/.exec(line)?.[1];
      if (address !== "none")
        current[address] = { prefix_length: length === undefined ? "N/A" : Number(length) };
    }
  }
  return found;
}

/** `2001:11:2233::a1/24 [VALID]`; a link-local address stands without its length, which is 64. */
function ipv6Of(output: string): Family {
  const found: Family = new Map();
  let name: string | undefined;
  for (const line of output.split("\n")) {
    if (line.includes("Interface status")) {
      [name] = line.split(",");
      continue;
    }
    if (name === undefined) continue;
    const addresses = found.get(name) ?? {};
    found.set(name, addresses);
    if (!line.includes("VALID")) continue;
    const [, address = "", length = "64"] = VALID.exec(line) ?? [];
    if (address === "") throw new InvalidValue("an address of an interface", line);
    addresses[address] = { prefix_length: Number(length) };
  }
  return found;
}

const VALID = /^\s*(?:IPv6 (?:link-local )?address:\s+)?([\da-fA-F:.]+)(?:\/(\d+))?(?:\s|$)/;
