import { decimal } from "../cisco-xr/fields.ts";
import { type SnmpPaths, snmpInformation, type UserPaths, userAccounts } from "../cisco-xr/system.ts";
import { treeOf } from "../cisco-xr/tree.ts";
import { getRunning, reply, type XrNetconfGetter } from "./request.ts";

export const getFacts: XrNetconfGetter<Facts> = function* () {
  const data = yield* reply({ operation: "get", filter: facts });
  const time = data.first(".//system-time/uptime");
  const rack = data.first(".//inventory/entities/entity/attributes/inv-basic-bag");
  const hostname = time?.value("host-name") ?? "";
  return {
    hostname,
    fqdn: hostname,
    vendor: "Cisco",
    model: rack?.value("model-name") ?? "",
    serial_number: rack?.value("serial-number") ?? "",
    os_version: rack?.value("software-revision") ?? "",
    uptime: time ? decimal(time, "uptime", -1) : -1,
    interface_list: data.all(".//interfaces/interfaces/interface").map((one) => one.value("interface-name")),
  };
};

interface Facts {
  readonly hostname: string;
  readonly fqdn: string;
  readonly vendor: string;
  readonly model: string;
  readonly serial_number: string;
  readonly os_version: string;
  readonly uptime: number;
  readonly interface_list: readonly string[];
}

const facts = [
  treeOf("Cisco-IOS-XR-shellutil-oper:system-time"),
  treeOf("Cisco-IOS-XR-pfi-im-cmd-oper:interfaces/interfaces/interface/interface-name"),
  treeOf("Cisco-IOS-XR-invmgr-oper:inventory/entities/entity", {
    name: "Rack 0",
    "attributes/inv-basic-bag": { "software-revision": "", "model-name": "", "serial-number": "" },
  }),
];

export const getSnmpInformation: XrNetconfGetter = function* () {
  const data = yield* getRunning("Cisco-IOS-XR-snmp-agent-cfg:snmp", { administration: "", system: "" });
  return snmpInformation(data, snmp);
};

const snmp: SnmpPaths = {
  chassis: ".//snmp/system/chassis-id",
  contact: ".//snmp/system/contact",
  location: ".//snmp/system/location",
  communities: ".//snmp/administration/default-communities/default-community",
  name: "community-name",
  // So written by the device.
  privilege: "priviledge",
  accessLists: ["v6-access-list", "v4-access-list"],
  modes: { "read-only": "ro", "read-write": "rw" },
};

export const getUsers: XrNetconfGetter = function* () {
  const data = yield* getRunning(
    "Cisco-IOS-XR-aaa-lib-cfg:aaa/Cisco-IOS-XR-aaa-locald-cfg:usernames/username",
  );
  return userAccounts(data, users);
};

const users: UserPaths = {
  users: ".//aaa/usernames/username",
  name: "name",
  group: "usergroup-under-usernames/usergroup-under-username/name",
  password: "password",
};
