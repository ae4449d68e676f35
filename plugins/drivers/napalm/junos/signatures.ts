import { z } from "zod";
import { usualSignature } from "../signatures.ts";

const noVrf = z.literal("", { error: "Junos has one table for all routing instances; leave vrf out" });
const notLonger = z.literal(false, { error: "Junos getters know no longer prefixes; leave longer out" });

/** Parameters of getters that differ from the usual ones. */
export const junosSignatures: Readonly<Record<string, z.ZodObject>> = {
  get_arp_table: z.strictObject({ vrf: noVrf.optional() }),
  get_config: usualSignature("get_config").extend({
    format: z.enum(["text", "set", "xml", "json"]).optional(),
  }),
  get_route_to: usualSignature("get_route_to").extend({ longer: notLonger.optional() }),
};
