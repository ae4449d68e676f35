import { eos } from "./eos/platform.ts";
import { ios } from "./ios/platform.ts";
import { iosxr } from "./iosxr/platform.ts";
import { iosxrNetconf } from "./iosxr_netconf/platform.ts";
import { junos } from "./junos/platform.ts";
import { nxos } from "./nxos/platform.ts";
import { nxosSsh } from "./nxos_ssh/platform.ts";
import type { NapalmPlatform } from "./platform.ts";

/** The platforms, by NAPALM's names. */
export const platforms: Readonly<Record<string, NapalmPlatform>> = {
  eos,
  ios,
  iosxr,
  iosxr_netconf: iosxrNetconf,
  junos,
  nxos,
  nxos_ssh: nxosSsh,
};

/** Netmiko's names, which NetPulse takes for NAPALM's too. */
const SYNONYMS: Readonly<Record<string, string>> = {
  arista_eos: "eos",
  cisco_ios: "ios",
  cisco_xe: "ios",
  cisco_xr: "iosxr",
  juniper: "junos",
  juniper_junos: "junos",
  cisco_nxos: "nxos",
  cisco_nxos_ssh: "nxos_ssh",
};

/** The platform of a name, if there is one. */
export function platformOf(name: string): NapalmPlatform | undefined {
  const own = Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : name;
  return own !== undefined && Object.hasOwn(platforms, own) ? platforms[own] : undefined;
}
