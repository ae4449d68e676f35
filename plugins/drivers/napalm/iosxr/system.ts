import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { decimal } from "../cisco-xr/fields.ts";
import { type SnmpPaths, snmpInformation, type UserPaths, userAccounts } from "../cisco-xr/system.ts";
import { CommandRefused } from "../getter.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { withoutSecrets } from "../values/secrets.ts";
import { interfaceNames } from "./interfaces.ts";
import { type Asking, get, show, type XrGetter } from "./request.ts";

export const getFacts: XrGetter = function* () {
  const chassis = yield* chassisFacts();
  return { ...chassis, interface_list: yield* interfaceNames() };
};

/** What the router tells about itself as a whole. */
export function* chassisFacts() {
  const [reply, inventory] = yield* inventoryReply();
  const time = reply.first(".//SystemTime/Uptime");
  if (!time) throw new InvalidValue("an uptime of the system", "");
  const rack = reply.first(inventory);
  const hostname = time.value("Hostname");
  return {
    hostname,
    fqdn: hostname,
    vendor: "Cisco",
    model: rack?.value("ModelName") ?? "",
    serial_number: rack?.value("SerialNumber") ?? "",
    os_version: rack?.value("SoftwareRevision") ?? "",
    uptime: decimal(time, "Uptime", -1),
  };
}

/** Releases from 7 on have the inventory elsewhere and refuse the request of older ones. */
function* inventoryReply(): Asking<[XmlElement, string]> {
  try {
    const reply = yield* get("Operational", {
      SystemTime: "",
      "PlatformInventory/RackTable/Rack": { "Naming/Name": 0, "Attributes/BasicInfo": "" },
    });
    return [reply, ".//RackTable/Rack/Attributes/BasicInfo"];
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    const reply = yield* get("Operational", {
      SystemTime: "",
      "Inventory/Entities/Entity": { "Naming/Name": "Rack 0", "Attributes/InvBasicBag": "" },
    });
    return [reply, ".//Entities/Entity/Attributes/InvBasicBag"];
  }
}

export const getSnmpInformation: XrGetter = function* () {
  return snmpInformation(yield* get("Configuration/SNMP"), snmp);
};

const snmp: SnmpPaths = {
  chassis: ".//ChassisID",
  contact: ".//Contact",
  location: ".//Location",
  communities: ".//DefaultCommunity",
  name: "Naming/CommunityName",
  // So written by the device.
  privilege: "Priviledge",
  accessLists: ["AccessList"],
  modes: { ReadOnly: "ro", ReadWrite: "rw" },
};

export const getUsers: XrGetter = function* () {
  return userAccounts(yield* get("Configuration/AAA"), users);
};

const users: UserPaths = {
  users: ".//Username",
  name: "Naming/Name",
  group: "UsergroupsUnderUsername/UsergroupUnderUsername/Naming/Name",
  password: "Password/Password",
};

/** There is no startup configuration: what is committed is what the router starts with. */
export const getConfig: XrGetter = function* ({ args: { retrieve = "all", full, sanitized } }) {
  const wants = (one: string) => retrieve === "all" || retrieve === one;
  const running = wants("running") ? yield* configuration(`show running-config${full ? " all" : ""}`) : "";
  const candidate = wants("candidate") ? yield* configuration("show configuration merge") : "";
  const kept = (config: string) => (sanitized ? withoutSecrets(config, "cisco") : config);
  return { startup: "", running: kept(running), candidate: kept(candidate) };
};

/** Lines that tell when it was made are emptied, so that only a change is a difference. */
function* configuration(command: string): Asking<string> {
  const text = yield* show("Configuration", command);
  return text.replace(/^(?:Building configuration|!! IOS XR Configuration).*$/gm, "");
}
