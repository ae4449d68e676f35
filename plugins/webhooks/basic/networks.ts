import { BlockList, isIP, isIPv6 } from "node:net";
import { z } from "netpulse/plugin";

/** A range of addresses that webhooks may not reach, and why. */
export interface RefusedNetwork {
  readonly network: string;
  readonly what: string;
}

// Addresses behind which a host finds itself, its neighbours, or the credentials that its cloud hands out.
const ALWAYS: readonly RefusedNetwork[] = [
  { network: "127.0.0.0/8", what: "loopback" },
  { network: "::1/128", what: "loopback" },
  { network: "0.0.0.0/8", what: "unspecified" },
  { network: "::/128", what: "unspecified" },
  { network: "169.254.0.0/16", what: "link-local, cloud metadata" },
  { network: "fe80::/10", what: "link-local" },
  { network: "224.0.0.0/4", what: "multicast" },
  { network: "ff00::/8", what: "multicast" },
  { network: "240.0.0.0/4", what: "reserved, broadcast" },
  { network: "100.100.100.200/32", what: "cloud metadata" },
  { network: "168.63.129.16/32", what: "cloud metadata" },
  { network: "192.0.0.192/32", what: "cloud metadata" },
  { network: "fd00:ec2::254/128", what: "cloud metadata" },
  { network: "fd20:ce::254/128", what: "cloud metadata" },
];

const network = z.string().refine(isNetwork, "must be an address with a prefix length, such as 10.96.0.0/12");

/** Schema of `plugins.webhooks.basic` in config.yaml. */
export const configSchema = z.strictObject({
  allowedNetworks: z
    .array(network)
    .default([])
    .describe("Networks that webhooks may reach although they are refused otherwise, such as 127.0.0.0/8."),
  refusedNetworks: z
    .array(network)
    // The service ranges that kubeadm (two), k3s, EKS, OpenShift and GKE use unless told otherwise.
    .default([
      "10.96.0.0/12",
      "fd00:10:96::/112",
      "10.43.0.0/16",
      "172.20.0.0/16",
      "172.30.0.0/16",
      "34.118.224.0/20",
    ])
    .describe(
      "Networks that webhooks may not reach besides loopback, link-local, multicast, reserved and cloud metadata addresses. Set it to your cluster's service range; the default holds the usual ones.",
    ),
});
export type NetworkConfig = z.output<typeof configSchema>;

/** Says of an address why webhooks may not reach it. */
export class NetworkPolicy {
  private readonly allowed: readonly BlockList[];
  private readonly refused: readonly (RefusedNetwork & { readonly list: BlockList })[];

  /** @param apiServer the address by which pods reach the API server, where there is one */
  constructor({ allowedNetworks, refusedNetworks }: NetworkConfig, apiServer = "") {
    const ofCluster = refusedNetworks.map((range) => ({ network: range, what: "a cluster's services" }));
    if (isIP(apiServer))
      ofCluster.push({ network: `${apiServer}/${bitsOf(apiServer)}`, what: "the API server" });
    this.allowed = allowedNetworks.map(listOf);
    this.refused = [...ALWAYS, ...ofCluster].map((range) => ({ ...range, list: listOf(range.network) }));
  }

  /** The network that makes the address (not a name) one to refuse; undefined when it may be reached. */
  refusal(address: string): RefusedNetwork | undefined {
    const faces = [address.replace(/%.*$/, "")].flatMap((plain) => [plain, ...embeddedIpv4(plain)]);
    if (faces.some((face) => this.allowed.some((list) => contains(list, face)))) return undefined;
    return this.refused.find(({ list }) => faces.some((face) => contains(list, face)));
  }
}

// Prefixes after which the last 32 bits are an IPv4 address: mapped, translated (SIIT, NAT64 and its local form), compatible.
const IPV4_AFTER = [/^0:0:0:0:0:ffff:/, /^0:0:0:0:ffff:0:/, /^64:ff9b:/, /^0:0:0:0:0:0:(?!0:)/];

/** The IPv4 address that an IPv6 one stands for, also in a 6to4 tunnel; none for most. */
export function embeddedIpv4(address: string): string[] {
  if (!isIPv6(address)) return [];
  const groups = groupsOf(address);
  const written = groups.map((group) => group.toString(16)).join(":");
  const [, second = 0, third = 0] = groups;
  if (written.startsWith("2002:")) return [dotted(second, third)];
  return IPV4_AFTER.some((prefix) => prefix.test(written))
    ? [dotted(groups.at(-2) ?? 0, groups.at(-1) ?? 0)]
    : [];
}

/** The eight groups of an IPv6 address; the URL parser turns every way of writing one into one way. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const numbers = (text: string) =>
    text
      .split(":")
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function listOf(range: string): BlockList {
  const [address = "", prefix] = range.split("/");
  const list = new BlockList();
  list.addSubnet(address, Number(prefix), isIPv6(address) ? "ipv6" : "ipv4");
  return list;
}

function isNetwork(range: string): boolean {
  const [address = "", prefix = "", ...more] = range.split("/");
  return (
    isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bitsOf(address) && more.length === 0
  );
}

function bitsOf(address: string): number {
  return isIPv6(address) ? 128 : 32;
}
