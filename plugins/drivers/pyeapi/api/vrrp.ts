import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, cli, difference, oneOf, shown, text, whole } from "./command.ts";
import { type ApiModule, changes, type EapiNode, reads } from "./method.ts";
import { type Group, getGroups, type Track, wordsOf } from "./vrrp-groups.ts";

interface GroupArgs {
  readonly name: unknown;
  readonly vrid: unknown;
}

interface ValueArgs extends GroupArgs {
  readonly value?: unknown;
  readonly default?: unknown;
  readonly disable?: unknown;
}

/** Makes the commands for one property of one group; throws an `ArgumentError` for a value that it cannot have. */
type Commands = (node: EapiNode, args: ValueArgs) => Promise<string[]>;

/** The properties in the order in which a group's creation sets them. */
const PROPERTIES: Readonly<Record<string, Commands>> = {
  enable: async (node, { vrid, value }) => {
    oneOf("enable", value, [true, false]);
    return [cli`${value ? "no " : ""}vrrp ${vrid} ${(await wordsOf(node)).disabled}`];
  },
  primary_ip: primaryIp,
  priority: property("priority", (value) => whole("priority", value, 1, 254)),
  description: property("description", () => undefined),
  ip_version: property("ipVersion", (value) => oneOf("ip_version", value, [2, 3])),
  secondary_ip: secondaryIps,
  timers_advertise: property("advertise", (value) => whole("timers_advertise", value, 1, 255)),
  mac_addr_adv_interval: property("macInterval", (value) => whole("mac_addr_adv_interval", value, 1, 3600)),
  preempt: property("preempt", (value) => oneOf("preempt", value, [true, false])),
  preempt_delay_min: property("delayMinimum", (value) => whole("preempt_delay_min", value, 1, 3600)),
  preempt_delay_reload: property("delayReload", (value) => whole("preempt_delay_reload", value, 1, 3600)),
  delay_reload: property("reload", (value) => whole("delay_reload", value, 1, 3600)),
  track: tracks,
  bfd_ip: property("bfdIp", (value) => {
    if (!isAddress(value)) throw new ArgumentError(`bfd_ip must be an IPv4 address, not ${shown(value)}`);
  }),
};

const absent = Object.fromEntries(Object.keys(PROPERTIES).map((name) => [name, undefined]));

/** Virtual router groups of the interfaces. */
export const vrrp: ApiModule = {
  get: reads(["name"], {}, (node, { name }) => {
    if (!name) throw new ArgumentError("name must be the name of an interface");
    return getGroups(node, name);
  }),
  getall: reads([], {}, async (node) => {
    const all: Record<string, unknown> = {};
    for (const [, name = ""] of (await node.runningConfig()).matchAll(/^interface\s(\S+)/gm)) {
      const groups = await getGroups(node, name);
      if (groups) all[name] = groups;
    }
    return all;
  }),
  create: changes(["interface", "vrid"], { ...absent, enable: false }, async (node, args) => {
    const commands: string[] = [];
    for (const [name, commandsFor] of Object.entries(PROPERTIES)) {
      const value = (args as Readonly<Record<string, unknown>>)[name];
      if (value !== undefined) {
        const choice = LISTS.has(name) || name === "enable" ? { value } : choiceOf(name, value);
        commands.push(...(await commandsFor(node, { name: args.interface, vrid: args.vrid, ...choice })));
      }
    }
    return node.configure([cli`interface ${args.interface}`, ...commands]);
  }),
  delete: changes(["interface", "vrid"], {}, (node, args) =>
    node.configure([cli`interface ${args.interface}`, cli`no vrrp ${args.vrid}`]),
  ),
  default: changes(["interface", "vrid"], {}, (node, args) =>
    node.configure([cli`interface ${args.interface}`, cli`default vrrp ${args.vrid}`]),
  ),
  set_enable: changes(["name", "vrid"], { value: false, run: true }, setter("enable")),
  set_primary_ip: valueSetter("primary_ip"),
  set_priority: valueSetter("priority"),
  set_description: valueSetter("description"),
  set_ip_version: valueSetter("ip_version"),
  set_secondary_ips: changes(["name", "vrid", "secondary_ips"], { run: true }, (node, args) =>
    setter("secondary_ip")(node, { ...args, value: args.secondary_ips }),
  ),
  set_timers_advertise: valueSetter("timers_advertise"),
  set_mac_addr_adv_interval: valueSetter("mac_addr_adv_interval"),
  set_preempt: valueSetter("preempt"),
  set_preempt_delay_min: valueSetter("preempt_delay_min"),
  set_preempt_delay_reload: valueSetter("preempt_delay_reload"),
  set_delay_reload: valueSetter("delay_reload"),
  set_tracks: changes(["name", "vrid", "tracks"], { run: true }, (node, args) =>
    setter("track")(node, { ...args, value: args.tracks }),
  ),
  set_bfd_ip: valueSetter("bfd_ip"),
  vrconf_format: reads(["vrconfig"], {}, (_node, { vrconfig }) => asConfigured(vrconfig)),
};

const LISTS: ReadonlySet<string> = new Set(["secondary_ip", "track"]);

function valueSetter(name: string) {
  // pyeapi's order of these parameters differs from that of its other modules.
  return changes(["name", "vrid"], { value: null, disable: false, default: false, run: true }, setter(name));
}

/** Sets a property, or with `run: false` only says the commands. */
function setter(name: string) {
  return async (node: EapiNode, args: ValueArgs & { readonly run: unknown }): Promise<unknown> => {
    const commands = (await PROPERTIES[name]?.(node, args)) ?? [];
    if (args.run === false) return LISTS.has(name) ? commands : commands[0];
    return node.configure([cli`interface ${args.name}`, ...commands]);
  };
}

function property(
  word: keyof Awaited<ReturnType<typeof wordsOf>>,
  check: (value: unknown) => unknown,
): Commands {
  return async (node, args) => {
    if (!args.default && !args.disable) check(args.value);
    return [build(cli`vrrp ${args.vrid} ${(await wordsOf(node))[word]}`, args)];
  };
}

/** In a creation null and "no" take a property away, and "default" gives it the device's default. */
function choiceOf(name: string, value: unknown) {
  const off = value === "no" || value === (name === "preempt" ? false : null);
  return off ? { value, disable: true } : { value, default: value === "default" };
}

async function primaryIp(node: EapiNode, args: ValueArgs): Promise<string[]> {
  const { ip } = await wordsOf(node);
  if (args.default || args.disable || args.value === null || args.value === undefined) {
    const current = (await groupOf(node, args))?.primary_ip;
    if (current === undefined)
      throw new ArgumentError(`${text(args.name)} has no VRRP group ${text(args.vrid)}`);
    return [cli`${args.default ? "default" : "no"} vrrp ${args.vrid} ${ip} ${current}`];
  }
  if (!isAddress(args.value))
    throw new ArgumentError(`primary_ip must be an IPv4 address, not ${shown(args.value)}`);
  return [cli`vrrp ${args.vrid} ${ip} ${args.value}`];
}

async function secondaryIps(node: EapiNode, args: ValueArgs): Promise<string[]> {
  const wanted = Array.isArray(args.value) ? args.value : undefined;
  if (!wanted?.every((item) => typeof item === "string" && isAddress(item)))
    throw new ArgumentError("secondary_ip must be a list of IPv4 addresses");
  const current = (await groupOf(node, args))?.secondary_ip ?? [];
  const { ip } = await wordsOf(node);
  return [
    ...difference(current, wanted).map((item) => cli`no vrrp ${args.vrid} ${ip} ${item} secondary`),
    ...difference(wanted, current).map((item) => cli`vrrp ${args.vrid} ${ip} ${item} secondary`),
  ].toSorted();
}

async function tracks(node: EapiNode, args: ValueArgs): Promise<string[]> {
  if (!Array.isArray(args.value)) throw new ArgumentError("track must be a list");
  const wanted = args.value.map(trackText);
  const current = ((await groupOf(node, args))?.track ?? []).map(trackText);
  const { track } = await wordsOf(node);
  return [
    ...difference(current, wanted).map((item) => cli`no vrrp ${args.vrid} ${track} ${item}`),
    ...difference(wanted, current).map((item) => cli`vrrp ${args.vrid} ${track} ${item}`),
  ].toSorted();
}

/** A tracked object as it stands in the configuration: its name, and to shut down or to lower the priority by how much. */
function trackText(track: unknown): string {
  const entry: Partial<Track> = typeof track === "object" && track !== null ? track : {};
  const unknown = Object.keys(entry).filter((key) => !["name", "action", "amount"].includes(key));
  if (unknown.length > 0)
    throw new ArgumentError(`a track has name, action and amount, not ${unknown.join(", ")}`);
  const { name, action, amount } = entry;
  const amountGiven = Object.hasOwn(entry, "amount");
  const valid =
    name !== undefined &&
    (action === "decrement"
      ? !amountGiven || /^\d+$/.test(text(amount))
      : action === "shutdown" && !amountGiven);
  if (!valid)
    throw new ArgumentError("a track needs a name and an action: shutdown, or decrement with a whole amount");
  return amountGiven ? cli`${name} ${action} ${amount}` : cli`${name} ${action}`;
}

async function groupOf(node: EapiNode, { name, vrid }: GroupArgs): Promise<Group | undefined> {
  return (await getGroups(node, name))?.[text(vrid)];
}

function isAddress(value: unknown): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(String(value));
}

/** What EOS shows for a property that was taken away or set to its default. */
const SHOWN: Readonly<Record<string, unknown>> = {
  primary_ip: "0.0.0.0",
  priority: 100,
  description: null,
  ip_version: 2,
  timers_advertise: 1,
  mac_addr_adv_interval: 30,
  preempt: false,
  preempt_delay_min: 0,
  preempt_delay_reload: 0,
  delay_reload: 0,
  bfd_ip: "",
};

/** A group's arguments as `get` would show them afterwards. */
function asConfigured(given: unknown): Record<string, unknown> {
  if (typeof given !== "object" || given === null) throw new ArgumentError("vrconfig must be a map");
  const shown: Record<string, unknown> = { ...given };
  for (const [name, value] of Object.entries(SHOWN)) {
    if (!Object.hasOwn(shown, name)) throw new ArgumentError(`vrconfig needs ${name}`);
    const off = [...(name === "preempt" ? [] : [null]), "no", "default"];
    if (off.includes(shown[name] as string | null)) shown[name] = value;
  }
  if (Array.isArray(shown.secondary_ip)) shown.secondary_ip = shown.secondary_ip.toSorted();
  if (Array.isArray(shown.track)) shown.track = (shown.track as Track[]).toSorted(byNameAndAction);
  return shown;
}

function byNameAndAction(a: Track, b: Track): number {
  const [left, right] = [`${a.name}\0${a.action}`, `${b.name}\0${b.action}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
