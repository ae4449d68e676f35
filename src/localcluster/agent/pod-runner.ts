import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ConfigMap, Pod, Secret } from "../../runtime/builtin-resources.ts";
import type { ApiClient } from "../../runtime/client.ts";
import { type Clock, sleep } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import { keyOf } from "../../runtime/objects.ts";
import { freePort } from "../ports.ts";
import type { Program } from "../program.ts";
import { commandLine } from "./command-line.ts";
import { ContainerRunner, type EarlierStatus, type Launch, timestamp } from "./container-runner.ts";
import { containerArguments, containerEnvironment, type LocalPlaces } from "./environment.ts";
import { layOutMounts } from "./mounts.ts";
import { type Container, type PodSpec, podField, readPodSpec, unsupported } from "./pod.ts";
import { PodObject } from "./pod-object.ts";
import type { ContainerView } from "./pod-status.ts";
import { PodTokens } from "./tokens.ts";
import { PodVolumes } from "./volumes.ts";

/** What the pods of one agent have in common. */
export interface PodContext {
  readonly client: ApiClient;
  /** URL of the API server, as the pods' processes reach it. */
  readonly server: string;
  readonly nodeName: string;
  /** Folder of this pod's volumes and logs. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Logger;
  secret(namespace: string, name: string): Secret | undefined;
  configMap(namespace: string, name: string): ConfigMap | undefined;
  processStarted(program: Program): void;
  processEnded(program: Program): void;
}

const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
const RETRY_MS = 500;
// As the kubelet for a pod that was deleted without any grace.
const FORCED_GRACE_MS = 1_000;

/** One pod as processes on this machine, from its binding to its end. */
export class PodRunner {
  readonly #object: PodObject;
  readonly #spec: PodSpec;
  readonly #context: PodContext;
  readonly #volumes: PodVolumes;
  readonly #tokens: PodTokens;
  readonly #containers: readonly ContainerRunner[];
  /** Per container: declared port to port on this machine. */
  readonly #ports = new Map<Container, Map<number, number>>();
  #prepared = false;
  #ending = false;

  constructor(pod: Pod, context: PodContext) {
    this.#object = new PodObject(pod, context, () => this.#views());
    this.#spec = readPodSpec(pod);
    this.#context = context;
    this.#volumes = new PodVolumes(join(context.folder, "volumes"), context.nodeName);
    const { serviceAccountName } = this.#spec;
    this.#tokens = new PodTokens({ ...context, pod, serviceAccount: serviceAccountName }, () =>
      this.refreshVolumes(),
    );
    this.#containers = this.#spec.containers.map((container) => this.#runner(container));
  }

  get pod(): Pod {
    return this.#object.current;
  }

  /** Files with the output of the pod's containers, those that have ended among them. */
  get logs(): string[] {
    return this.#spec.containers.map(({ name }) => this.#logOf(name)).filter((path) => existsSync(path));
  }

  /** The process of the pod's first container that has one. */
  get program(): Program | undefined {
    return this.#containers.find((c) => c.program)?.program;
  }

  /** The port on this machine that stands for a declared one. */
  portOf(containerPort: number): number | undefined {
    return [...this.#ports.values()].find((ports) => ports.has(containerPort))?.get(containerPort);
  }

  /** Gets ports and tokens, lays out the volumes and starts the containers; tries again until that works. */
  async start(): Promise<void> {
    while (!this.#ending && !this.#prepared) {
      try {
        await this.#prepare();
        this.#prepared = true;
      } catch (error) {
        for (const c of this.#containers) c.wait(error);
        this.#object.changed();
        await sleep(this.#context.clock, RETRY_MS);
      }
    }
    if (!this.#ending) for (const container of this.#containers) container.start();
  }

  /** The pod's object has changed. */
  update(pod: Pod): void {
    this.#object.update(pod);
    if (pod.metadata.deletionTimestamp !== undefined) void this.terminate();
  }

  /** A Secret, a ConfigMap or a token that the pod may use has changed. */
  refreshVolumes(): void {
    if (!this.#prepared || this.#ending) return;
    try {
      this.#writeVolumes();
    } catch (error) {
      // The pod keeps what it has, as with the kubelet.
      this.#context.log.warn({ pod: keyOf(this.pod), err: error }, "a volume could not be refreshed");
    }
  }

  /** Ends the processes within the pod's grace time, tells how they ended, and removes the object for good. */
  async terminate(): Promise<void> {
    if (this.#ending) return;
    const { metadata } = this.pod;
    const seconds = metadata.deletionGracePeriodSeconds ?? this.#spec.terminationGracePeriodSeconds;
    await this.stop(seconds * 1000);
    await this.#object.remove();
    this.#removeFolder();
  }

  /** The object is gone: the processes follow. */
  async end(): Promise<void> {
    if (this.#ending) return;
    await this.stop(FORCED_GRACE_MS);
    this.#removeFolder();
  }

  /** Ends the processes and tells how they ended; the object stays. */
  async stop(graceMs: number): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#containers.map((container) => container.stop(graceMs)));
    this.#tokens.end();
  }

  /** As `stop`, for an agent that ends: nothing is tried again, and no Secret stays behind. */
  async close(graceMs: number): Promise<void> {
    await this.stop(graceMs);
    this.#removeFolder();
    await this.#object.close();
  }

  /** Kills the processes and tells nobody, as when a machine loses its power. */
  async vanish(): Promise<void> {
    this.#object.silence();
    await this.stop(0);
  }

  async #prepare(): Promise<void> {
    const missing = unsupported(this.#spec);
    if (missing.length > 0) throw new Error(`the local agent does not support ${missing.join(", ")}`);
    for (const container of this.#spec.containers) {
      const ports = this.#ports.get(container) ?? new Map<number, number>();
      for (const { containerPort } of container.ports) {
        if (!ports.has(containerPort)) ports.set(containerPort, await freePort());
      }
      this.#ports.set(container, ports);
    }
    for (const { projected } of this.#spec.volumes) {
      for (const { serviceAccountToken } of projected?.sources ?? []) {
        if (serviceAccountToken) await this.#tokens.fetch(serviceAccountToken);
      }
    }
    mkdirSync(join(this.#context.folder, "logs"), { recursive: true, mode: 0o700 });
    this.#writeVolumes();
  }

  #views(): ContainerView[] {
    return this.#containers.map((container) => ({
      status: container.status(),
      ready: container.ready,
      finished: container.finished,
      exitCode: container.exitCode,
      running: container.program !== undefined,
    }));
  }

  #writeVolumes(): void {
    const namespace = this.pod.metadata.namespace ?? "";
    this.#volumes.write(this.pod, this.#spec.volumes, {
      secret: (name) => this.#context.secret(namespace, name),
      configMap: (name) => this.#context.configMap(namespace, name),
      token: ({ audience }) => this.#tokens.get(audience) ?? "",
    });
  }

  #runner(container: Container): ContainerRunner {
    const { clock } = this.#context;
    const { restartPolicy } = this.#spec;
    return new ContainerRunner(
      { container, restartPolicy, clock, earlier: earlierStatus(this.pod, container.name, clock.now()) },
      {
        launch: () => this.#launch(container),
        portOf: (port) => localPort(container, this.#ports.get(container), port),
        changed: () => this.#object.changed(),
        started: (program) => this.#context.processStarted(program),
        ended: (program) => this.#context.processEnded(program),
      },
    );
  }

  #launch(container: Container): Launch {
    const { folder, nodeName } = this.#context;
    const namespace = this.pod.metadata.namespace ?? "";
    const mounts = new Map(
      container.volumeMounts.map((m) => [m.mountPath, join(this.#volumes.path(m.name), m.subPath ?? "")]),
    );
    const places: LocalPlaces = {
      ...layOutMounts(join(folder, "root", container.name), mounts),
      ports: this.#ports.get(container) ?? new Map(),
    };
    const sources = {
      field: (path: string) => podField(this.pod, path, nodeName),
      secretKey: (name: string, key: string) => decode(this.#context.secret(namespace, name)?.data?.[key]),
      configMapKey: (name: string, key: string) => this.#context.configMap(namespace, name)?.data?.[key],
    };
    const env = containerEnvironment(container, sources, places);
    const { entryPoint, given } = commandLine(container);
    return {
      command: [...entryPoint, ...containerArguments(given, env, places)],
      env: { ...INHERITED, ...this.#clusterEnvironment(places), ...temporaryFolder(places), ...env },
      cwd: folder,
      log: this.#logOf(container.name),
    };
  }

  #logOf(container: string): string {
    return join(this.#context.folder, "logs", `${container}.log`);
  }

  /** Where the API server is, as in a container, and where the token lies, which here cannot be the fixed folder. */
  #clusterEnvironment(places: LocalPlaces): Record<string, string> {
    const serviceAccount = places.folders.get(SERVICE_ACCOUNT_FOLDER);
    if (serviceAccount === undefined) return {};
    const { hostname, port } = new URL(this.#context.server);
    return {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port === "" ? "443" : port,
      KUBERNETES_SERVICE_ACCOUNT_FOLDER: serviceAccount,
    };
  }

  #removeFolder(): void {
    // Logs stay, for whoever asks later why the pod ended; Secrets and tokens do not.
    rmSync(join(this.#context.folder, "volumes"), { recursive: true, force: true });
  }
}

/** What a process takes over from the agent's environment; nothing that belongs to a container. */
const INHERITED = Object.fromEntries(
  ["PATH", "HOME", "LANG", "TZ"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

function temporaryFolder({ folders }: LocalPlaces): Record<string, string> {
  const folder = folders.get("/tmp");
  return folder === undefined ? {} : { TMPDIR: folder };
}

function localPort(
  container: Container,
  ports: ReadonlyMap<number, number> | undefined,
  port: string | number,
): number | undefined {
  const declared = container.ports.find((p) => p.name === port || p.containerPort === port)?.containerPort;
  return declared === undefined ? undefined : ports?.get(declared);
}

function decode(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString();
}

/** An agent before this one ran the container: its process is no longer there, and how it ended is not known. */
function earlierStatus(pod: Pod, name: string, now: number): EarlierStatus | undefined {
  const status = pod.status?.containerStatuses?.find((s) => s.name === name);
  if (status?.containerID === undefined) return undefined;
  return {
    restartCount: status.restartCount ?? 0,
    terminated: status.state?.terminated ?? {
      exitCode: 137,
      reason: "ContainerStatusUnknown",
      message: "the agent that ran the container ended",
      ...(status.state?.running?.startedAt ? { startedAt: status.state.running.startedAt } : {}),
      finishedAt: timestamp(now),
      containerID: status.containerID,
    },
  };
}
