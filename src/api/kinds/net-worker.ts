import { z } from "zod";
import type { Kind } from "../kind.ts";
import { count, type Metadata, mapOf, objectName, ownedByOneWriter, text, time } from "../schema.ts";

const spec = z
  .strictObject({
    poolName: objectName,
    capacity: z.int().min(1).max(2000),
    cordoned: z.boolean().default(false).describe("No further devices are pinned here."),
  })
  .meta(ownedByOneWriter);

const release = z.strictObject({ epoch: z.int().min(1) });

const status = z
  .strictObject({
    instance: text(64).optional().describe("Id of the worker's process, as in its Lease and its claims."),
    startTime: time.optional(),
    draining: z.boolean().optional(),
    sessions: count.optional(),
    releases: mapOf(release, 1000)
      .optional()
      .describe("Devices whose session was closed as their pin asked, with the pin's epoch."),
  })
  .meta(ownedByOneWriter);

export type NetWorkerSpec = z.infer<typeof spec>;
export type NetWorkerStatus = z.infer<typeof status>;

export interface NetWorker {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly spec: NetWorkerSpec;
  readonly status?: NetWorkerStatus;
}

export const netWorker = {
  kind: "NetWorker",
  plural: "networkers",
  shortNames: ["nw"],
  description: "A worker pod: its capacity, whether it takes devices, and what it has released.",
  spec,
  status,
  subresources: {},
  selectableFields: [".spec.poolName"],
  columns: [
    { name: "Pool", type: "string", jsonPath: ".spec.poolName" },
    { name: "Capacity", type: "integer", jsonPath: ".spec.capacity" },
    { name: "Sessions", type: "integer", jsonPath: ".status.sessions" },
    { name: "Cordoned", type: "boolean", jsonPath: ".spec.cordoned" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
} satisfies Kind;
