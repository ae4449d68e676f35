import { DEFAULT_DRIVER } from "../api/index.ts";
import type { Config } from "../config/index.ts";
import { PluginMetrics } from "../plugin/plugin-metrics.ts";
import { BUILT_IN_PLUGINS, PluginRegistry, type PluginRegistryOptions } from "../plugin/registry.ts";
import { type ApiClient, EventRecorder, type Logger, type Metrics } from "../runtime/index.ts";

/** The plugins of one process, with what tells people about those that cannot be used: a log line, a metric and an Event. */
export interface ProcessPlugins {
  readonly registry: PluginRegistry;
  /** For whatever else loads plugins, such as template threads. */
  readonly options: Pick<Required<PluginRegistryOptions>, "directories" | "config" | "log" | "onInvalid">;
  /** Imports the drivers that most pools use, so that the first job need not wait for it. Failures are told where they matter. */
  warmDrivers(): Promise<void>;
  /** From now on invalid plugins, those already met included, are told as Events of this process's pod. */
  reportTo(client: ApiClient, controller: string): void;
}

export function processPlugins(config: Config, log: Logger, metrics: Metrics): ProcessPlugins {
  const counter = new PluginMetrics(metrics.registry);
  const untold: string[] = [];
  let tell = (message: string): void => void untold.push(message);
  const options = {
    directories: [BUILT_IN_PLUGINS, ...config.plugins.directories],
    config: config.plugins,
    log,
    onInvalid: (kind: string, location: string, reason: string) => {
      counter.invalid(kind);
      tell(`Plugin ${location} was skipped: ${reason}`);
    },
  };
  const registry = new PluginRegistry(options);
  return {
    registry,
    options,
    async warmDrivers() {
      await registry.driver(DEFAULT_DRIVER).catch(() => undefined);
    },
    reportTo(client, controller) {
      const pod = ownPod();
      if (!pod) return;
      const events = new EventRecorder({ client, controller, instance: pod.metadata.name, log });
      tell = (message) => events.event(pod, "Warning", "PluginInvalid", message, { action: "LoadPlugin" });
      for (const message of untold.splice(0)) tell(message);
    },
  };
}

/** This process's pod as its environment names it; undefined outside a cluster. */
function ownPod() {
  const { POD_NAME: name, POD_NAMESPACE: namespace, POD_UID: uid } = process.env;
  if (!name || !namespace || !uid) return undefined;
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, uid } };
}
