import { z } from "zod";
import { usualSignature } from "../signatures.ts";

const noVrf = z.literal("", { error: "IOS-XR has one ARP table for all VRFs; leave vrf out" });
const notLonger = z.literal(false, { error: "IOS-XR is asked for routes one by one; leave longer out" });

/** Parameters of getters that differ from the usual ones, on both platforms. */
export const xrSignatures: Readonly<Record<string, z.ZodObject>> = {
  get_arp_table: z.strictObject({ vrf: noVrf.optional() }),
  get_route_to: usualSignature("get_route_to").extend({ longer: notLonger.optional() }),
};
