import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import {
  allFound,
  build,
  CHOICE,
  cli,
  difference,
  found,
  foundNumber,
  pattern,
  textList,
} from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";

interface Entry {
  readonly match: string[];
  readonly set: string[];
  readonly continue: number | null;
  readonly description: string | null;
}

type Routemap = Record<string, Record<string, Entry>>;

const ENTRY = ["name", "action", "seqno"] as const;

/** Route maps: entries by action and sequence number. */
export const routemaps: ApiModule = {
  get: reads(["name"], {}, (node, { name }) => get(node, name)),
  getall: reads([], {}, async (node) => {
    const all: Record<string, Routemap> = {};
    for (const name of allFound(/^route-map\s([\w-]+)\s\w+\s\d+$/gm, await node.runningConfig())) {
      const routemap = await get(node, name);
      if (routemap) all[name] = routemap;
    }
    return all;
  }),
  create: changes(ENTRY, {}, (node, args) => node.configure([heading(args)])),
  delete: changes(ENTRY, {}, (node, args) => node.configure([`no ${heading(args)}`])),
  default: changes(ENTRY, {}, (node, args) => node.configure([`default ${heading(args)}`])),
  set_match_statements: statements("match"),
  set_set_statements: statements("set"),
  set_continue: changes(ENTRY, CHOICE, (node, args) => {
    if (!args.default && !args.disable && !(/^\d+$/.test(String(args.value)) && Number(args.value) >= 1))
      throw new ArgumentError("value must be a positive sequence number unless default or disable is given");
    return node.configure([heading(args), build("continue", args)]);
  }),
  set_description: changes(ENTRY, CHOICE, (node, args) =>
    node.configure([
      heading(args),
      // A new description is added to the old one unless that goes first.
      ...(args.value === null ? [] : ["no description"]),
      build("description", args),
    ]),
  ),
};

function statements(kind: "match" | "set") {
  return changes([...ENTRY, "statements"], {}, async (node, args) => {
    const routemap = await get(node, args.name);
    const current = routemap?.[String(args.action)]?.[String(args.seqno)]?.[kind] ?? [];
    const wanted = textList("statements", args.statements);
    const lines = [
      ...difference(current, wanted).map((entry) => `no ${kind} ${entry}`),
      ...difference(wanted, current).map((entry) => `${kind} ${entry}`),
    ];
    return lines.length === 0 || node.configure(lines.flatMap((line) => [heading(args), line]));
  });
}

async function get(node: EapiNode, name: unknown): Promise<Routemap | null> {
  if (!(await node.block(pattern`^route-map\s${name}\s\w+\s\d+$`))) return null;
  const routemap: Routemap = {};
  const headings = new RegExp(pattern`^route-map\s${name}\s(\w+)\s(\d+)$`.source, "gm");
  for (const [, action = "", seqno = ""] of (await node.runningConfig()).matchAll(headings)) {
    const config = (await node.block(pattern`^route-map\s${name}\s${action}\s${seqno}$`)) ?? "";
    const entries = routemap[action] ?? {};
    routemap[action] = entries;
    entries[seqno] = {
      match: allFound(/^\s+match\s(.+)$/gm, config),
      set: allFound(/^\s+set\s(.+)$/gm, config),
      continue: foundNumber(/^\s+continue\s(\d+)$/m, config),
      description: found(/^\s+description\s(.+)$/m, config),
    };
  }
  return routemap;
}

function heading(args: {
  readonly name: unknown;
  readonly action: unknown;
  readonly seqno: unknown;
}): string {
  return cli`route-map ${args.name} ${args.action} ${args.seqno}`;
}
