import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { cli, found, isSet, pattern } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads, selects } from "./method.ts";

const STANDARD_ENTRY =
  /^(\d+) ([pd|]\w+)(?: any)?(?: host)?(?: (\d+(?:\.\d+){3}))?(?:\/(\d{1,2}))?(?: (\d+(?:\.\d+){3}))?(?: (log))?/;
const PORTS = String.raw`(?: ((?:eq|gt|lt|neq|range) [\w-]+))?`;
const ADDRESS = String.raw`(?: [ah|]\w+)?(?: (\d+(?:\.\d+){3}))?(?:\/(\d{1,2}))?`;
const EXTENDED_ENTRY = new RegExp(
  String.raw`^(\d+) ([pd|]\w+) (\w+)${ADDRESS}${PORTS}${ADDRESS}(?: \d+(?:\.\d+){3})?${PORTS}(?: (.+))?`,
);

/** Access lists that match on the source only. */
export const standardAcls: ApiModule = {
  ...listMethods("ip access-list standard"),
  get: reads(["name"], {}, (node, { name }) => getStandard(node, name)),
  update_entry: changes(["name", "seqno", "action", "addr", "prefixlen"], { log: false }, (node, args) =>
    node.configure([
      cli`ip access-list standard ${args.name}`,
      cli`no ${args.seqno}`,
      cli`${args.seqno} ${args.action} ${args.addr}/${args.prefixlen}${isSet(args.log) ? " log" : ""}`,
      "exit",
    ]),
  ),
  add_entry: changes(["name", "action", "addr", "prefixlen"], { log: false, seqno: null }, (node, args) =>
    node.configure([
      cli`ip access-list standard ${args.name}`,
      cli`${numbered(args.seqno)}${args.action} ${args.addr}/${args.prefixlen}${isSet(args.log) ? " log" : ""}`,
      "exit",
    ]),
  ),
};

const FLOW = ["action", "protocol", "srcaddr", "srcprefixlen", "dstaddr", "dstprefixlen"] as const;

/** Access lists that match on protocol, source and destination. */
export const extendedAcls: ApiModule = {
  ...listMethods("ip access-list"),
  get: reads(["name"], {}, (node, { name }) => getExtended(node, name)),
  update_entry: changes(["name", "seqno", ...FLOW], { log: false }, (node, args) =>
    node.configure([
      cli`ip access-list ${args.name}`,
      cli`no ${args.seqno}`,
      cli`${args.seqno} ${flow(args)}`,
      "exit",
    ]),
  ),
  add_entry: changes(["name", ...FLOW], { log: false, seqno: null }, (node, args) =>
    node.configure([cli`ip access-list ${args.name}`, cli`${numbered(args.seqno)}${flow(args)}`, "exit"]),
  ),
};

/** All access lists. Methods of a list are those of its kind, which the running configuration tells. */
export const acls: ApiModule = {
  get: reads(["name"], {}, async (node, { name }) => {
    const kind = await kindOf(node, name);
    return kind === undefined
      ? null
      : kind === "standard"
        ? getStandard(node, name)
        : getExtended(node, name);
  }),
  getall: reads([], {}, async (node) => {
    const all: Record<string, Record<string, unknown>> = { standard: {}, extended: {} };
    const lists = (await node.runningConfig()).matchAll(/^ip access-list (?:(standard) )?(.+)$/gm);
    for (const [, standard, name = ""] of lists) {
      const kind = standard ?? "extended";
      const list = kind === "standard" ? await getStandard(node, name) : await getExtended(node, name);
      Object.assign(all[kind] ?? {}, { [name]: list });
    }
    return all;
  }),
  create: changes(["name"], { type: "standard" }, (node, { name, type }) =>
    node.configure([
      type === "extended" ? cli`ip access-list ${name}` : cli`ip access-list standard ${name}`,
    ]),
  ),
  delete: ofKind("delete"),
  default: ofKind("default"),
  update_entry: ofKind("update_entry"),
  add_entry: ofKind("add_entry"),
  remove_entry: ofKind("remove_entry"),
};

function listMethods(command: string): ApiModule {
  return {
    create: changes(["name"], {}, (node, { name }) => node.configure([cli`${command} ${name}`])),
    delete: changes(["name"], {}, (node, { name }) => node.configure([cli`no ${command} ${name}`])),
    default: changes(["name"], {}, (node, { name }) => node.configure([cli`default ${command} ${name}`])),
    remove_entry: changes(["name", "seqno"], {}, (node, { name, seqno }) =>
      node.configure([cli`${command} ${name}`, cli`no ${seqno}`, "exit"]),
    ),
  };
}

function ofKind(name: string) {
  return selects("name", false, async (node, list) => {
    const kind = await kindOf(node, list);
    const method = kind && (kind === "standard" ? standardAcls : extendedAcls)[name];
    if (!method) throw new ArgumentError(`there is no access list ${list}`);
    return method;
  });
}

async function kindOf(node: EapiNode, name: unknown): Promise<"standard" | "extended" | undefined> {
  const match = pattern`^ip access-list (?:(standard) )?${name}$`.exec(await node.runningConfig());
  return match ? (match[1] === undefined ? "extended" : "standard") : undefined;
}

async function getStandard(node: EapiNode, name: unknown) {
  const config = await node.block(pattern`^ip access-list standard ${name}$`);
  if (!config) return null;
  const entries: Record<string, unknown> = {};
  for (const line of entryLines(config)) {
    const match = STANDARD_ENTRY.exec(line);
    if (!match) continue;
    const [, seqno = "", action, address, length, mask, log] = match;
    entries[seqno] = {
      action,
      srcaddr: address ?? "0.0.0.0",
      srclen: length ?? prefixLength(mask ?? "255.255.255.255"),
      log: log !== undefined,
    };
  }
  return { name, type: "standard", entries };
}

async function getExtended(node: EapiNode, name: unknown) {
  const config = await node.block(pattern`^ip access-list ${name}$`);
  if (!config) return null;
  const entries: Record<string, unknown> = {};
  for (const line of entryLines(config)) {
    const match = EXTENDED_ENTRY.exec(line);
    if (!match) continue;
    const [, seqno = "", action, protocol, source, sourceLength, sourcePort, target, length, port, other] =
      match;
    entries[seqno] = {
      action,
      protocol,
      srcaddr: source ?? "any",
      srclen: sourceLength ?? null,
      srcport: sourcePort ?? null,
      dstaddr: target ?? "any",
      dstlen: length ?? null,
      dstport: port ?? null,
      other: other ?? null,
    };
  }
  return { name, type: "extended", entries };
}

function entryLines(config: string): string[] {
  return config.match(/\d+ [pd|].*$/gm) ?? [];
}

/** How many leading ones a net mask has; what is no net mask counts as one host. */
function prefixLength(mask: string): number {
  const bits = mask
    .split(".")
    .map((octet) => Number(octet).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? (found(/^(1*)/, bits)?.length ?? 0) : 32;
}

function numbered(seqno: unknown): string {
  return seqno === null ? "" : cli`${seqno} `;
}

function flow(args: { readonly [K in (typeof FLOW)[number] | "log"]: unknown }): string {
  const line = cli`${args.action} ${args.protocol} ${args.srcaddr}/${args.srcprefixlen} ${args.dstaddr}/${args.dstprefixlen}`;
  return isSet(args.log) ? `${line} log` : line;
}
