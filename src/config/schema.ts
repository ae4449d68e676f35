import { z } from "zod";

const seconds = () =>
  z
    .number()
    .positive()
    .max(7 * 86_400);
const count = () => z.int().min(1);
const path = () => z.string().min(1);

/** Free-form sections: the plugin's own schema checks them when the plugin is used. */
const pluginSections = (type: string) =>
  z
    .record(z.string().min(1), z.record(z.string(), z.unknown()))
    .default({})
    .describe(`Settings of ${type} plugins, by plugin name. Each plugin checks its own.`);

const leaderElection = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        "Let one of several operator replicas work while the others wait. Off only for a single local process.",
      ),
    leaseName: z
      .string()
      .min(1)
      .default("netpulse-operator")
      .describe("Name of the Lease that the leader holds."),
    leaseSeconds: seconds()
      .default(15)
      .describe("A leader that has not renewed for this long may be replaced."),
    renewDeadlineSeconds: seconds()
      .default(10)
      .describe("A leader that could not renew for this long stops by itself; less than leaseSeconds."),
    retrySeconds: seconds().default(2).describe("Time between attempts to take or renew the Lease."),
  })
  .refine((lease) => lease.retrySeconds < lease.renewDeadlineSeconds, {
    path: ["retrySeconds"],
    message: "must be less than renewDeadlineSeconds",
  })
  .refine((lease) => lease.renewDeadlineSeconds < lease.leaseSeconds, {
    path: ["renewDeadlineSeconds"],
    message: "must be less than leaseSeconds",
  })
  .prefault({});

const operator = z
  .strictObject({
    scheduler: z
      .string()
      .min(1)
      .default("least_load")
      .describe(
        "Scheduler plugin that chooses a worker for a device: greedy, least_load, least_load_random, load_weighted_random or one of your own.",
      ),
    namespaces: z
      .array(z.string().min(1).max(63))
      .default([])
      .describe("Namespaces to work in; empty means all."),
    workerImage: z
      .string()
      .min(1)
      .default("netpulse:latest")
      .describe("Image of worker pods where a pool's podTemplate names none."),
    concurrency: count().max(256).default(64).describe("NetJobs that are looked at at the same time."),
    leaderElection: leaderElection.describe("Which of several operator replicas works."),
  })
  .prefault({});

const transfer = z
  .strictObject({
    urls: z
      .array(z.url({ protocol: /^https?$/ }))
      .default([])
      .describe(
        "Beginnings of the addresses from which jobs may put files on devices, such as https://files.example.com/firmware/. None: no address.",
      ),
    maxSourceMiB: count()
      .max(1024 * 1024)
      .default(8192)
      .describe("Largest file or folder that a job may put on a device, in MiB."),
    maxOutputMiB: count()
      .max(256)
      .default(16)
      .describe("Largest file that a job may fetch as an output, in MiB: it is stored by the API server."),
  })
  .prefault({});

const volume = z.strictObject({
  path: path(),
  writable: z.boolean().default(false),
});

const worker = z
  .strictObject({
    capacity: count()
      .max(5000)
      .default(100)
      .describe("Devices that may be pinned to one worker, where the pool does not say."),
    idleTimeoutSeconds: seconds()
      .default(900)
      .describe("A session that nothing has used for this long is closed, where the pool does not say."),
    maxSessionAgeSeconds: seconds()
      .default(86_400)
      .describe("A session older than this is closed as soon as it is idle, however often it is used."),
    keepaliveSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(60)
      .describe(
        "An idle session is asked for a sign of life this often, where the pool does not say; 0 means never.",
      ),
    maxConcurrentConnects: count()
      .max(1000)
      .default(32)
      .describe("Sessions that one worker opens at the same time; more wait."),
    drainSeconds: seconds()
      .default(30)
      .describe(
        "After SIGTERM, time for running commands to end before they are stopped; less than the pod's grace period.",
      ),
    volumes: z
      .record(z.string().min(1).max(63), volume)
      .default({})
      .describe(
        "Folders of the worker that jobs may put files from and, where writable is true, fetch files to, by name: {firmware: {path: /mnt/firmware, writable: false}}. The pool's podTemplate mounts them.",
      ),
    transfer: transfer.describe("Files that jobs carry to and from devices."),
  })
  .prefault({});

const server = z
  .strictObject({
    host: z.string().min(1).default("0.0.0.0").describe("Address on which metrics and health are served."),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(8080)
      .describe("Port of metrics and health; 0 takes any free one."),
  })
  .prefault({});

const client = z
  .strictObject({
    qps: z
      .number()
      .min(0)
      .max(100_000)
      .default(1000)
      .describe("Requests per second to the API server, on average; 0 means no limit."),
    burst: count().max(100_000).default(2000).describe("Requests that may go at once before qps counts."),
  })
  .prefault({});

const templates = z
  .strictObject({
    threads: count()
      .max(64)
      .default(2)
      .describe("Threads of one worker in which templates are rendered and output is parsed."),
    timeoutSeconds: seconds()
      .max(3600)
      .default(10)
      .describe("A template that runs longer is ended, and the thread with it."),
    maxMemoryMiB: z
      .int()
      .min(32)
      .max(16_384)
      .default(512)
      .describe(
        "Memory that the engine of one thread may use, in MiB; a template that needs more is ended. A single large allocation may exceed it for a moment.",
      ),
    maxOutputBytes: z
      .int()
      .min(1024)
      .max(256 * 1024 * 1024)
      .default(16 * 1024 * 1024)
      .describe("Longest result of one template in bytes."),
    libraries: z
      .record(z.string().min(1), path())
      .default({})
      .describe(
        "Folders of templates by the name under which jobs look them up, such as ntc-templates and ttp-templates.",
      ),
  })
  .prefault({});

const log = z
  .strictObject({
    level: z
      .enum(["debug", "info", "warn", "error"])
      .default("info")
      .describe("Least severe level that is logged."),
  })
  .prefault({});

const plugins = z
  .strictObject({
    directories: z
      .array(path())
      .default([])
      .describe(
        "Directories with plugins of your own, each with folders drivers, templates, schedulers, webhooks. They override built-in plugins of the same name, later ones earlier ones.",
      ),
    drivers: pluginSections("driver"),
    templates: pluginSections("template"),
    schedulers: pluginSections("scheduler"),
    webhooks: pluginSections("webhook"),
  })
  .prefault({});

/** The schema of `config/config.yaml`: types, defaults, limits and descriptions. Whatever is not in it is refused. */
export const configSchema = z.strictObject({
  operator: operator.describe("The operator: the controllers and where they work."),
  worker: worker.describe("Workers: the processes that hold device sessions."),
  server: server.describe("HTTP server for metrics and health, in the operator and in each worker."),
  client: client.describe("Rate limit towards the API server, in the operator and in each worker."),
  templates: templates.describe("Template engines, which run in threads of the worker."),
  log: log.describe("Logging, as JSON lines on standard output."),
  plugins: plugins.describe("Where plugins are found, and their own settings."),
});

/** The configuration with every default filled in. Paths in it are absolute. */
export type Config = z.output<typeof configSchema>;
