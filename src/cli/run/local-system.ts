import type { Config } from "../../config/index.ts";
import { BUILT_IN_PLUGINS, type Logger, PluginRegistry } from "../../plugin/index.ts";
import { type ApiClient, type Clock, configMaps } from "../../runtime/index.ts";
import type { Credentials } from "../../worker/credentials.ts";
import { DeviceQueues } from "../../worker/device-queue.ts";
import { SessionPool } from "../../worker/session/session-pool.ts";
import { Executor } from "../../worker/task/execute.ts";
import { TextSources } from "../../worker/task/text-source.ts";
import { TemplateThreads } from "../../worker/templates/template-threads.ts";
import { transferEnds } from "../../worker/transfer/ends.ts";

/** What executes jobs without a cluster: a worker's parts without its Lease, pins and tasks. */
export interface LocalSystem {
  readonly plugins: PluginRegistry;
  readonly executor: Executor;
  readonly queues: DeviceQueues;
  close(): Promise<void>;
}

export function localSystem(options: {
  readonly config: Config;
  readonly credentials: Credentials;
  /** Reads ConfigMaps. */
  readonly objects: Pick<ApiClient, "get">;
  readonly clock: Clock;
  readonly log: Logger;
}): LocalSystem {
  const { config, credentials, objects, clock, log } = options;
  const directories = [BUILT_IN_PLUGINS, ...config.plugins.directories];
  const plugins = new PluginRegistry({ directories, config: config.plugins, log });
  const templates = new TemplateThreads({
    directories,
    config: config.plugins,
    threads: 1,
    maxMemoryMiB: config.templates.maxMemoryMiB,
    maxOutputBytes: config.templates.maxOutputBytes,
    log,
  });
  const queues = new DeviceQueues();
  const beforeWrite = () => {};
  const sessions = new SessionPool({
    clock,
    log,
    queues,
    idleTimeoutMs: config.worker.idleTimeoutSeconds * 1000,
    maxAgeMs: config.worker.maxSessionAgeSeconds * 1000,
    keepaliveMs: 0,
    maxConcurrentConnects: config.worker.maxConcurrentConnects,
    beforeWrite,
    onCount: () => {},
  });
  const executor = new Executor({
    plugins,
    templates,
    sessions,
    sources: new TextSources(objects, "default", config.templates.libraries),
    transferEnds: transferEnds(config.worker, (name) => objects.get(configMaps, "default", name)),
    templateTimeoutMs: config.templates.timeoutSeconds * 1000,
    credentials,
    clock,
    log,
    beforeWrite,
    workerName: "local",
  });
  return {
    plugins,
    executor,
    queues,
    async close() {
      await sessions.closeAll();
      await templates.close();
    },
  };
}
