import { z } from "zod";
import { xrSignatures } from "../cisco-xr/signatures.ts";
import { usualSignature } from "../signatures.ts";

const notFull = z.literal(false, {
  error: "IOS-XR does not tell default values over NETCONF; leave full out",
});

/** Parameters of getters that differ from the usual ones. */
export const xrNetconfSignatures: Readonly<Record<string, z.ZodObject>> = {
  ...xrSignatures,
  get_config: usualSignature("get_config").extend({ full: notFull.optional() }),
};
