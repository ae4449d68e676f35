import { z } from "zod";
import { isIpAddress } from "./values/ip-address.ts";

/**
 * Goes into a command line, one of which a shell reads: a name, a number or an address, and nothing that could end the command or
 * begin an option.
 */
const word = z
  .string()
  .regex(/^(?!-)[\w.:/%@+-]*$/, "is not a single word of letters, digits and . : / % @ + - _");
const address = word.refine((text) => text === "" || isIpAddress(text), "is not an IP address");
const prefix = word.refine((text) => isIpAddress(text.split("/")[0] ?? ""), "is not an IP address or prefix");
const count = z.number().int().min(0).max(86_400);
const none = z.strictObject({});

/** What getters take, under NAPALM's names and in the order of its positional arguments. */
const signatures: Readonly<Record<string, z.ZodObject>> = {
  get_arp_table: z.strictObject({ vrf: word.optional() }),
  get_bgp_config: z.strictObject({ group: z.string().optional(), neighbor: z.string().optional() }),
  get_bgp_neighbors_detail: z.strictObject({ neighbor_address: address.optional() }),
  get_config: z.strictObject({
    retrieve: z.enum(["all", "startup", "running", "candidate"]).optional(),
    full: z.boolean().optional(),
    sanitized: z.boolean().optional(),
    format: z.literal("text").optional(),
  }),
  get_lldp_neighbors_detail: z.strictObject({ interface: word.optional() }),
  get_network_instances: z.strictObject({ name: z.string().optional() }),
  get_route_to: z.strictObject({
    destination: prefix,
    protocol: word.optional(),
    longer: z.boolean().optional(),
  }),
  ping: z.strictObject({
    destination: word.min(1),
    source: word.optional(),
    ttl: count.optional(),
    timeout: count.optional(),
    size: count.optional(),
    count: count.optional(),
    vrf: word.optional(),
    source_interface: word.optional(),
  }),
  traceroute: z.strictObject({
    destination: word.min(1),
    source: word.optional(),
    ttl: count.optional(),
    timeout: count.optional(),
    vrf: word.optional(),
  }),
};

/** The parameters of a getter on most platforms; most have none. */
export function usualSignature(getter: string): z.ZodObject {
  return signatures[getter] ?? none;
}
