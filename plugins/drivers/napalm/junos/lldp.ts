import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused } from "../getter.ts";
import { macAddress } from "../values/mac-address.ts";
import { listsBy } from "./grouped.ts";
import { type Asking, fact, type JunosGetter, orNone, rpc } from "./request.ts";
import { table, text, texts, type Values } from "./rows.ts";

/** Neighbours by local interface; none where the device does not speak LLDP. */
export const getLldpNeighbors: JunosGetter = function* () {
  const reply = yield* orNone(() => rpc(ALL));
  return listsBy(
    (reply ? neighbourTable(reply) : []).flatMap(({ local, hostname, port }) =>
      local === null ? [] : [[local, { hostname: hostname ?? "None", port: port ?? "None" }] as const],
    ),
  );
};

/** Neighbours in full, asked for interface by interface. */
export const getLldpNeighborsDetail: JunosGetter = function* ({ args }) {
  const wanted = String(args.interface ?? "");
  const names = wanted === "" ? yield* localInterfaces() : [wanted];
  let [form, other] = (yield* fact("switchStyle")) === "VLAN" ? [SWITCHES, ROUTERS] : [ROUTERS, SWITCHES];
  const found: [string, ReturnType<typeof modelOf>][] = [];
  for (const name of names) {
    let reply: XmlElement;
    try {
      reply = yield* rpc(form.rpc, { [form.argument]: name });
    } catch (error) {
      if (!(error instanceof CommandRefused && error.message.includes("syntax error"))) throw error;
      // The device has the RPC of the other kind.
      [form, other] = [other, form];
      reply = yield* rpc(form.rpc, { [form.argument]: name });
    }
    found.push(...detailTable(reply).map((one): (typeof found)[number] => [name, modelOf(one)]));
  }
  return listsBy(found);
};

const ALL = "get-lldp-neighbors-information";
const SWITCHES = { rpc: "get-lldp-interface-neighbors-information", argument: "interface-name" };
const ROUTERS = { rpc: "get-lldp-interface-neighbors", argument: "interface-device" };

function* localInterfaces(): Asking<Iterable<string>> {
  const reply = yield* orNone(() => rpc(ALL));
  return new Set(reply ? localTable(reply).flatMap(({ names }) => names) : []);
}

function modelOf(one: Values<typeof detail>) {
  return {
    parent_interface: one.parent ?? "",
    remote_port: one.port ?? "",
    remote_chassis_id: chassisOf(one.chassis ?? ""),
    remote_port_description: one.portDescription ?? "",
    remote_system_name: one.systemName ?? "",
    remote_system_description: one.systemDescription ?? "",
    remote_system_capab: capabilitiesOf(one.capabilities),
    remote_system_enable_capab: capabilitiesOf(one.enabled),
  };
}

/** A MAC address in the standard form, anything else as it is. */
function chassisOf(text: string): string {
  try {
    return macAddress(text);
  } catch {
    return text;
  }
}

/** Junos writes names with blanks between them: `Bridge WLAN Access Point Router`. */
function capabilitiesOf(text: string | null): string[] {
  const lower = text?.toLowerCase() ?? "";
  return CAPABILITIES.flatMap(([words, name]) => (lower.includes(words) ? [name] : [])).toSorted();
}

const CAPABILITIES = [
  ["other", "other"],
  ["repeater", "repeater"],
  ["bridge", "bridge"],
  ["wlan access point", "wlan-access-point"],
  ["router", "router"],
  ["telephone", "telephone"],
  ["docsis cable device", "docsis-cable-device"],
  ["station only", "station"],
] as const;

const ITEM = "lldp-neighbor-information";

const localTable = table(ITEM, { names: texts("lldp-local-interface|lldp-local-port-id") });

const neighbourTable = table(ITEM, {
  local: text("lldp-local-port-id|lldp-local-interface"),
  hostname: text("lldp-remote-system-name"),
  port: text("lldp-remote-port-id|lldp-remote-port-description"),
});

const detail = {
  parent: text("lldp-local-parent-interface-name"),
  port: text("lldp-remote-port-id"),
  chassis: text("lldp-remote-chassis-id"),
  portDescription: text("lldp-remote-port-description"),
  systemName: text("lldp-remote-system-name"),
  systemDescription: text("lldp-system-description/lldp-remote-system-description"),
  capabilities: text("lldp-remote-system-capabilities-supported"),
  enabled: text("lldp-remote-system-capabilities-enabled"),
};
const detailTable = table(ITEM, detail);
