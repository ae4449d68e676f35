import { existsSync } from "node:fs";
import { Command } from "commander";
import { ApiClient, Manager, Metrics, systemClock } from "../runtime/index.ts";
import { identityFrom } from "../worker/identity.ts";
import { TemplateThreads } from "../worker/templates/template-threads.ts";
import { Worker } from "../worker/worker.ts";
import { WorkerMetrics } from "../worker/worker-metrics.ts";
import { makeLog } from "./log.ts";
import { configOrExit } from "./process-config.ts";
import { processPlugins } from "./process-plugins.ts";

const DEFAULT_CREDENTIALS_FOLDER = "/etc/netpulse/credentials";

export function workerCommand(): Command {
  return new Command("worker")
    .description(
      "run a worker: holds device sessions and executes tasks (started by a DevicePool's Deployment)",
    )
    .option("--config <file>", "configuration file", process.env.NETPULSE_CONFIG_FILE)
    .action(runWorker);
}

async function runWorker(options: { config?: string }): Promise<void> {
  // The pool's namespace may have no ConfigMap for its workers: the mount is optional, and the defaults are a configuration.
  const { NETPULSE_CONFIG_FILE: _mounted, ...env } = process.env;
  const present = options.config !== undefined && existsSync(options.config);
  const config = configOrExit(present ? { file: options.config as string } : { env });
  const identity = identityFrom(process.env);
  const log = makeLog("worker", config.log.level);
  const metrics = new Metrics({ processMetrics: true });
  const plugins = processPlugins(config, log, metrics);
  const { qps, burst } = config.client;
  const client = await ApiClient.connect({
    onRequest: metrics.request,
    rateLimit: qps > 0 ? { perSecond: qps, burst } : false,
  });
  plugins.reportTo(client, "netpulse.io/worker");
  const templates = new TemplateThreads({
    ...plugins.options,
    threads: config.templates.threads,
    maxMemoryMiB: config.templates.maxMemoryMiB,
    maxOutputBytes: config.templates.maxOutputBytes,
    warm: [
      { kind: "parser", name: "textfsm" },
      { kind: "renderer", name: "jinja2" },
    ],
  });
  const worker = new Worker({
    client,
    identity,
    config,
    credentialsFolder: process.env.NETPULSE_CREDENTIALS_FOLDER ?? DEFAULT_CREDENTIALS_FOLDER,
    plugins: plugins.registry,
    templates,
    clock: systemClock,
    monotonic: () => performance.now(),
    log,
    metrics: new WorkerMetrics(metrics.registry),
    // A new process is a new instance, with everything else as it was: the kubelet starts it.
    onFenced: () => process.exit(1),
  });
  const manager = new Manager({
    log,
    metrics,
    host: config.server.host,
    port: config.server.port,
    graceMs: (config.worker.drainSeconds + 20) * 1000,
    exit: (code) => process.exit(code),
  });
  manager
    .addReadyCheck("worker", () => worker.ready)
    .add("always", {
      name: "worker",
      run: async (signal) => {
        await Promise.all([templates.ready(), plugins.warmDrivers()]);
        await worker.start();
        log.info(
          { worker: identity.name, pool: identity.pool, instance: identity.instance },
          "This worker is ready",
        );
        await aborted(signal);
        await worker.drain();
        await templates.close();
      },
    });
  await manager.run(process);
  await client.close();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
