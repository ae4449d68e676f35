import { z } from "zod";
import type { Kind } from "../kind.ts";
import {
  atomicList,
  conditions,
  count,
  label,
  listByKey,
  type Metadata,
  mapOf,
  nameRef,
  observedGeneration,
  ownedByOneWriter,
  pluginData,
  pluginName,
  seconds,
  text,
  withRules,
} from "../schema.ts";
import { driverChoice } from "./operation.ts";

const hostKeys = z.strictObject({
  policy: z
    .enum(["Strict", "Insecure"])
    .optional()
    .describe("Strict accepts only listed keys; Insecure accepts any and has to be asked for."),
  fingerprints: atomicList(text(128).regex(/^SHA256:[A-Za-z0-9+/]{43}=?$/), 8)
    .optional()
    .describe("As ssh-keygen -l prints them."),
});

const device = z.strictObject({
  name: label,
  host: text(253).min(1).describe("Address or DNS name."),
  port: z.int().min(1).max(65_535).optional().describe("Absent: the driver's usual port."),
  labels: mapOf(text(63), 32).optional(),
  driver: driverChoice.optional(),
  credential: label.optional().describe("One of the pool's credentials; absent: the first."),
  hostKeys: hostKeys.optional(),
  jumpHosts: atomicList(label, 4).optional().describe("The pool's jump hosts to go through, in this order."),
  consoleServer: label
    .optional()
    .describe(
      "One of the pool's console servers: the device is reached through its line there, not at its host.",
    ),
});

const jumpHost = z.strictObject({
  name: label,
  host: text(253).min(1),
  port: z.int().min(1).max(65_535).optional(),
  credential: label.optional(),
  hostKeys: hostKeys.optional(),
});

const webhook = z.strictObject({
  name: label,
  type: pluginName.default("basic"),
  url: text(2048).optional(),
  secretRef: nameRef
    .optional()
    .describe("Secret with what the webhook plugin needs, such as signingKey or token."),
  events: atomicList(text(64), 16)
    .optional()
    .describe("Which transitions to announce, such as Succeeded, Failed or *; absent: the terminal ones."),
  maxRetries: z.int().min(0).max(10).default(3),
  retryIntervals: atomicList(seconds(86_400), 10)
    .optional()
    .describe("Seconds between attempts; the last repeats. Absent: 10, 30, 120."),
  settings: pluginData
    .optional()
    .describe("Settings of the webhook plugin: method, headers, cookies, auth, timeout."),
});

const workers = z.strictObject({
  replicas: z.int().min(0).max(100).default(1),
  capacity: z.int().min(1).max(2000).default(200).describe("Devices that one worker may hold."),
  idleTimeoutSeconds: seconds(604_800)
    .optional()
    .describe("Close sessions, and release pins, that were idle this long."),
  keepaliveSeconds: seconds(86_400).optional().describe("Ask idle devices for a sign of life this often."),
  podTemplate: pluginData
    .optional()
    .describe("Strategic additions to the worker pods: metadata and spec of a PodTemplateSpec."),
});

const spec = withRules(
  z.strictObject({
    devices: listByKey(device, "name", 500).optional(),
    driver: driverChoice.optional().describe("Default of the devices."),
    hostKeys: hostKeys.optional().describe("Default of the devices."),
    credentials: listByKey(
      z.strictObject({
        name: label,
        secretRef: nameRef.describe(
          "Secret with username and password, ssh-privatekey, passphrase, secret (enable password).",
        ),
      }),
      "name",
      32,
    ).optional(),
    jumpHosts: listByKey(jumpHost, "name", 16)
      .optional()
      .describe("SSH hosts on the way to devices; never targets themselves."),
    consoleServers: listByKey(jumpHost, "name", 64)
      .optional()
      .describe("Console servers that devices are reached through; never targets themselves."),
    webhooks: listByKey(webhook, "name", 16).optional(),
    workers: workers.default({ replicas: 1, capacity: 200 }),
    successfulJobsHistoryLimit: z.int().min(0).max(10_000).default(200),
    failedJobsHistoryLimit: z.int().min(0).max(10_000).default(200),
  }),
  {
    rule: "!has(self.devices) || self.devices.all(d, !has(d.credential) || (has(self.credentials) && self.credentials.exists(c, c.name == d.credential)))",
    message: "each device's credential must be one of spec.credentials: add it there or correct the name",
  },
  {
    rule: "!has(self.devices) || self.devices.all(d, !has(d.jumpHosts) || (has(self.jumpHosts) && d.jumpHosts.all(j, self.jumpHosts.exists(o, o.name == j))))",
    message: "each device's jumpHosts must be names of spec.jumpHosts: add it there or correct the name",
  },
  {
    rule: "!has(self.devices) || self.devices.all(d, !has(d.consoleServer) || (has(self.consoleServers) && self.consoleServers.exists(c, c.name == d.consoleServer)))",
    message:
      "each device's consoleServer must be one of spec.consoleServers: add it there or correct the name",
  },
);

const status = z
  .strictObject({
    observedGeneration,
    conditions: conditions.optional(),
    replicas: count.optional(),
    readyReplicas: count.optional(),
    selector: text(512).optional(),
    devices: count.optional(),
    pinned: count.optional(),
    capacity: count.optional(),
    conflicts: atomicList(z.strictObject({ device: label, with: text(317) }), 500)
      .optional()
      .describe("Devices whose host and port an earlier pool has; they are not run from here."),
  })
  .meta(ownedByOneWriter);

export type DevicePoolSpec = z.infer<typeof spec>;
export type DevicePoolStatus = z.infer<typeof status>;
export type PoolDevice = z.infer<typeof device>;
export type PoolWebhook = z.infer<typeof webhook>;

export interface DevicePool {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly spec: DevicePoolSpec;
  readonly status?: DevicePoolStatus;
}

export const devicePool = {
  kind: "DevicePool",
  plural: "devicepools",
  shortNames: ["dp"],
  description:
    "Devices, the credentials and webhooks to use with them, and the workers that hold their sessions.",
  spec,
  status,
  subresources: {
    scale: {
      specReplicasPath: ".spec.workers.replicas",
      statusReplicasPath: ".status.replicas",
      labelSelectorPath: ".status.selector",
    },
  },
  columns: [
    { name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: "Workers", type: "integer", jsonPath: ".status.readyReplicas" },
    { name: "Devices", type: "integer", jsonPath: ".status.devices" },
    { name: "Pinned", type: "integer", jsonPath: ".status.pinned" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
    { name: "Capacity", type: "integer", jsonPath: ".status.capacity", priority: 1 },
    {
      name: "Reason",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      priority: 1,
    },
    {
      name: "Message",
      type: "string",
      jsonPath: '.status.conditions[?(@.type=="Ready")].message',
      priority: 1,
    },
  ],
} satisfies Kind;
