import { type NxosGetter, text } from "./request.ts";

/** What the configuration says of SNMP. */
export const getSnmpInformation: NxosGetter = function* () {
  const community: Record<string, { acl: string; mode: string }> = {};
  const system = { contact: "", location: "" };
  for (const line of (yield* text("show running-config")).split("\n")) {
    const found = LINE.exec(line.trimEnd())?.groups;
    if (!found) continue;
    if (found.property === "contact" || found.property === "location")
      system[found.property] = found.value ?? "";
    if (!found.community) continue;
    // The group and the access list of a community stand in lines of their own.
    const known = community[found.community] ?? { acl: "", mode: "" };
    community[found.community] = { acl: found.acl ?? known.acl, mode: found.group ?? known.mode };
  }
  return { chassis_id: "", ...system, community };
};

const LINE =
  /^snmp-server (?:(?<property>contact|location) (?<value>.*)|community (?<community>\S+) (?:group +(?<group>network-admin|network-operator)|use-.+\s(?<acl>\S+)))/;
