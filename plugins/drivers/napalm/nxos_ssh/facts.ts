import { CommandRefused } from "../getter.ts";
import { chassisSerial, inventory } from "../nxos/facts.ts";
import { type Asking, type NxosGetter, rows, text } from "../nxos/request.ts";
import { canonicalInterfaceName } from "../values/interface-name.ts";

export const getFacts: NxosGetter = function* () {
  const version = yield* text("show version");
  const hosts = yield* text("show hosts");
  const status = yield* text("show interface status");
  const hostname = (yield* text("show hostname")).trim();
  const serial = yield* serialNumber();
  return {
    vendor: "Cisco",
    ...versionOf(version),
    serial_number: serial,
    ...namesOf(hostname, DOMAIN.exec(hosts)?.[1]?.trim() ?? ""),
    interface_list: interfacesOf(status),
  };
};

/** From the inventory; a release that cannot give it as JSON prints it. */
function* serialNumber(): Asking<string> {
  try {
    return chassisSerial(yield* rows("show inventory", "inv", inventory));
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    return CHASSIS.exec(yield* text("show inventory"))?.[1] ?? "";
  }
}

const CHASSIS = /^NAME:\s+"Chassis",[^\n]*\n[^\n]*PID:[^\n]*SN:\s+(\w*)/m;

function versionOf(output: string) {
  let [os_version, model, uptime] = ["", "", -1];
  for (const line of output.split("\n")) {
    const passed = line.split(" uptime is ")[1];
    if (passed !== undefined) uptime = uptimeOf(passed);
    if (line.includes("system: ") || line.trim().startsWith("NXOS: version"))
      os_version = line.trim().split(/\s+/)[2] ?? "";
    if (line.includes("cisco") && line.includes("hassis"))
      model = (CHASSIS_MODEL.exec(line) ?? BARE_MODEL.exec(line))?.[1]?.trim() ?? model;
  }
  return { os_version, model, uptime };
}

/** `cisco Nexus7000 C7009 (9 Slot) Chassis ("Supervisor module-1X")`: the model may have brackets of its own. */
const CHASSIS_MODEL = /.cisco (.* [cC]hassis)/;
const BARE_MODEL = /.cisco (.*) \(/;

/** Seconds of `383 day(s), 19 hour(s), 56 minute(s), 1 second(s)`. */
function uptimeOf(text: string): number {
  return [...text.matchAll(PART)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ""] ?? 0),
    0,
  );
}

const PART = /(\d+) (year|week|day|hour|minute|second)/g;
const DAY = 86_400;
const SECONDS: Readonly<Record<string, number>> = {
  year: 365 * DAY,
  week: 7 * DAY,
  day: DAY,
  hour: 3600,
  minute: 60,
  second: 1,
};

const DOMAIN = /Default domain[^\n]*is ([^\n]*)/;

/** A hostname may carry its domain; without one there is no full name. */
function namesOf(hostname: string, domain: string) {
  if (hostname.split(".").length > 2) {
    const bare = domain !== "" && hostname.endsWith(domain) ? hostname.slice(0, -domain.length) : hostname;
    return { hostname: bare.replace(/^\.+|\.+$/g, ""), fqdn: hostname };
  }
  return { hostname, fqdn: domain === "" ? "" : `${hostname}.${domain}` };
}

/** The table has a head for each kind of interfaces, and lines that go on begin with a space. */
function interfacesOf(status: string): string[] {
  return status
    .trim()
    .split("\n")
    .filter((line) => !/^(?:-{10,}\s*$|Port | |\s*$)/.test(line))
    .map((line) => canonicalInterfaceName(line.split(/\s+/)[0] ?? ""));
}
