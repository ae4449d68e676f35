import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { lldpCapabilities } from "../values/lldp-capabilities.ts";
import { macAddress } from "../values/mac-address.ts";
import { type Asking, type IosGetter, output } from "./request.ts";

export const getLldpNeighbors: IosGetter = function* () {
  const neighbours = yield* neighboursOf("");
  return Object.fromEntries(
    Object.entries(neighbours).map(([name, entries]) => [name, entries.map(nameAndPort)]),
  );
};

export const getLldpNeighborsDetail: IosGetter = function* ({ args: { interface: only = "" } }) {
  return yield* neighboursOf(only ? ` ${only}` : "");
};

type Neighbour = ReturnType<typeof neighbourOf>;

/** IOS itself names a neighbour without a name by its chassis. */
function nameAndPort({ remote_system_name: name, remote_chassis_id: chassis, remote_port: port }: Neighbour) {
  const isMac = /^[^:]*(?::[^:]*){5}$|^[^-]*(?:-[^-]*){5}$|^[^.]*(?:\.[^.]*){2}$/.test(port);
  return { hostname: name || macOr(chassis), port: isMac ? macOr(port) : port };
}

function* neighboursOf(only: string): Asking<Record<string, Neighbour[]>> {
  const detail = yield* output(`show lldp neighbors${only} detail`);
  // A neighbour begins with the local interface, or on releases that do not tell it with the chassis.
  const blocks = detail.split(LOCAL_INTERFACE.test(detail) ? LOCAL_INTERFACE : /^(?=Chassis id)/m);
  const entries = blocks.map(fieldsOf).filter(isNeighbour);
  if (entries.length === 0) return {};
  const names = entries[0]?.has("Local Intf") ? [] : yield* localInterfaces(only, entries.length);
  const neighbours = new Map<string, Neighbour[]>();
  for (const [index, entry] of entries.entries()) {
    const name = canonicalInterfaceName(entry.get("Local Intf") || (names[index] ?? ""));
    const known = neighbours.get(name);
    if (known) known.push(neighbourOf(entry));
    else neighbours.set(name, [neighbourOf(entry)]);
  }
  return Object.fromEntries(neighbours);
}

const LOCAL_INTERFACE = /^(?=Local Int\w*\s*?[:-])/m;

type Fields = ReadonlyMap<string, string>;

function fieldsOf(block: string): Fields {
  const fields = new Map<string, string>();
  for (const [, label = "", value = ""] of block.matchAll(FIELD)) fields.set(LABELS[label] ?? label, value);
  const description = /^System Description:.*\n(.+)/m.exec(block)?.[1];
  if (description !== undefined) fields.set("System Description", description);
  return fields;
}

const isNeighbour = (fields: Fields) => fields.has("Chassis id");

/** Label and value with a colon between, or a hyphen before `not advertised`. */
const FIELD =
  /^(Local Int(?:erface|erf|f|face)?|Chassis id|Port id|Port Description|System Name|System Description|System Capabilities|Enabled Capabilities)\s*?[:-][^\S\n]+(.*)$/gm;
const LABELS: Readonly<Record<string, string>> = {
  "Local Interface": "Local Intf",
  "Local Interf": "Local Intf",
};

function neighbourOf(fields: Fields) {
  const told = (label: string) => {
    const value = fields.get(label) ?? "";
    return value.includes("not advertised") ? "" : value;
  };
  return {
    parent_interface: "",
    remote_port: told("Port id"),
    remote_chassis_id: macOr(told("Chassis id")),
    remote_port_description: told("Port Description"),
    remote_system_name: told("System Name"),
    remote_system_description: told("System Description"),
    remote_system_capab: lldpCapabilities(told("System Capabilities")),
    remote_system_enable_capab: lldpCapabilities(told("Enabled Capabilities")),
  };
}

/** The local interfaces of neighbours in the order of the detailed output. */
function* localInterfaces(only: string, expected: number): Asking<string[]> {
  const brief = yield* output(`show lldp neighbors${only}`);
  const lines = brief
    .slice(brief.search(/^Device ID/m))
    .split("\n")
    .slice(1);
  const end = lines.findIndex((line) => line.trim() === "" || line.startsWith("Total entries"));
  const names = lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => /^.{20}(\S{1,15})/.exec(line)?.[1]);
  const found = names.filter((name) => name !== undefined);
  if (found.length !== expected)
    throw new InvalidValue(`a table of the ${expected} LLDP neighbours that were told in detail`, brief);
  return found;
}

function macOr(text: string): string {
  try {
    return macAddress(text);
  } catch (error) {
    if (error instanceof InvalidValue) return text;
    throw error;
  }
}
