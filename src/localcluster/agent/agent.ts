import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isConflict, isNotFound } from "../../runtime/api-error.ts";
import { configMaps, leases, nodes, type Pod, pods, secrets } from "../../runtime/builtin-resources.ts";
import type { ApiClient } from "../../runtime/client.ts";
import { type Clock, sleep, systemClock } from "../../runtime/clock.ts";
import { Informer } from "../../runtime/informer.ts";
import { type Logger, silentLogger } from "../../runtime/logger.ts";
import { keyOf, type ObjectKey } from "../../runtime/objects.ts";
import { ProcessRecord } from "../process-record.ts";
import type { Program } from "../program.ts";
import { isNetPulseImage } from "./command-line.ts";
import { keepNodeAlive, registerNode } from "./node.ts";
import { readPodSpec } from "./pod.ts";
import { PodRunner } from "./pod-runner.ts";

export interface LocalAgentOptions {
  /** An administrator's client; the caller closes it. */
  readonly client: ApiClient;
  /** Volumes, logs and the record of processes. One agent at a time may use it. */
  readonly folder: string;
  readonly nodeName?: string;
  /** Which pods that no scheduler has bound are to run here. Default: those with only NetPulse images. */
  readonly accepts?: (pod: Pod) => boolean;
  /** Renew the Node's Lease: needed where a node controller takes Nodes without one for lost. Default: no. */
  readonly heartbeat?: boolean;
  readonly clock?: Clock;
  readonly log?: Logger;
}

const BIND_RETRY_MS = 500;

/**
 * A small kubelet: runs pods as processes of this machine. It takes pods of NetPulse images (this checkout's command) and
 * of containers that name a command; there are no images, no isolation and no resource limits.
 *
 * @example
 * const agent = await LocalAgent.start({ client: cluster.client, folder });
 * // ... a Deployment of image netpulse:latest is applied, and its pods run ...
 * agent.pause("lab/core-workers-5d4b-x7k2p");
 * await agent.stop();
 */
export class LocalAgent {
  readonly #options: LocalAgentOptions;
  readonly #nodeName: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #record: ProcessRecord;
  readonly #runners = new Map<string, PodRunner>();
  readonly #stopped = new AbortController();
  readonly #informers: {
    readonly waiting: Informer<Pod>;
    readonly bound: Informer<Pod>;
    readonly secrets: Informer<NonNullable<(typeof secrets)["objectType"]>>;
    readonly configMaps: Informer<NonNullable<(typeof configMaps)["objectType"]>>;
  };
  #running: Promise<unknown> = Promise.resolve();

  private constructor(options: LocalAgentOptions) {
    const { client, log = silentLogger } = options;
    this.#options = options;
    this.#nodeName = options.nodeName ?? "local";
    this.#clock = options.clock ?? systemClock;
    this.#log = log;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    this.#record = ProcessRecord.claim(join(options.folder, "processes.json"));
    this.#informers = {
      waiting: new Informer(client, pods, { fieldSelector: "spec.nodeName=", log }),
      bound: new Informer(client, pods, { fieldSelector: `spec.nodeName=${this.#nodeName}`, log }),
      secrets: new Informer(client, secrets, { log }),
      configMaps: new Informer(client, configMaps, { log }),
    };
  }

  /** Ends what an earlier agent of this folder left running, registers the Node and takes up the pods. */
  static async start(options: LocalAgentOptions): Promise<LocalAgent> {
    const agent = new LocalAgent(options);
    await registerNode(options.client, agent.#nodeName, agent.#clock.now());
    await agent.#run();
    return agent;
  }

  /** The process of a pod ("namespace/name"), if it has one now. */
  processOf(pod: ObjectKey): Program | undefined {
    return this.#runner(pod)?.program;
  }

  /** The port on 127.0.0.1 that stands for a port which a container of the pod declares. */
  portOf(pod: ObjectKey, containerPort: number): number | undefined {
    return this.#runner(pod)?.portOf(containerPort);
  }

  /** SIGKILL: the container has crashed; the agent tells so and starts it again by the pod's restart policy. */
  kill(pod: ObjectKey): void {
    this.#require(pod).signal("SIGKILL");
  }

  /** SIGTERM to the process alone, as when it ends by itself; it is started again under the same pod. */
  restartContainer(pod: ObjectKey): void {
    this.#require(pod).signal("SIGTERM");
  }

  /** SIGSTOP: the process stands still, as on a machine that is out of breath. */
  pause(pod: ObjectKey): void {
    this.#require(pod).signal("SIGSTOP");
  }

  resume(pod: ObjectKey): void {
    this.#require(pod).signal("SIGCONT");
  }

  /** Kills the process and tells the API server nothing, as when the machine loses its power. The object stays. */
  async vanish(pod: ObjectKey): Promise<void> {
    await this.#runner(pod)?.vanish();
  }

  /** Files with the output of the containers of all pods that are here. */
  logs(): string[] {
    return [...this.#runners.values()].flatMap((runner) => runner.logs);
  }

  /** Ends all processes (SIGTERM, SIGKILL after `graceMs`) and stops looking after pods; their objects stay. */
  async stop(graceMs = 5_000): Promise<void> {
    this.#stopped.abort();
    await this.#running;
    await Promise.all([...this.#runners.values()].map((runner) => runner.close(graceMs)));
    this.#record.release();
  }

  /** Takes the Node out of a cluster that goes on without it. */
  async deleteNode(): Promise<void> {
    const { client } = this.#options;
    for (const [resource, namespace] of [
      [nodes, undefined],
      [leases, "kube-node-lease"],
    ] as const) {
      await client.delete(resource, namespace, this.#nodeName).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }

  async #run(): Promise<void> {
    const { waiting, bound, secrets: secretCache, configMaps: configMapCache } = this.#informers;
    this.#removeOldFolders();
    const caches = [secretCache, configMapCache];
    const running = [...caches, waiting, bound].map((informer) => informer.run(this.#stopped.signal));
    const { client, heartbeat } = this.#options;
    const alive = { clock: this.#clock, log: this.#log, signal: this.#stopped.signal };
    if (heartbeat) running.push(keepNodeAlive(client, this.#nodeName, alive));
    this.#running = Promise.all(running);
    await Promise.all([...caches, bound].map((informer) => informer.synced()));
    for (const cache of caches) cache.on(({ object }) => this.#refresh(object.metadata.namespace));
    bound.on((change) => (change.type === "deleted" ? this.#gone(change.object) : this.#seen(change.object)));
    waiting.on((change) => {
      if (change.type !== "deleted") void this.#bind(change.object);
    });
  }

  #seen(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const runner = this.#runners.get(uid);
    if (runner) {
      runner.update(pod);
      return;
    }
    if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return;
    const started = new PodRunner(pod, this.#contextOf(pod));
    this.#runners.set(uid, started);
    if (pod.metadata.deletionTimestamp !== undefined) void started.terminate();
    else void started.start();
  }

  #gone(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const runner = this.#runners.get(uid);
    this.#runners.delete(uid);
    void runner?.end();
  }

  async #bind(pod: Pod): Promise<void> {
    const accepts = this.#options.accepts ?? hasOnlyNetPulseImages;
    if (pod.metadata.deletionTimestamp !== undefined || !accepts(pod)) return;
    const { name = "", namespace } = pod.metadata;
    const target = { apiVersion: "v1", kind: "Node", name: this.#nodeName };
    const binding = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace }, target };
    while (!this.#stopped.signal.aborted) {
      try {
        await this.#options.client.createSubresource(pods, namespace, name, "binding", binding);
        return;
      } catch (error) {
        if (isNotFound(error) || isConflict(error)) return; // it is gone, or bound by now
        this.#log.warn({ pod: keyOf(pod), err: error }, "a pod could not be bound");
        await sleep(this.#clock, BIND_RETRY_MS, this.#stopped.signal);
      }
    }
  }

  #contextOf(pod: Pod) {
    const { namespace = "", name = "", uid = "" } = pod.metadata;
    return {
      client: this.#options.client,
      server: this.#options.client.server,
      nodeName: this.#nodeName,
      folder: join(this.#podsFolder, `${namespace}_${name}_${uid}`),
      clock: this.#clock,
      log: this.#log,
      secret: (ns: string, n: string) => this.#informers.secrets.get(`${ns}/${n}`),
      configMap: (ns: string, n: string) => this.#informers.configMaps.get(`${ns}/${n}`),
      processStarted: (program: Program) => {
        if (program.pid !== undefined) this.#record.add(program.pid, keyOf(pod));
      },
      processEnded: (program: Program) => {
        if (program.pid !== undefined) this.#record.remove(program.pid);
      },
    };
  }

  #refresh(namespace: string | undefined): void {
    for (const runner of this.#runners.values()) {
      if (runner.pod.metadata.namespace === namespace) runner.refreshVolumes();
    }
  }

  #runner(pod: ObjectKey): PodRunner | undefined {
    return [...this.#runners.values()].find((runner) => keyOf(runner.pod) === pod);
  }

  #require(pod: ObjectKey): Program {
    const program = this.processOf(pod);
    if (program === undefined) throw new Error(`Pod ${pod} has no process here now.`);
    return program;
  }

  get #podsFolder(): string {
    return join(this.#options.folder, "pods");
  }

  /** Folders of an earlier agent hold tokens and Secrets; pods that still exist get theirs anew. */
  #removeOldFolders(): void {
    mkdirSync(this.#podsFolder, { recursive: true });
    for (const name of readdirSync(this.#podsFolder)) {
      rmSync(join(this.#podsFolder, name), { recursive: true, force: true });
    }
  }
}

function hasOnlyNetPulseImages(pod: Pod): boolean {
  return readPodSpec(pod).containers.every((container) => isNetPulseImage(container.image));
}
