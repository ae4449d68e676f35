import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type DevicePool,
  devicePools,
  type NetJob,
  type NetTask,
  netJobs,
  netTasks,
} from "../../src/api/index.ts";
import { configSchema } from "../../src/config/index.ts";
import { Operator } from "../../src/operator/operator.ts";
import { BUILT_IN_PLUGINS, PluginRegistry } from "../../src/plugin/registry.ts";
import { type ApiClient, isNotFound, pods, silentLogger, systemClock } from "../../src/runtime/index.ts";
import { type SimulatedDevice, type SimulationOptions, simulate } from "../../src/simulator/index.ts";
import { TemplateThreads } from "../../src/worker/templates/template-threads.ts";
import { Worker } from "../../src/worker/worker.ts";
import { cluster, createNamespace, untilServiceAccount } from "./cluster.ts";
import { until } from "./until.ts";

type SpecOf<T extends { spec: unknown }> = Partial<T["spec"]> & Record<string, unknown>;

export interface RunningOperator {
  readonly operator: Operator;
  /** Ends it as a crash does: nothing is released, work at hand is left where it is. */
  stop(): Promise<void>;
}

export interface RunningWorker {
  readonly name: string;
  readonly worker: Worker;
  drain(): Promise<void>;
}

/**
 * Operator and workers in this process against the real API server, in a namespace of their own. Workers have real Pod
 * objects, which nothing runs; whatever a test starts ends with the test.
 */
export interface System {
  readonly namespace: string;
  readonly client: ApiClient;
  startOperator(): Promise<RunningOperator>;
  startWorker(pool?: string): Promise<RunningWorker>;
  /** A simulated device, closed with the test. */
  device(options: SimulationOptions): Promise<SimulatedDevice>;
  /** A pool `pool` with these devices, whose credential every worker of the test has. */
  createPool(
    devices: Readonly<Record<string, SimulatedDevice>>,
    spec?: SpecOf<DevicePool>,
    name?: string,
  ): Promise<DevicePool>;
  createJob(name: string, spec: SpecOf<NetJob>): Promise<NetJob>;
  job(name: string): Promise<NetJob>;
  /** The job once it is finished. */
  finished(name: string, limitMs?: number): Promise<NetJob>;
  tasks(job: string): Promise<NetTask[]>;
}

export async function startSystem(): Promise<System> {
  const { client } = await cluster();
  const namespace = await createNamespace();
  await untilServiceAccount(namespace);
  const config = configSchema.parse({ worker: { keepaliveSeconds: 0 } });
  const plugins = new PluginRegistry({ directories: [BUILT_IN_PLUGINS], log: silentLogger });
  const templates = new TemplateThreads({
    directories: [BUILT_IN_PLUGINS],
    threads: 1,
    maxMemoryMiB: 256,
    maxOutputBytes: 16e6,
    log: silentLogger,
  });
  onTestFinished(() => templates.close());
  const folder = mkdtempSync(join(tmpdir(), "netpulse-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let workers = 0;

  const system: System = {
    namespace,
    client,
    async startOperator() {
      const operator = new Operator({
        client,
        config,
        plugins,
        scheduler: await plugins.scheduler("least_load"),
        instance: "test",
        namespace,
        clock: systemClock,
        log: silentLogger,
      });
      const stopping = new AbortController();
      const caches = operator.runCaches(stopping.signal);
      const running = operator.run(stopping.signal);
      await operator.synced();
      const stop = async () => {
        stopping.abort();
        await Promise.all([caches, running]);
      };
      onTestFinished(stop);
      return { operator, stop };
    },
    async startWorker(pool = "pool") {
      workers += 1;
      const name = `worker-${workers}`;
      const pod = await client.create(pods, {
        metadata: {
          name,
          namespace,
          labels: { "app.kubernetes.io/name": "netpulse-worker", "netpulse.io/pool": pool },
        },
        spec: { containers: [{ name: "worker", image: "netpulse:test" }] },
      });
      const worker = new Worker({
        client,
        identity: {
          namespace,
          name,
          uid: pod.metadata.uid ?? "",
          pool,
          instance: `${name}-${Date.now().toString(36)}`,
        },
        config,
        credentialsFolder: folder,
        plugins,
        templates,
        clock: systemClock,
        monotonic: () => performance.now(),
        log: silentLogger,
        onFenced: () => {},
      });
      await worker.start();
      onTestFinished(() => worker.drain());
      return { name, worker, drain: () => worker.drain() };
    },
    async device(options) {
      const device = await simulate(options);
      onTestFinished(() => device.close());
      return device;
    },
    createPool(devices, spec = {}, name = "pool") {
      const credentials = new Map(
        Object.values(devices).map((device) => [`${device.username}-${device.password}`, device]),
      );
      for (const [credential, { username, password }] of credentials) {
        mkdirSync(join(folder, credential), { recursive: true });
        writeFileSync(join(folder, credential, "username"), username);
        writeFileSync(join(folder, credential, "password"), password);
        writeFileSync(join(folder, credential, "secret"), password);
      }
      const pool = {
        metadata: { name, namespace },
        spec: {
          credentials: [...credentials.keys()].map((credential) => ({
            name: credential,
            secretRef: { name: "unused" },
          })),
          devices: Object.entries(devices).map(([deviceName, device]) => ({
            name: deviceName,
            host: device.host,
            port: device.port,
            credential: `${device.username}-${device.password}`,
            hostKeys: { fingerprints: [device.fingerprint] },
            driver: { name: "netmiko", args: { device_type: device.platform } },
          })),
          workers: { replicas: 0, capacity: 100 },
          ...spec,
        },
      };
      return client.create(devicePools, {
        apiVersion: devicePools.apiVersion,
        kind: devicePools.kind,
        ...pool,
      } as unknown as DevicePool);
    },
    createJob(name, spec) {
      const job = {
        apiVersion: netJobs.apiVersion,
        kind: netJobs.kind,
        metadata: { name, namespace },
        spec: { poolRef: { name: "pool" }, ...spec },
      };
      return client.create(netJobs, job as unknown as NetJob);
    },
    job: (name) => client.get(netJobs, namespace, name),
    finished: (name, limitMs = 30_000) =>
      until(
        `NetJob ${name} is finished`,
        async () => {
          const job = await client.get(netJobs, namespace, name).catch((error: unknown) => {
            if (isNotFound(error)) return undefined;
            throw error;
          });
          return job?.status?.completionTime && job.status.observedGeneration === job.metadata.generation
            ? job
            : undefined;
        },
        limitMs,
      ),
    async tasks(job) {
      const { items } = await client.list(netTasks, { namespace });
      return items.filter((task) => task.spec.jobRef.name === job);
    },
  };
  return system;
}

/** The condition of a type, for assertions. */
export function condition(job: NetJob, type: string) {
  return job.status?.conditions?.find((each) => each.type === type);
}
