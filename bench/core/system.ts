import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DevicePool, devicePools, type NetJob, netJobs, netWorkers } from "../../src/api/index.ts";
import { findBinaries } from "../../src/localcluster/binaries.ts";
import { ControlPlane } from "../../src/localcluster/control-plane.ts";
import { applyManifests, readManifests } from "../../src/localcluster/manifests.ts";
import { WORKER_NODE_OPTIONS } from "../../src/operator/pool/worker-deployment.ts";
import { type ApiClient, namespaces, pods, serviceAccounts } from "../../src/runtime/index.ts";

const PROJECT = join(import.meta.dirname, "..", "..");
const NAMESPACE = "bench";
const PASSWORD = "bench";

/**
 * The whole system as processes of their own on this machine: control plane, one operator, workers, and one process that
 * plays all devices and answers at once. What a user would run, less the kubelet.
 */
export class BenchSystem {
  readonly namespace = NAMESPACE;
  readonly client: ApiClient;
  readonly plane: ControlPlane;
  readonly #folder: string;
  readonly #children: ChildProcess[];
  readonly #workers = new Map<string, ChildProcess>();

  private constructor(plane: ControlPlane, folder: string, children: ChildProcess[]) {
    this.plane = plane;
    this.client = plane.client;
    this.#folder = folder;
    this.#children = children;
  }

  static async start(): Promise<BenchSystem> {
    const folder = mkdtempSync(join(tmpdir(), "netpulse-bench-"));
    const binaries = await findBinaries({ onProgress: ({ step }) => console.error(step) });
    const plane = await ControlPlane.start({ binaries, folder: join(folder, "cluster") });
    const system = new BenchSystem(plane, folder, []);
    await applyManifests(plane.client, readManifests(join(PROJECT, "crds")), { fieldManager: "bench" });
    await plane.client.create(namespaces, { metadata: { name: NAMESPACE } });
    await eventually("the service account is there", () =>
      plane.client.get(serviceAccounts, NAMESPACE, "default"),
    );
    system.#children.push(system.#spawn(["operator"], { POD_NAMESPACE: NAMESPACE, POD_NAME: "operator" }));
    return system;
  }

  /** Simulated devices in a process of their own, one port each, and the entries of a pool for them. */
  async devices(count: number): Promise<PoolDevices> {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "devices.ts"), String(count), PASSWORD],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    this.#children.push(child);
    const lines = await firstLine(child);
    const started = JSON.parse(lines) as { port: number; fingerprint: string }[];
    return started.map(({ port, fingerprint }, index) => ({
      name: `d${index}`,
      host: "127.0.0.1",
      port,
      credential: "bench",
      hostKeys: { fingerprints: [fingerprint] },
      driver: { name: "netmiko", args: { device_type: "cisco_ios" } },
    }));
  }

  async createPool(name: string, devices: PoolDevices, historyLimit: number): Promise<void> {
    const credentials = join(this.#folder, "credentials", "bench");
    mkdirSync(credentials, { recursive: true });
    for (const key of ["username", "password", "secret"])
      writeFileSync(join(credentials, key), key === "username" ? "admin" : PASSWORD);
    const pool = {
      apiVersion: devicePools.apiVersion,
      kind: devicePools.kind,
      metadata: { name, namespace: NAMESPACE },
      spec: {
        devices,
        credentials: [{ name: "bench", secretRef: { name: "bench" } }],
        workers: { replicas: 0, capacity: 2000 },
        successfulJobsHistoryLimit: historyLimit,
        failedJobsHistoryLimit: historyLimit,
      },
    };
    await this.client.create(devicePools, pool as unknown as DevicePool);
  }

  /** A worker process with a Pod object that nothing runs; resolves when the operator may use it. */
  async startWorker(pool: string, name: string): Promise<number> {
    const pod = await this.client.create(pods, {
      metadata: {
        name,
        namespace: NAMESPACE,
        labels: { "app.kubernetes.io/name": "netpulse-worker", "netpulse.io/pool": pool },
      },
      spec: { containers: [{ name: "worker", image: "netpulse:bench" }] },
    });
    const child = this.#spawn(["worker"], {
      POD_NAME: name,
      POD_NAMESPACE: NAMESPACE,
      POD_UID: pod.metadata.uid ?? "",
      NODE_OPTIONS: WORKER_NODE_OPTIONS,
      NETPULSE_POOL: pool,
      NETPULSE_CREDENTIALS_FOLDER: join(this.#folder, "credentials"),
    });
    this.#children.push(child);
    this.#workers.set(name, child);
    await eventually(`worker ${name} is ready`, async () => {
      const worker = await this.client.get(netWorkers, NAMESPACE, name);
      return worker.status?.instance;
    });
    return child.pid ?? 0;
  }

  killWorker(name: string, signal: NodeJS.Signals): void {
    this.#workers.get(name)?.kill(signal);
  }

  async createJob(name: string, pool: string, spec: Record<string, unknown>): Promise<NetJob> {
    const job = {
      apiVersion: netJobs.apiVersion,
      kind: netJobs.kind,
      metadata: { name, namespace: NAMESPACE },
      spec: { poolRef: { name: pool }, commands: ["show clock"], ...spec },
    };
    return this.client.create(netJobs, job as unknown as NetJob);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map(end));
    await this.plane.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #spawn(args: readonly string[], env: Record<string, string>): ChildProcess {
    return spawn(process.execPath, [join(PROJECT, "src", "cli", "main.ts"), ...args], {
      stdio: ["ignore", process.env.BENCH_LOG ? "inherit" : "ignore", "inherit"],
      env: {
        ...process.env,
        KUBECONFIG: this.plane.kubeconfigPath,
        NETPULSE_SERVER__PORT: "0",
        NETPULSE_WORKER__KEEPALIVESECONDS: "0",
        ...env,
      },
    });
  }
}

export type PoolDevices = readonly { readonly name: string; readonly [field: string]: unknown }[];

/** Politely, so that a profiler can write what it has seen; by force after a while. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 5000);
  await gone;
  clearTimeout(force);
}

/** Looks every 20 ms until `look` gives something. */
async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  limitMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look().catch(() => undefined);
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    child.once("exit", () => reject(new Error("the simulated devices ended")));
  });
}
