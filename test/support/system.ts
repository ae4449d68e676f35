import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type DevicePool,
  type DeviceResult,
  devicePools,
  type NetJob,
  type NetTask,
  netJobs,
  netTasks,
} from "../../src/api/index.ts";
import { type Config, configSchema } from "../../src/config/index.ts";
import { Operator } from "../../src/operator/operator.ts";
import { BUILT_IN_PLUGINS, PluginRegistry } from "../../src/plugin/registry.ts";
import {
  type ApiClient,
  isNotFound,
  type Pod,
  pods,
  silentLogger,
  systemClock,
} from "../../src/runtime/index.ts";
import { type SimulatedDevice, type SimulationOptions, simulate } from "../../src/simulator/index.ts";
import { TemplateThreads } from "../../src/worker/templates/template-threads.ts";
import { Worker } from "../../src/worker/worker.ts";
import { cluster, createNamespace, untilServiceAccount } from "./cluster.ts";
import { FaultyClient } from "./faulty-client.ts";
import { until } from "./until.ts";

/** A spec as a user writes it: what has a default may be absent. */
type Spec = Readonly<Record<string, unknown>>;

export interface SystemOptions {
  /** Configuration of operator and workers, over the defaults. */
  readonly config?: Record<string, unknown>;
  /** How long the workers' Leases last: short where a test waits for one to run out. */
  readonly leaseSeconds?: number;
}

export interface RunningOperator {
  readonly operator: Operator;
  /** Ends it: work at hand is carried to its end, nothing more is begun. */
  stop(): Promise<void>;
}

export interface RunningWorker {
  readonly name: string;
  readonly worker: Worker;
  drain(): Promise<void>;
}

/** A worker in a process of its own, which can be killed and paused. */
export interface WorkerProcess {
  readonly name: string;
  readonly pid: number;
  /** Ends it as a crash of the machine does: no goodbye to anyone. */
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
  /** SIGTERM, as the kubelet sends it; resolves with the exit code. */
  terminate(): Promise<number | null>;
  /** The exit code, once it has ended on its own. */
  readonly exited: Promise<number | null>;
}

export interface WorkerStart {
  /** Default `pool`. */
  readonly pool?: string;
  /** The client that it talks through; default: one without faults. */
  readonly client?: ApiClient;
  /** Name of a worker whose pod is to be used again, as by a container that restarts. */
  readonly pod?: string;
}

/**
 * Operator and workers in this process against the real API server, in a namespace of their own. Workers have real Pod
 * objects, which nothing runs; whatever a test starts ends with the test.
 */
export interface System {
  readonly namespace: string;
  readonly client: ApiClient;
  /** A client of its own to give to an operator or a worker. */
  faultyClient(): Promise<FaultyClient>;
  startOperator(options?: { readonly client?: ApiClient }): Promise<RunningOperator>;
  startWorker(options?: WorkerStart): Promise<RunningWorker>;
  startWorkerProcess(options?: Omit<WorkerStart, "client">): Promise<WorkerProcess>;
  /** A simulated device, closed with the test. */
  device(options?: Partial<SimulationOptions>): Promise<SimulatedDevice>;
  /** A pool `pool` with these devices, whose credential every worker of the test has. */
  createPool(devices: Readonly<Record<string, PoolMember>>, spec?: Spec, name?: string): Promise<DevicePool>;
  createJob(name: string, spec: Spec, metadata?: Partial<NetJob["metadata"]>): Promise<NetJob>;
  /** Changes fields of a job's spec; null removes one. */
  editJob(name: string, spec: Record<string, unknown>): Promise<NetJob>;
  job(name: string): Promise<NetJob>;
  /** The job as soon as it is as wanted. */
  jobThat(name: string, what: string, is: (job: NetJob) => boolean, limitMs?: number): Promise<NetJob>;
  /** The job once its present generation is finished. */
  finished(name: string, limitMs?: number): Promise<NetJob>;
  tasks(job: string): Promise<NetTask[]>;
}

/** A password that no simulated device has; use it as a pool's credential to be refused. */
export const WRONG_CREDENTIAL = "wrong";

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const { client, kubeconfigPath } = await cluster();
  const namespace = await createNamespace();
  await untilServiceAccount(namespace);
  const config = configSchema.parse({
    ...options.config,
    worker: { keepaliveSeconds: 0, drainSeconds: 5, ...(options.config?.worker as object | undefined) },
  });
  const { leaseSeconds } = options;
  const plugins = new PluginRegistry({
    directories: [BUILT_IN_PLUGINS],
    config: config.plugins,
    log: silentLogger,
  });
  const folder = mkdtempSync(join(tmpdir(), "netpulse-credentials-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeCredential(folder, WRONG_CREDENTIAL, "admin", "not the password");
  const templates = lazyTemplates();
  const podsOf = workerPods(client, namespace);

  const system: System = {
    namespace,
    client,
    faultyClient: () => FaultyClient.of(kubeconfigPath),
    async startOperator({ client: own = client } = {}) {
      const operator = new Operator({
        client: own,
        config,
        plugins,
        scheduler: await plugins.scheduler("least_load"),
        instance: "test",
        namespace,
        clock: systemClock,
        log: silentLogger,
        workerLeaseMs: leaseSeconds === undefined ? undefined : leaseSeconds * 1000,
      });
      const stopping = new AbortController();
      const caches = operator.runCaches(stopping.signal);
      const running = operator.run(stopping.signal);
      const stop = async () => {
        stopping.abort();
        if (own instanceof FaultyClient) own.release();
        // One that was cut off before its caches were filled waits for them in vain.
        await Promise.all([caches, operator.hasSynced ? running : undefined]);
      };
      onTestFinished(stop);
      return { operator, stop };
    },
    async startWorker({ pool = "pool", client: own = client, pod } = {}) {
      const { name, uid } = await podsOf(pool, pod);
      const worker = new Worker({
        client: own,
        identity: { namespace, name, uid, pool, instance: newInstance(name) },
        config,
        credentialsFolder: folder,
        plugins,
        templates: templates(config),
        clock: systemClock,
        monotonic: () => performance.now(),
        log: silentLogger,
        leaseSeconds,
        onFenced: () => {},
      });
      await worker.start();
      onTestFinished(() => worker.drain());
      return { name, worker, drain: () => worker.drain() };
    },
    async startWorkerProcess({ pool = "pool", pod } = {}) {
      const { name, uid } = await podsOf(pool, pod);
      return startProcess(name, {
        KUBECONFIG: kubeconfigPath,
        POD_NAMESPACE: namespace,
        POD_NAME: name,
        POD_UID: uid,
        NETPULSE_POOL: pool,
        NETPULSE_CREDENTIALS_FOLDER: folder,
        TEST_LEASE_SECONDS: String(leaseSeconds ?? 15),
      });
    },
    async device(of = {}) {
      const device = await simulate({ platform: "cisco_ios", ...of });
      onTestFinished(() => device.close());
      return device;
    },
    createPool(devices, spec = {}, name = "pool") {
      const credentials = new Map(
        Object.values(devices).map((device) => [`${device.username}-${device.password}`, device]),
      );
      for (const [credential, { username, password, privateKey }] of credentials)
        writeCredential(folder, credential, username, password, privateKey);
      const pool = {
        metadata: { name, namespace },
        spec: {
          credentials: [...credentials.keys(), WRONG_CREDENTIAL].map((credential) => ({
            name: credential,
            secretRef: { name: "unused" },
          })),
          devices: Object.entries(devices).map(([deviceName, device]) => poolDevice(deviceName, device)),
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
    createJob(name, spec, metadata = {}) {
      const job = {
        apiVersion: netJobs.apiVersion,
        kind: netJobs.kind,
        metadata: { name, namespace, ...metadata },
        spec: { poolRef: { name: "pool" }, ...spec },
      };
      return client.create(netJobs, job as unknown as NetJob);
    },
    editJob: (name, spec) => client.mergePatch(netJobs, namespace, name, { spec }),
    job: (name) => client.get(netJobs, namespace, name),
    jobThat: (name, what, is, limitMs = 30_000) =>
      until(
        `NetJob ${name} ${what}`,
        async () => {
          const job = await client.get(netJobs, namespace, name).catch((error: unknown) => {
            if (isNotFound(error)) return undefined;
            throw error;
          });
          return job && is(job) ? job : undefined;
        },
        limitMs,
      ),
    finished: (name, limitMs) => system.jobThat(name, "is finished", isFinished, limitMs),
    async tasks(job) {
      const { items } = await client.list(netTasks, { namespace });
      return items.filter((task) => task.spec.jobRef.name === job);
    },
  };
  return system;
}

/** What a pool needs to know of a device. */
export interface PoolMember
  extends Pick<SimulatedDevice, "host" | "port" | "fingerprint" | "username" | "password" | "platform"> {
  /** To log in with instead of the password. */
  readonly privateKey?: string;
  /** Absent: netmiko. */
  readonly driver?: string;
}

/** An entry of a pool's devices. */
export function poolDevice(name: string, device: PoolMember) {
  return {
    name,
    host: device.host,
    port: device.port,
    credential: `${device.username}-${device.password}`,
    hostKeys: { fingerprints: [device.fingerprint] },
    driver: device.driver
      ? { name: device.driver }
      : { name: "netmiko", args: { device_type: device.platform } },
  };
}

/** The condition of a type, for assertions. */
export function condition(job: NetJob, type: string) {
  return job.status?.conditions?.find((each) => each.type === type);
}

/** The outcome of one device, for assertions. */
export function result(job: NetJob, device: string): DeviceResult | undefined {
  return job.status?.results?.find((each) => each.device === device);
}

/** Finished, and with the present generation of its spec. */
export function isFinished({ status, metadata }: NetJob): boolean {
  return status?.completionTime !== undefined && status.observedGeneration === metadata.generation;
}

/** Configuration lines that a device received: what a change really did to it. */
export function configured(device: SimulatedDevice): string[] {
  return device
    .log()
    .filter(({ mode, line }) => mode === "config" && line !== "end" && line !== "exit")
    .map(({ line }) => line);
}

function writeCredential(
  folder: string,
  name: string,
  username: string,
  password: string,
  privateKey?: string,
): void {
  mkdirSync(join(folder, name), { recursive: true });
  const data = {
    username,
    password,
    secret: password,
    ...(privateKey !== undefined && { "ssh-privatekey": privateKey }),
  };
  for (const [key, value] of Object.entries(data)) writeFileSync(join(folder, name, key), value);
}

function newInstance(name: string): string {
  return `${name}-${crypto.randomUUID()}`;
}

/** Template threads for the workers of one test, started by the first that needs them. */
function lazyTemplates(): (config: Config) => TemplateThreads {
  let threads: TemplateThreads | undefined;
  return (config) => {
    if (threads) return threads;
    const started = new TemplateThreads({
      directories: [BUILT_IN_PLUGINS],
      config: config.plugins,
      threads: 1,
      maxMemoryMiB: 256,
      maxOutputBytes: 16e6,
      log: silentLogger,
    });
    onTestFinished(() => started.close());
    threads = started;
    return started;
  };
}

function workerPods(client: ApiClient, namespace: string) {
  let count = 0;
  return async (pool: string, again: string | undefined): Promise<{ name: string; uid: string }> => {
    count += 1;
    const name = again ?? `worker-${count}`;
    const labels = { "app.kubernetes.io/name": "netpulse-worker", "netpulse.io/pool": pool };
    const spec = { containers: [{ name: "worker", image: "netpulse:test" }] };
    const pod: Pod = again
      ? await client.get(pods, namespace, again)
      : await client.create(pods, { metadata: { name, namespace, labels }, spec });
    return { name, uid: pod.metadata.uid ?? "" };
  };
}

async function startProcess(name: string, env: Record<string, string>): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "worker-process.ts")], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const { pid } = child;
  if (pid === undefined) throw new Error("the worker process did not start");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  await Promise.race([
    firstOutput(child),
    exited.then((code) => Promise.reject(new Error(`worker ended: ${code}`))),
  ]);
  return {
    name,
    pid,
    exited,
    kill: async () => {
      child.kill("SIGKILL");
      await exited;
    },
    pause: () => child.kill("SIGSTOP"),
    resume: () => child.kill("SIGCONT"),
    terminate: () => {
      child.kill("SIGTERM");
      return exited;
    },
  };
}

/** The process says one line when it is ready. */
async function firstOutput({ stdout }: ChildProcess): Promise<void> {
  if (stdout) await once(stdout, "data");
}
