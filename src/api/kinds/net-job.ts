import { z } from "zod";
import type { Kind } from "../kind.ts";
import {
  atomicList,
  conditions,
  count,
  label,
  labelSelector,
  type Metadata,
  nameRef,
  objectName,
  observedGeneration,
  ownedByOneWriter,
  pluginData,
  pluginName,
  seconds,
  text,
  time,
  withRules,
} from "../schema.ts";
import { driverChoice, operationFields } from "./operation.ts";
import { deviceResult } from "./result.ts";

const spec = withRules(
  z.strictObject({
    poolRef: nameRef.describe("The DevicePool whose devices this job addresses."),
    devices: atomicList(label, 500).min(1).optional().describe("Names of devices of the pool."),
    deviceSelector: labelSelector.optional().describe("Devices by their labels; {} is all of the pool."),
    driver: driverChoice.optional().describe("Overrides the device's and the pool's driver and arguments."),
    ...operationFields,
    strategy: z
      .enum(["Pinned", "Fifo"])
      .default("Pinned")
      .describe("Pinned keeps the session for the next job; Fifo closes it afterwards."),
    priority: z.int().min(-1000).max(1000).default(0).describe("Higher goes first in the queue of a device."),
    queueTimeoutSeconds: seconds(604_800)
      .optional()
      .describe("How long the job may wait before its first device starts."),
    activeDeadlineSeconds: seconds(604_800)
      .optional()
      .describe("How long the job may run after its first device started."),
    backoffLimit: z
      .int()
      .min(0)
      .max(10)
      .default(0)
      .describe("How often a device that failed is tried again, where that is safe."),
    onInterrupted: z
      .enum(["Fail", "Retry"])
      .default("Fail")
      .describe("What follows when a worker was lost in the middle of a change: Retry may apply it twice."),
    parallelism: z.int().min(1).max(500).optional().describe("How many devices may run at once."),
    maxFailedDevices: z
      .int()
      .min(0)
      .max(500)
      .optional()
      .describe("Devices not begun are skipped after more failures than this."),
    suspend: z
      .boolean()
      .default(false)
      .describe("Hold the job before its first device, or hold back further tasks."),
    cancel: z.boolean().default(false).describe("End the job: what runs ends safely, the rest is not begun."),
    ttlSecondsAfterFinished: z
      .int()
      .min(0)
      .max(31_536_000)
      .optional()
      .describe("Delete the job this long after it finished."),
    webhooks: atomicList(
      withRules(
        z.strictObject({
          name: label.describe("Name of a webhook of the pool, or of this inline one."),
          type: pluginName.optional().describe("The webhook plugin; basic unless told."),
          url: text(2048)
            .optional()
            .describe("Of an inline webhook; without it the name is one of the pool."),
          events: atomicList(text(64), 16)
            .optional()
            .describe("Transitions to announce: Succeeded and Failed unless told; * is all."),
          maxRetries: z.int().min(0).max(10).optional().describe("Attempts after the first that failed."),
          retryIntervals: atomicList(seconds(86_400), 10).optional().describe("Seconds before each of them."),
          settings: pluginData
            .optional()
            .describe("Settings of the webhook plugin; a Secret can only be used by the pool's webhooks."),
        }),
        {
          rule: "has(self.url) || !(has(self.type) || has(self.events) || has(self.maxRetries))",
          message: "an inline webhook needs a url; without one the name refers to a webhook of the pool",
        },
      ),
      8,
    )
      .optional()
      .describe("Who is told how the job goes on."),
  }),
  {
    rule: "(has(self.commands) ? 1 : 0) + (has(self.config) ? 1 : 0) + (has(self.call) ? 1 : 0) + (has(self.script) ? 1 : 0) + (has(self.transfer) ? 1 : 0) + (has(self.render) ? 1 : 0) == 1",
    message:
      "set exactly one of commands, config, call, script, transfer and render: split a job that needs two of them",
  },
  {
    rule: "!has(self.options) || !has(self.options.detach) || !self.options.detach || has(self.script) || (has(self.commands) && size(self.commands) == 1)",
    message: "detach starts one program: use it with script or with exactly one command",
  },
  {
    rule: "!has(self.options) || !has(self.options.logIntervalSeconds) || (has(self.options.detach) && self.options.detach)",
    message: "logIntervalSeconds belongs to a detached program: set options.detach",
  },
  {
    rule: "has(self.devices) != has(self.deviceSelector)",
    message: "set exactly one of devices (names) and deviceSelector (labels; {} is all devices of the pool)",
  },
  {
    rule: "!has(self.commandDetails) || has(self.commands)",
    message: "commandDetails belongs to commands: remove it or set commands",
  },
  {
    rule: "!has(self.options) || !has(self.options.dryRun) || !self.options.dryRun || has(self.config) || has(self.render)",
    message: "dryRun shows a configuration change: use it with config or render",
  },
  {
    rule: "!has(self.options) || !has(self.options.save) || !self.options.save || has(self.config) || has(self.render) || has(self.call)",
    message: "save follows a configuration change: for commands, run the platform's save command instead",
  },
);

/** What an edit may not change while a run is on. Defaulted and required fields are always there; CEL needs `has` for the others. */
const FIXED_DURING_RUN = {
  present: ["poolRef", "strategy", "priority", "backoffLimit", "onInterrupted"],
  optional: [
    "devices",
    "deviceSelector",
    "driver",
    "commands",
    "commandDetails",
    "config",
    "call",
    "script",
    "transfer",
    "render",
    "parse",
    "options",
    "queueTimeoutSeconds",
    "activeDeadlineSeconds",
    "parallelism",
    "maxFailedDevices",
  ],
};

const unchanged = [
  ...FIXED_DURING_RUN.present.map((field) => `self.spec.${field} == oldSelf.spec.${field}`),
  ...FIXED_DURING_RUN.optional.map(
    (field) =>
      `has(self.spec.${field}) == has(oldSelf.spec.${field}) && (!has(self.spec.${field}) || self.spec.${field} == oldSelf.spec.${field})`,
  ),
].join(" && ");

const summary = z.strictObject({
  total: count,
  pending: count,
  running: count,
  succeeded: count,
  failed: count,
  interrupted: count,
});

const plannedTask = z.strictObject({
  name: objectName,
  worker: objectName,
  devices: atomicList(label, 50),
});

const webhookDelivery = z.strictObject({
  name: label,
  event: text(128),
  attempts: z.int().min(0).max(100),
  state: z.enum(["Pending", "Delivered", "Failed"]),
  lastAttemptTime: time.optional(),
  message: text(1024).optional(),
});

const status = z
  .strictObject({
    observedGeneration,
    run: z.int().min(0).optional().describe("Number of the current or last run; the first is 1."),
    specHash: text(64)
      .optional()
      .describe(
        "Hash of the spec of that run, without suspend, cancel, ttlSecondsAfterFinished and webhooks.",
      ),
    queuedTime: time.optional().describe("When the run was first seen."),
    startTime: time.optional().describe("When its first device started."),
    completionTime: time.optional().describe("When it finished."),
    conditions: conditions.optional(),
    summary: summary.optional(),
    tasks: atomicList(plannedTask, 1024)
      .optional()
      .describe("The split of a run of several tasks, written before they are created."),
    results: atomicList(deviceResult, 500).optional(),
    webhooks: atomicList(webhookDelivery, 64).optional(),
  })
  .meta(ownedByOneWriter);

export type NetJobSpec = z.infer<typeof spec>;
export type NetJobStatus = z.infer<typeof status>;
export type NetJobSummary = z.infer<typeof summary>;
export type PlannedTask = z.infer<typeof plannedTask>;
export type WebhookDeliveryStatus = z.infer<typeof webhookDelivery>;

export interface NetJob {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly spec: NetJobSpec;
  readonly status?: NetJobStatus;
}

export const netJob = {
  kind: "NetJob",
  plural: "netjobs",
  shortNames: ["nj"],
  description:
    "Runs commands or pushes configuration on devices of a DevicePool, and keeps the outcome per device.",
  spec,
  status,
  subresources: {},
  selectableFields: [".spec.poolRef.name"],
  columns: [
    { name: "Pool", type: "string", jsonPath: ".spec.poolRef.name" },
    { name: "Succeeded", type: "string", jsonPath: '.status.conditions[?(@.type=="Succeeded")].status' },
    { name: "Reason", type: "string", jsonPath: '.status.conditions[?(@.type=="Succeeded")].reason' },
    { name: "Devices", type: "integer", jsonPath: ".status.summary.total" },
    { name: "OK", type: "integer", jsonPath: ".status.summary.succeeded" },
    { name: "Failed", type: "integer", jsonPath: ".status.summary.failed" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    {
      name: "Message",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Succeeded")].message',
      priority: 1,
    },
    { name: "Run", type: "integer", jsonPath: ".status.run", priority: 1 },
    { name: "Finished", type: "date", jsonPath: ".status.completionTime", priority: 1 },
  ],
  rules: [
    {
      rule: `!has(oldSelf.status) || !has(oldSelf.status.run) || oldSelf.status.run == 0 || has(oldSelf.status.completionTime) || (${unchanged})`,
      message:
        "a run is on: only suspend, cancel, ttlSecondsAfterFinished and webhooks can change now. " +
        "Set spec.cancel to true and wait for the condition Finished, or create another NetJob",
      reason: "FieldValueForbidden" as const,
      fieldPath: ".spec",
    },
  ],
} satisfies Kind;
