import { createHash } from "node:crypto";
import { isAlreadyExists, isNotFound } from "../runtime/api-error.ts";
import {
  configMaps,
  type Deployment,
  deployments,
  type LooseObject,
  namespaces,
  type Pod,
  pods,
  serviceAccounts,
} from "../runtime/builtin-resources.ts";
import type { ApiClient } from "../runtime/client.ts";
import { Controller, type Result } from "../runtime/controller.ts";
import { Informer } from "../runtime/informer.ts";
import { controllerOf, type KubernetesObject, keyOf, ownerReference } from "../runtime/objects.ts";

const HASH_LABEL = "pod-template-hash";

/**
 * The least of kube-controller-manager that NetPulse cannot do without, for a folder of programs that lacks it: pods for
 * Deployments, and in each namespace the default service account and the certificate that pods expect. There is no
 * garbage collection, so what belongs to a deleted object stays, and a namespace never finishes being deleted.
 */
export class StandInControllers {
  readonly #client: ApiClient;
  readonly #ca: string;
  readonly #deployments: Informer<Deployment>;
  readonly #pods: Informer<Pod>;
  readonly #namespaces: Informer<LooseObject>;
  readonly #stopped = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  private constructor(client: ApiClient, ca: string) {
    this.#client = client;
    this.#ca = ca;
    this.#deployments = new Informer(client, deployments);
    this.#pods = new Informer(client, pods, { indexes: { deployment: (pod) => deploymentOf(pod) } });
    this.#namespaces = new Informer(client, namespaces);
  }

  /** Works until `stop`; resolves when the first look is done. `ca` is the PEM that pods verify the API server with. */
  static async start(client: ApiClient, ca: string): Promise<StandInControllers> {
    const controllers = new StandInControllers(client, ca);
    await controllers.#run();
    return controllers;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const informers = [this.#deployments, this.#pods, this.#namespaces];
    const ofDeployments = new Controller({ name: "deployment", reconcile: (key) => this.#reconcile(key) });
    const ofNamespaces = new Controller({ name: "namespace", reconcile: (key) => this.#furnish(key) });
    const { signal } = this.#stopped;
    this.#running = Promise.all([...informers, ofDeployments, ofNamespaces].map((each) => each.run(signal)));
    await Promise.all(informers.map((informer) => informer.synced()));
    this.#namespaces.on(({ object }) => ofNamespaces.enqueue(keyOf(object)));
    this.#deployments.on(({ object }) => ofDeployments.enqueue(keyOf(object)));
    this.#pods.on(({ object }) => {
      for (const key of deploymentOf(object)) ofDeployments.enqueue(key);
    });
  }

  async #furnish(namespace: string): Promise<Result> {
    const present = this.#namespaces.get(namespace);
    if (present === undefined || present.metadata.deletionTimestamp !== undefined) return {};
    const ignoreExisting = (error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    };
    await this.#client
      .create(serviceAccounts, { metadata: { name: "default", namespace } })
      .catch(ignoreExisting);
    await this.#client
      .create(configMaps, { metadata: { name: "kube-root-ca.crt", namespace }, data: { "ca.crt": this.#ca } })
      .catch(ignoreExisting);
    return {};
  }

  async #reconcile(key: string): Promise<Result> {
    const deployment = this.#deployments.get(key);
    const present = this.#pods
      .by("deployment", key)
      .filter((pod) => pod.metadata.deletionTimestamp === undefined);
    if (deployment === undefined) await this.#deletePods(present);
    else if (deployment.metadata.deletionTimestamp === undefined) await this.#keep(deployment, present);
    return {};
  }

  async #keep(deployment: Deployment, present: readonly Pod[]): Promise<void> {
    const template = templateOf(deployment);
    const hash = createHash("sha256").update(JSON.stringify(template)).digest("hex").slice(0, 10);
    const wanted = deployment.spec?.replicas ?? 1;
    const ended = present.filter(({ status }) => status?.phase === "Succeeded" || status?.phase === "Failed");
    const isCurrent = (pod: Pod) => pod.metadata.labels?.[HASH_LABEL] === hash && !ended.includes(pod);
    const current = present.filter(isCurrent);
    for (let missing = wanted - current.length; missing > 0; missing--) {
      const created = await this.#client.create(pods, podFor(deployment, template, hash));
      this.#pods.upsert(created);
      current.push(created);
    }
    const old = present.filter((pod) => !isCurrent(pod) && !ended.includes(pod));
    // Pods of an earlier template stay until their successors are ready.
    const surplus = current.filter(isReady).length >= wanted ? old : [];
    await this.#deletePods([...ended, ...current.slice(wanted), ...surplus]);
    await this.#writeStatus(deployment, current.slice(0, wanted), old);
  }

  async #writeStatus(deployment: Deployment, current: readonly Pod[], old: readonly Pod[]): Promise<void> {
    const ready = [...current, ...old].filter(isReady).length;
    const status = {
      observedGeneration: deployment.metadata.generation ?? 0,
      replicas: current.length + old.length,
      updatedReplicas: current.length,
      readyReplicas: ready,
      availableReplicas: ready,
    };
    const { namespace, name = "" } = deployment.metadata;
    const before = deployment.status ?? {};
    if (Object.entries(status).every(([field, value]) => Reflect.get(before, field) === value)) return;
    const subresource = "status";
    this.#deployments.upsert(
      await this.#client.mergePatch(deployments, namespace, name, { status }, { subresource }),
    );
  }

  async #deletePods(doomed: readonly Pod[]): Promise<void> {
    for (const { metadata } of doomed) {
      await this.#client.delete(pods, metadata.namespace, metadata.name ?? "").catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    }
  }
}

/** Key of the Deployment that a pod belongs to, if any. */
function deploymentOf(pod: Pod): string[] {
  const owner = controllerOf(pod);
  return owner?.kind === "Deployment" ? [`${pod.metadata.namespace}/${owner.name}`] : [];
}

interface PodTemplate {
  readonly metadata?: KubernetesObject["metadata"];
  readonly spec: NonNullable<Pod["spec"]>;
}

/** The API server has validated it. */
function templateOf(deployment: Deployment): PodTemplate {
  return deployment.spec?.template as PodTemplate;
}

function podFor(deployment: Deployment, { metadata = {}, spec }: PodTemplate, hash: string): Pod {
  const { namespace = "", name = "" } = deployment.metadata;
  return {
    metadata: {
      generateName: `${name}-${hash}-`,
      namespace,
      labels: { ...metadata.labels, [HASH_LABEL]: hash },
      annotations: metadata.annotations ?? {},
      ownerReferences: [ownerReference(deployment, { resource: deployments })],
    },
    spec,
  };
}

function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
