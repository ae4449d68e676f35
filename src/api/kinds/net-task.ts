import { z } from "zod";
import type { Kind } from "../kind.ts";
import {
  atomicList,
  label,
  type Metadata,
  mapOf,
  objectName,
  ownedByOneWriter,
  pluginData,
  pluginName,
  seconds,
  text,
  time,
} from "../schema.ts";
import { operationFields } from "./operation.ts";
import { deviceResult } from "./result.ts";

/** One device as a worker has to reach it: everything resolved but the secret itself. */
const hop = {
  name: label,
  host: text(253),
  port: z.int().min(1).max(65_535).optional(),
  credential: label.optional(),
  hostKeys: z.strictObject({
    policy: z.enum(["Strict", "Insecure"]),
    fingerprints: atomicList(text(128), 8).optional(),
  }),
};

const taskDevice = z.strictObject({
  ...hop,
  labels: mapOf(text(63), 32).optional(),
  driver: z.strictObject({ name: pluginName, args: pluginData.optional() }),
  jumpHosts: atomicList(z.strictObject(hop), 4).optional(),
  consoleServer: z.strictObject(hop).optional(),
});
export type TaskDevice = z.infer<typeof taskDevice>;

const spec = z
  .strictObject({
    jobRef: z.strictObject({ name: objectName, uid: text(64), run: z.int().min(1), specHash: text(64) }),
    poolName: objectName,
    workerName: objectName.describe("The worker that executes this task; a worker watches only its own."),
    slice: z.int().min(0),
    attempt: z.int().min(0),
    devices: atomicList(taskDevice, 50),
    ...operationFields,
    strategy: z.enum(["Pinned", "Fifo"]).default("Pinned"),
    priority: z.int().default(0),
    backoffLimit: z.int().min(0).max(10).default(0),
    queueDeadline: time
      .optional()
      .describe("Devices not begun by then are dropped, unless the job has started."),
    activeDeadlineSeconds: seconds(604_800).optional(),
    maxFailedDevices: z.int().min(0).max(500).optional(),
    cancelled: z
      .string()
      .max(128)
      .optional()
      .describe("Set with a reason: devices not begun are dropped, what runs ends safely."),
    revoked: atomicList(label, 50)
      .optional()
      .describe(
        "Devices unfinished when the worker was lost: none of them may be begun any more, and no late result of theirs counts.",
      ),
  })
  .meta(ownedByOneWriter);

const claim = z.strictObject({
  instance: text(64).describe("Id of the worker's process."),
  time,
});

const status = z
  .strictObject({
    claims: mapOf(claim, 50)
      .optional()
      .describe("Devices that a change was begun on, each before its first byte."),
    devices: atomicList(deviceResult, 50).optional(),
    instance: text(64).optional().describe("Id of the process that wrote this."),
    startTime: time.optional(),
    completionTime: time.optional(),
  })
  .meta(ownedByOneWriter);

export type NetTaskSpec = z.infer<typeof spec>;
export type NetTaskStatus = z.infer<typeof status>;
export type Claim = z.infer<typeof claim>;

export interface NetTask {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly spec: NetTaskSpec;
  readonly status?: NetTaskStatus;
}

export const netTask = {
  kind: "NetTask",
  plural: "nettasks",
  shortNames: ["nt"],
  description:
    "The part of one run of one NetJob that one worker executes. Made by the operator, not by people.",
  spec,
  status,
  subresources: {},
  selectableFields: [".spec.workerName", ".spec.jobRef.name"],
  columns: [
    { name: "Job", type: "string", jsonPath: ".spec.jobRef.name" },
    { name: "Run", type: "integer", jsonPath: ".spec.jobRef.run" },
    { name: "Worker", type: "string", jsonPath: ".spec.workerName" },
    { name: "Finished", type: "date", jsonPath: ".status.completionTime" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
} satisfies Kind;
