import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { firstText } from "./fields.ts";

/** Where the configuration of SNMP stands, and how rights of a community are written. */
export interface SnmpPaths {
  readonly chassis: string;
  readonly contact: string;
  readonly location: string;
  readonly communities: string;
  readonly name: string;
  readonly privilege: string;
  readonly accessLists: readonly string[];
  readonly modes: Readonly<Record<string, string>>;
}

export function snmpInformation(reply: XmlElement, paths: SnmpPaths) {
  return {
    chassis_id: reply.value(paths.chassis),
    contact: reply.value(paths.contact),
    location: reply.value(paths.location),
    community: Object.fromEntries(
      reply
        .all(paths.communities)
        .map((one) => [
          one.value(paths.name),
          { mode: paths.modes[one.value(paths.privilege)] ?? "", acl: firstText(one, paths.accessLists) },
        ]),
    ),
  };
}

/** Where the configured users stand. */
export interface UserPaths {
  readonly users: string;
  readonly name: string;
  readonly group: string;
  readonly password: string;
}

/** The first group of a user decides on the level. */
export function userAccounts(reply: XmlElement, paths: UserPaths) {
  return Object.fromEntries(
    reply
      .all(paths.users)
      .map((one) => [
        one.value(paths.name),
        { level: LEVELS.get(one.value(paths.group)) ?? 0, password: one.value(paths.password), sshkeys: [] },
      ]),
  );
}

/** Groups that every router has, as levels of IOS; others are 0. */
const LEVELS: ReadonlyMap<string, number> = new Map([
  ["root-system", 15],
  ["root-lr", 15],
  ["operator", 5],
  ["sysadmin", 1],
  ["serviceadmin", 1],
]);
