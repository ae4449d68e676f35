import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { CommandRefused } from "../getter.ts";
import {
  type Asking,
  command,
  configuration,
  type FactName,
  type JunosFacts,
  orNone,
  rpc,
} from "./request.ts";
import { read, rows, text } from "./rows.ts";

/** How each fact is found out. What a device refuses it does not have. */
export const factGatherers: { readonly [Name in FactName]: () => Asking<JunosFacts[Name]> } = {
  identity,
  uptime,
  switchStyle,
  srxCluster,
};

function* identity(): Asking<JunosFacts["identity"]> {
  const { hostname, model, version } = yield* software();
  const domain = (yield* configuredDomain()) ?? (yield* resolverDomain());
  return {
    hostname,
    model: model.toUpperCase(),
    version,
    serialNumber: yield* serialNumber(),
    fqdn: hostname !== "" && domain ? `${hostname}.${domain}` : hostname,
  };
}

/** Name, model and version of the routing engine that answers: the only one, or the master. */
function* software(): Asking<{ hostname: string; model: string; version: string }> {
  const reply = yield* rpc("get-software-information");
  const isOne = reply.name === "software-information";
  const all = isOne
    ? [{ element: reply, parent: undefined }]
    : rows(reply, "multi-routing-engine-item/software-information");
  const master = all.length > 1 ? yield* masterEngine() : undefined;
  const own = all.find((row) => engineName(row) === master) ?? all[0];
  if (!own) return { hostname: "", model: "", version: "" };
  const { hostname, model } = read(own, { hostname: text("host-name"), model: text("product-model") });
  return { hostname: hostname ?? "", model: model ?? "", version: versionOf(own.element) };
}

const engineName = text("../re-name");
const engine = { name: text("../../re-name"), slot: text("slot"), state: text("mastership-state") };

/** Name of the master in replies of several engines, such as `re0` or `fpc1`. */
function* masterEngine(): Asking<string | undefined> {
  const reply = yield* orNone(() => rpc("get-route-engine-information"));
  if (!reply) return undefined;
  const path = "route-engine-information/route-engine";
  const wrapped = rows(reply, `multi-routing-engine-item/${path}`);
  const all = (wrapped.length > 0 ? wrapped : rows(reply, "route-engine")).map((row) => read(row, engine));
  const master = all.find(({ state }) => state?.toLowerCase().startsWith("master"));
  return master && (master.name ?? `re${master.slot ?? 0}`);
}

/** Newer releases say it; of older ones a package's comment has it in brackets. */
function versionOf(software: XmlElement): string {
  const plain = software.value("junos-version");
  if (plain !== "") return plain;
  const comment = software.value("package-information[name='junos']/comment");
  const bracketed = /\[(.*)\]/.exec(comment)?.[1];
  if (bracketed !== undefined) return bracketed;
  const last = /\s(\S+)$/.exec(software.value("package-information[name='JUNOS version']/comment"))?.[1];
  const release = software.value("version-information[component='MGD']/release");
  return last ?? /.*\d/.exec(release)?.[0] ?? "";
}

function* serialNumber(): Asking<string> {
  const inventory = yield* orNone(() => rpc("get-chassis-inventory"));
  const places = ["chassis", "chassis-module[name='Backplane']", "chassis-module[name='Midplane']"];
  return places.map((place) => inventory?.value(`.//${place}/serial-number`)).find((serial) => serial) ?? "";
}

function* configuredDomain(): Asking<string | undefined> {
  const options = { database: "committed", inherit: "inherit", "commit-scripts": "apply" };
  const reply = yield* orNone(() => configuration("system/domain-name", { options }));
  return reply?.value(".//domain-name") || undefined;
}

function* resolverDomain(): Asking<string | undefined> {
  for (const filename of ["/etc/resolv.conf", "/var/etc/resolv.conf"]) {
    const file = yield* orNone(() => rpc("file-show", { filename }));
    const words = file?.text.trim().split(/\s+/) ?? [];
    const at = words.indexOf("domain");
    if (at >= 0) return words[at + 1];
  }
  return undefined;
}

function* uptime(): Asking<number> {
  const reply = yield* rpc("get-system-uptime-information");
  const booted = reply.first(".//system-booted-time");
  if (!booted) return -1;
  return Number(read({ element: booted, parent: undefined }, { seconds }).seconds ?? -1);
}

const seconds = text("time-length/@seconds");

/** The table's own element tells which words the device uses. */
function* switchStyle(): Asking<JunosFacts["switchStyle"]> {
  const switching = yield* orNone(() => rpc("get-ethernet-switching-table-information", { summary: true }));
  if (switching?.name === "l2ng-l2ald-rtb-macdb") return "VLAN_L2NG";
  if (switching?.name === "ethernet-switching-table-information") return "VLAN";
  try {
    const bridge = yield* command("show bridge mac-table count");
    return bridge.name === "l2ald-rtb-mac-count" ? "BRIDGE_DOMAIN" : "NONE";
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    return error.message.includes("l2-learning subsystem") ? "BRIDGE_DOMAIN" : "NONE";
  }
}

function* srxCluster(): Asking<boolean> {
  const status = yield* orNone(() => rpc("get-chassis-cluster-status"));
  return status !== undefined && status.name !== "error" && status.name !== "rpc-reply";
}
