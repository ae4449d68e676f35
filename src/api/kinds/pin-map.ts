import { z } from "zod";
import type { Kind } from "../kind.ts";
import { type Metadata, mapOf, objectName } from "../schema.ts";

const pin = z.strictObject({
  worker: objectName.describe("Name of the worker (its pod) that alone may talk to the device."),
  epoch: z
    .int()
    .min(1)
    .describe("Grows with each pin of the device; a release names the epoch that it ends."),
  releasing: z.boolean().optional().describe("The worker is asked to close the session and to acknowledge."),
});
export type Pin = z.infer<typeof pin>;

const pins = mapOf(pin, 1000);

export interface PinMap {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly pins?: Readonly<Record<string, Pin>>;
}

export const pinMap = {
  kind: "PinMap",
  plural: "pinmaps",
  shortNames: ["pm"],
  description:
    "Which worker each device of one pool is pinned to. Written by the operator alone, always by compare-and-swap.",
  fields: { pins: pins.optional() },
  subresources: {},
  columns: [{ name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" }],
} satisfies Kind;
