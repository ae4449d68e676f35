import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyAndCertificate } from "../certificates/authority.ts";
import { serviceAccounts } from "../runtime/builtin-resources.ts";
import { ApiClient } from "../runtime/client.ts";
import type { Credentials } from "../runtime/credentials.ts";
import type { ClusterBinaries } from "./binaries.ts";
import { type ApiServerAddress, kubeconfig } from "./kubeconfig.ts";
import { loadPki, type Pki } from "./pki.ts";
import { freePort } from "./ports.ts";
import { ProcessRecord } from "./process-record.ts";
import { Program } from "./program.ts";
import { apiServerArgs, CONTROLLERS, controllerManagerArgs, etcdArgs } from "./program-arguments.ts";
import { StandInControllers } from "./stand-in-controllers.ts";
import { untilReady } from "./until-ready.ts";

export interface ControlPlaneOptions {
  readonly binaries: ClusterBinaries;
  /** Everything is kept in here: keys, data, logs, the kubeconfig. What an earlier run left in it is used again. */
  readonly folder: string;
  /** Called once when a part ends on its own. Without it such an end is only seen by failing calls. */
  readonly onFailure?: (error: Error) => void;
  /** Told what is being waited for, in words for a person. */
  readonly onProgress?: (step: string) => void;
}

/** A user of the cluster, as the API server will see it. */
export interface User {
  readonly name: string;
  readonly groups?: readonly string[];
}

const READY_TIMEOUT_MS = 2_000;
const STOP_GRACE_MS = 5_000;
// The API server waits up to a minute for open watches; its state is all in etcd, so it may be killed.
const API_SERVER_GRACE_MS = 1_000;

/**
 * A real etcd, kube-apiserver and kube-controller-manager on 127.0.0.1. Where the last one's program is not at hand,
 * stand-ins do the part without which no pod would come to be.
 *
 * @example
 * const cluster = await ControlPlane.start({ binaries: await findBinaries(), folder: "/tmp/c" });
 * process.env.KUBECONFIG = cluster.kubeconfigPath; // administrator
 * await cluster.stop();
 */
export class ControlPlane {
  readonly address: ApiServerAddress;
  /** Path of a kubeconfig of an administrator. */
  readonly kubeconfigPath: string;
  /** An administrator's client. It survives restarts of the API server. */
  readonly client: ApiClient;
  readonly #options: ControlPlaneOptions;
  readonly #pki: Pki;
  readonly #ports: Ports;
  readonly #record: ProcessRecord;
  #etcd: Program | undefined;
  #apiServer: Program | undefined;
  #controllerManager: Program | undefined;
  #standIns: StandInControllers | undefined;

  private constructor(options: ControlPlaneOptions, pki: Pki, ports: Ports, record: ProcessRecord) {
    this.#options = options;
    this.#pki = pki;
    this.#ports = ports;
    this.#record = record;
    this.address = { server: `https://127.0.0.1:${ports.apiServer}`, ca: pki.ca.certificate };
    this.kubeconfigPath = join(options.folder, "kubeconfig");
    this.client = new ApiClient(certificateCredentials(this.address, pki.admin), { rateLimit: false });
  }

  /**
   * Starts everything and resolves when the API server answers as ready and the default namespace has its service
   * account.
   *
   * @throws ProgramExited, NotReadyInTime; nothing is left running then.
   */
  static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    mkdirSync(join(options.folder, "logs"), { recursive: true, mode: 0o700 });
    const record = ProcessRecord.claim(join(options.folder, "processes.json"));
    const ports = { etcd: await freePort(), etcdPeer: await freePort(), apiServer: await freePort() };
    const plane = new ControlPlane(options, loadPki(join(options.folder, "pki")), ports, record);
    try {
      await plane.#startAll();
      return plane;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /** The text of a kubeconfig for a user with the given name and groups. */
  kubeconfigFor(user: User, namespace?: string): string {
    const identity = this.#pki.ca.issue({ commonName: user.name, organizations: user.groups ?? [] });
    return kubeconfig(this.address, identity, namespace);
  }

  /** Stops the API server; its watches break and its port refuses connections until `startApiServer`. */
  async stopApiServer(): Promise<void> {
    await this.#stop(this.#apiServer, API_SERVER_GRACE_MS);
    this.#apiServer = undefined;
  }

  /** Starts the API server again, on the same port and data, and waits until it is ready. */
  async startApiServer(): Promise<void> {
    const { binaries } = this.#options;
    this.#apiServer = this.#launch(
      "kube-apiserver",
      binaries.kubeApiserver,
      apiServerArgs(this.#pki, this.#ports),
    );
    await untilReady("the API server", this.#apiServer, async () => {
      await this.client.raw({ method: "GET", path: "/readyz", timeoutMs: READY_TIMEOUT_MS });
    });
  }

  /** Stops and starts the API server: every client sees its connections break. */
  async restartApiServer(): Promise<void> {
    await this.stopApiServer();
    await this.startApiServer();
  }

  /** Freezes the API server (SIGSTOP): connections stay open and nothing is answered. */
  pauseApiServer(): void {
    this.#apiServer?.signal("SIGSTOP");
  }

  resumeApiServer(): void {
    this.#apiServer?.signal("SIGCONT");
  }

  /** Ends every part and waits for it. The folder stays; see `removeFolder`. */
  async stop(): Promise<void> {
    await this.#standIns?.stop();
    await this.#stop(this.#controllerManager, STOP_GRACE_MS);
    await this.#stop(this.#apiServer, API_SERVER_GRACE_MS);
    await this.#stop(this.#etcd, STOP_GRACE_MS);
    await this.client.close();
    this.#record.release();
  }

  /** Removes all data, for a cluster that was only for a test. Stop it first. */
  removeFolder(): void {
    rmSync(this.#options.folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #startAll(): Promise<void> {
    const { binaries, folder, onProgress } = this.#options;
    onProgress?.("starting etcd and the API server");
    this.#etcd = this.#launch("etcd", binaries.etcd, etcdArgs(join(folder, "etcd"), this.#ports));
    await this.startApiServer();
    writeFileSync(this.kubeconfigPath, kubeconfig(this.address, this.#pki.admin), { mode: 0o600 });
    if (binaries.kubeControllerManager === undefined) {
      this.#standIns = await StandInControllers.start(this.client, this.address.ca);
      return;
    }
    onProgress?.("starting the controller manager");
    await this.#startControllerManager(binaries.kubeControllerManager);
  }

  async #startControllerManager(path: string): Promise<void> {
    const config = join(this.#options.folder, "controller-manager.kubeconfig");
    writeFileSync(config, this.kubeconfigFor({ name: "system:kube-controller-manager" }), { mode: 0o600 });
    this.#controllerManager = this.#launch(
      "kube-controller-manager",
      path,
      controllerManagerArgs(this.#pki, config),
    );
    await untilReady(
      `the controller manager (${CONTROLLERS.length} controllers)`,
      this.#controllerManager,
      async () => {
        await this.client.get(serviceAccounts, "default", "default");
      },
    );
  }

  #launch(name: string, path: string, args: readonly string[]): Program {
    const log = join(this.#options.folder, "logs", `${name}.log`);
    const program = Program.start({ name, path, args, log, dieWithParent: true });
    if (program.pid !== undefined) this.#record.add(program.pid, name);
    program.failure().catch((error: unknown) => {
      this.#options.onFailure?.(error instanceof Error ? error : new Error(String(error)));
    });
    return program;
  }

  async #stop(program: Program | undefined, graceMs: number): Promise<void> {
    if (program === undefined) return;
    await program.stop(graceMs);
    if (program.pid !== undefined) this.#record.remove(program.pid);
  }
}

function certificateCredentials(address: ApiServerAddress, identity: KeyAndCertificate): Credentials {
  const tls = { ca: address.ca, cert: identity.certificate, key: identity.key };
  const current = { headers: [], tls };
  return { server: address.server, current: () => current, refresh: () => Promise.resolve(current) };
}

/** Ports on 127.0.0.1. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
}
