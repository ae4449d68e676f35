import { allFound, found, foundNumber, pattern } from "./command.ts";
import type { EapiNode } from "./method.ts";

/** An object whose state changes a group's priority or shuts it down. */
export interface Track {
  readonly name: string;
  readonly action: string;
  readonly amount?: number;
}

/** A virtual router group as the running configuration has it. */
export interface Group {
  readonly delay_reload: number | null;
  readonly description: string;
  readonly enable: boolean;
  readonly ip_version: number | null;
  readonly mac_addr_adv_interval: number | null;
  readonly preempt: boolean;
  readonly preempt_delay_min: number | null;
  readonly preempt_delay_reload: number | null;
  readonly primary_ip: string | null;
  readonly priority: number | null;
  readonly secondary_ip: readonly string[];
  readonly timers_advertise: number | null;
  readonly track: readonly Track[];
  readonly bfd_ip: string | null;
}

const SAME = {
  macInterval: "mac-address advertisement-interval",
  preempt: "preempt",
  delayMinimum: "preempt delay minimum",
  delayReload: "preempt delay reload",
  bfdIp: "bfd ip",
};
const BEFORE = {
  ...SAME,
  disabled: "shutdown",
  ip: "ip",
  ipVersion: "ip version",
  priority: "priority",
  description: "description",
  advertise: "timers advertise",
  reload: "delay reload",
  track: "track",
};
const SINCE: typeof BEFORE = {
  ...SAME,
  disabled: "disabled",
  ip: "ipv4",
  ipVersion: "ipv4 version",
  priority: "priority-level",
  description: "session description",
  advertise: "advertisement interval",
  reload: "timers delay reload",
  track: "tracked-object",
};

/** The words of the VRRP commands; EOS 4.21.3 renamed most of them. */
export async function wordsOf(node: EapiNode): Promise<typeof BEFORE> {
  return (await node.versionAtLeast("4.21.3")) ? SINCE : BEFORE;
}

/** The groups of an interface by number; null where it has none. */
export async function getGroups(node: EapiNode, name: unknown): Promise<Record<string, Group> | null> {
  const config = await node.block(pattern`^interface ${name}$`);
  if (config === undefined) return null;
  const ids = new Set(allFound(/^\s+(?:no |)vrrp (\d+)/gm, config));
  if (ids.size === 0) return null;
  const words = await wordsOf(node);
  return Object.fromEntries([...ids].map((id) => [Number(id), groupIn(config, id, words)]));
}

function groupIn(config: string, id: string, words: typeof BEFORE): Group {
  const line = (rest: string) => new RegExp(String.raw`^\s+vrrp ${id} ${rest}$`, "m");
  const number = (word: string) => foundNumber(line(String.raw`${word} (\d+)`), config);
  const addresses = allFound(
    new RegExp(String.raw`^\s+vrrp ${id} ${words.ip} (\d+\.\d+\.\d+\.\d+) secondary$`, "gm"),
    config,
  );
  const bfd = line(String.raw`${words.bfdIp}(?: (\d+\.\d+\.\d+\.\d+)|)`).exec(config);
  return {
    delay_reload: number(words.reload),
    description: found(line(`${words.description}(.*)`), config)?.trimStart() ?? "",
    enable: !line(words.disabled).test(config),
    ip_version: number(words.ipVersion),
    mac_addr_adv_interval: number(words.macInterval),
    preempt: line(words.preempt).test(config),
    preempt_delay_min: number(words.delayMinimum),
    preempt_delay_reload: number(words.delayReload),
    primary_ip: found(line(String.raw`${words.ip} (\d+\.\d+\.\d+\.\d+)`), config),
    priority: number(words.priority),
    secondary_ip: addresses,
    timers_advertise: number(words.advertise),
    track: tracksIn(config, id, words.track),
    bfd_ip: bfd ? (bfd[1] ?? null) : "",
  };
}

function tracksIn(config: string, id: string, word: string): Track[] {
  const lines = config.matchAll(
    new RegExp(String.raw`^\s+vrrp ${id} ${word} (\S+) (decrement|shutdown)(?:( \d+$|$))`, "gm"),
  );
  const tracks = [...lines].map(([, name = "", action = "", amount]) => ({
    name,
    action,
    ...(Number(amount) > 0 && { amount: Number(amount) }),
  }));
  const key = ({ name, action }: Track) => `${name}\0${action}`;
  return tracks.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
