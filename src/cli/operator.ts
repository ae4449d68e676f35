import { randomUUID } from "node:crypto";
import { Command } from "commander";
import { loadScheduler } from "../config/index.ts";
import { Operator } from "../operator/operator.ts";
import { ApiClient, LeaderElector, Manager, Metrics, systemClock } from "../runtime/index.ts";
import { makeLog } from "./log.ts";
import { configOrExit, exitWithConfigError } from "./process-config.ts";
import { processPlugins } from "./process-plugins.ts";

export function operatorCommand(): Command {
  return new Command("operator")
    .description("run the operator: places jobs on workers and rolls up their results")
    .option("--config <file>", "configuration file", process.env.NETPULSE_CONFIG_FILE)
    .option(
      "--worker-config-map <name>",
      "ConfigMap that workers take their configuration from, where the pool's namespace has it (key config.yaml)",
      "netpulse-config",
    )
    .action(runOperator);
}

async function runOperator(options: { config?: string; workerConfigMap?: string }): Promise<void> {
  const config = configOrExit(options.config === undefined ? {} : { file: options.config });
  const log = makeLog("operator", config.log.level);
  const metrics = new Metrics({ processMetrics: true });
  const plugins = processPlugins(config, log, metrics);
  const scheduler = await loadScheduler(plugins.registry, config).catch(exitWithConfigError);
  const { qps, burst } = config.client;
  const client = await ApiClient.connect({
    onRequest: metrics.request,
    rateLimit: qps > 0 ? { perSecond: qps, burst } : false,
  });
  plugins.reportTo(client, "netpulse.io/operator");
  await plugins.warmDrivers();
  const instance = process.env.POD_NAME ?? `operator-${process.pid}`;
  const ownNamespace = process.env.POD_NAMESPACE ?? "default";
  // A list of namespaces means rights in those alone: each is watched by itself.
  const namespaces = config.operator.namespaces.length > 0 ? config.operator.namespaces : [undefined];
  const operators = namespaces.map(
    (watched) =>
      new Operator({
        client,
        config,
        plugins: plugins.registry,
        scheduler,
        instance,
        namespace: watched,
        workerConfigMap: options.workerConfigMap,
        clock: systemClock,
        log,
        metrics,
      }),
  );
  const { enabled, leaseName, leaseSeconds, renewDeadlineSeconds, retrySeconds } =
    config.operator.leaderElection;
  const manager = new Manager({
    log,
    metrics,
    host: config.server.host,
    port: config.server.port,
    exit: (code) => process.exit(code),
    ...(enabled && {
      elect: (callbacks) =>
        new LeaderElector({
          client,
          namespace: ownNamespace,
          name: leaseName,
          identity: `${instance}_${randomUUID()}`,
          leaseDurationMs: leaseSeconds * 1000,
          renewDeadlineMs: renewDeadlineSeconds * 1000,
          retryPeriodMs: retrySeconds * 1000,
          log,
          metrics,
          ...callbacks,
        }),
    }),
  });
  for (const operator of operators)
    manager
      .add("informers", {
        name: "caches",
        run: (signal) => operator.runCaches(signal),
        synced: () => operator.synced(),
      })
      .add("leader", { name: "controllers", run: (signal) => operator.run(signal) })
      .addReadyCheck(`caches of ${operator.namespace ?? "all namespaces"}`, () => operator.hasSynced);
  await manager.run(process);
  await client.close();
}
