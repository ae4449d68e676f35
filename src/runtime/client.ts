import type { KubeConfig } from "@kubernetes/client-node";
import { type Credentials, findCredentials, kubeConfigCredentials } from "./credentials.ts";
import { type KubernetesObject, keyOf, type Resource } from "./objects.ts";
import { type Call, Transport, type TransportOptions } from "./transport.ts";
import { type WatchEvent, WatchStream } from "./watch-stream.ts";

export interface ListOptions {
  /** All namespaces when absent. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** "0": whatever the server's cache has; "": the latest; a version: not older than that. */
  resourceVersion?: string | undefined;
  limit?: number | undefined;
  continue?: string | undefined;
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
}

export interface WatchOptions extends Omit<ListOptions, "limit" | "continue"> {
  /** The server ends the watch after this long. */
  timeoutSeconds?: number | undefined;
  allowWatchBookmarks?: boolean | undefined;
}

export interface ObjectList<T> {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: { resourceVersion?: string; continue?: string; remainingItemCount?: number };
  readonly items: T[];
}

export interface WriteOptions {
  fieldManager?: string | undefined;
  /** Validate and default, but store nothing. */
  dryRun?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

export interface DeleteOptions {
  /** Delete only the object with this uid. */
  uid?: string | undefined;
  /** Delete only this version of it. */
  resourceVersion?: string | undefined;
  propagationPolicy?: "Background" | "Foreground" | "Orphan" | undefined;
  gracePeriodSeconds?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * A client of the Kubernetes API. Every method fails with an ApiError (see `isNotFound`, `isConflict` ...), or with the
 * reason of its signal. `namespace` is undefined or "" for cluster-scoped kinds.
 */
export class ApiClient {
  readonly #transport: Transport;
  /** URL of the API server. */
  readonly server: string;

  constructor(credentials: Credentials, options: TransportOptions = {}) {
    this.#transport = new Transport(credentials, options);
    this.server = credentials.server;
  }

  /** A client for the current context of a KubeConfig of @kubernetes/client-node. */
  static fromKubeConfig(kubeConfig: KubeConfig, options: TransportOptions = {}): ApiClient {
    return new ApiClient(kubeConfigCredentials(kubeConfig, options.clock), options);
  }

  /** A client for wherever this process runs: a named kubeconfig, $KUBECONFIG, the pod's ServiceAccount, ~/.kube/config. */
  static async connect(
    options: TransportOptions & { kubeconfig?: string; context?: string } = {},
  ): Promise<ApiClient> {
    return new ApiClient(await findCredentials(options), options);
  }

  get<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    options: { resourceVersion?: string; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const query = options.resourceVersion === undefined ? "" : `?resourceVersion=${options.resourceVersion}`;
    return this.#json({
      method: "GET",
      path: objectPath(resource, namespace, name) + query,
      signal: options.signal,
    });
  }

  /** One page, or all when no `limit` is given. */
  list<T extends KubernetesObject>(resource: Resource<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const path = collectionPath(resource, options.namespace) + listQuery(options);
    return this.#json({ method: "GET", path, signal: options.signal, timeoutMs: options.timeoutMs });
  }

  /** Creates the object in the namespace of its metadata. */
  create<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    const path = collectionPath(resource, object.metadata.namespace) + writeQuery(options);
    return this.#json({ method: "POST", path, body: body(resource, object), signal: options.signal });
  }

  /** Replaces the object; a conflict when `metadata.resourceVersion` is set and no longer current. */
  replace<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#put(resource, object, "", options);
  }

  /** Replaces the status and nothing else. */
  replaceStatus<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    options: WriteOptions = {},
  ): Promise<T> {
    return this.#put(resource, object, "/status", options);
  }

  /** A JSON merge patch: null removes a field, a list replaces the whole list. */
  mergePatch<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    patch: object,
    options: WriteOptions & { subresource?: string } = {},
  ): Promise<T> {
    const path =
      objectPath(resource, namespace, name) + subresourcePath(options.subresource) + writeQuery(options);
    const contentType = "application/merge-patch+json";
    return this.#json({
      method: "PATCH",
      path,
      body: JSON.stringify(patch),
      contentType,
      signal: options.signal,
    });
  }

  /**
   * Server-side apply: creates the object or brings the given fields to the given values; a field that an earlier apply by
   * the same manager had and this one has not is removed. `force` takes fields over from other managers.
   */
  apply<T extends KubernetesObject>(
    resource: Resource<T>,
    object: Partial<T> & KubernetesObject,
    options: WriteOptions & { fieldManager: string; force?: boolean; subresource?: string },
  ): Promise<T> {
    const { namespace, name } = object.metadata;
    const query = writeQuery(options) + (options.force ? "&force=true" : "");
    const path =
      objectPath(resource, namespace, requireName(object, name)) +
      subresourcePath(options.subresource) +
      query;
    const contentType = "application/apply-patch+yaml"; // JSON is YAML
    return this.#json({
      method: "PATCH",
      path,
      body: body(resource, object),
      contentType,
      signal: options.signal,
    });
  }

  /** Deletes the object. A conflict when `uid` or `resourceVersion` is given and is another one. */
  async delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<void> {
    const path = objectPath(resource, namespace, name);
    await this.#transport.send({ method: "DELETE", path, body: deleteBody(options), signal: options.signal });
  }

  /** Deletes all objects that the selectors match. */
  async deleteCollection(
    resource: Resource,
    options: Pick<ListOptions, "namespace" | "labelSelector" | "fieldSelector"> & DeleteOptions = {},
  ): Promise<void> {
    const { namespace, labelSelector, fieldSelector } = options;
    const path = collectionPath(resource, namespace) + listQuery({ labelSelector, fieldSelector });
    await this.#transport.send({ method: "DELETE", path, body: deleteBody(options), signal: options.signal });
  }

  /**
   * The changes after `resourceVersion`, over one connection, until the server ends it. Reading throws an ApiError when the
   * connection breaks or the server sends an ERROR event (`isGone`: the version is no longer kept). Leaving the loop closes it.
   */
  async *watch<T extends KubernetesObject>(
    resource: Resource<T>,
    options: WatchOptions = {},
  ): AsyncGenerator<WatchEvent<T>, void, undefined> {
    yield* await this.openWatch(resource, options);
  }

  /** As `watch`, but resolves once the server accepted the watch. */
  async openWatch<T extends KubernetesObject>(
    resource: Resource<T>,
    options: WatchOptions = {},
  ): Promise<WatchStream<T>> {
    const { timeoutSeconds, allowWatchBookmarks } = options;
    let path = `${collectionPath(resource, options.namespace)}${listQuery(options, "?watch=true")}`;
    if (timeoutSeconds !== undefined) path += `&timeoutSeconds=${timeoutSeconds}`;
    if (allowWatchBookmarks) path += "&allowWatchBookmarks=true";
    const stream = new WatchStream<T>();
    const call: Call = { method: "GET", path, signal: options.signal, timeoutMs: options.timeoutMs };
    return stream.attach(await this.#transport.stream(call, stream));
  }

  /** Posts to a subresource: `token` of a ServiceAccount, `eviction` of a Pod. */
  createSubresource<R>(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    subresource: string,
    object: object,
    options: WriteOptions = {},
  ): Promise<R> {
    const path = objectPath(resource, namespace, name) + subresourcePath(subresource) + writeQuery(options);
    return this.#json({ method: "POST", path, body: JSON.stringify(object), signal: options.signal });
  }

  /** Any other request, such as `/version`, `/readyz` or a discovery document: the text of the answer. */
  async raw(call: Call): Promise<string> {
    return (await this.#transport.send(call)).body;
  }

  /** Closes all connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  #put<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    suffix: string,
    options: WriteOptions,
  ): Promise<T> {
    const { namespace, name } = object.metadata;
    const path = objectPath(resource, namespace, requireName(object, name)) + suffix + writeQuery(options);
    return this.#json({ method: "PUT", path, body: body(resource, object), signal: options.signal });
  }

  async #json<R>(call: Call): Promise<R> {
    const response = await this.#transport.send(call);
    return JSON.parse(response.body) as R;
  }
}

function collectionPath(resource: Resource, namespace: string | undefined): string {
  const root =
    resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  return resource.namespaced && namespace
    ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`
    : `${root}/${resource.plural}`;
}

function objectPath(resource: Resource, namespace: string | undefined, name: string): string {
  if (resource.namespaced && !namespace) {
    throw new TypeError(`${resource.kind} ${name} lives in a namespace, and none was given.`);
  }
  return `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
}

function subresourcePath(subresource: string | undefined): string {
  return subresource ? `/${subresource}` : "";
}

function requireName(object: KubernetesObject, name: string | undefined): string {
  if (!name) throw new TypeError(`An object without a name cannot be written: ${keyOf(object)}.`);
  return name;
}

/** The object as JSON, with apiVersion and kind, which lists leave out of their items. */
function body(resource: Resource, object: KubernetesObject): string {
  if (object.kind && object.apiVersion) return JSON.stringify(object);
  return JSON.stringify({ ...object, apiVersion: resource.apiVersion, kind: resource.kind });
}

function deleteBody(options: DeleteOptions): string {
  const { uid, resourceVersion, propagationPolicy, gracePeriodSeconds } = options;
  const preconditions = uid || resourceVersion ? { uid, resourceVersion } : undefined;
  return JSON.stringify({
    kind: "DeleteOptions",
    apiVersion: "v1",
    preconditions,
    propagationPolicy,
    gracePeriodSeconds,
  });
}

function listQuery(options: ListOptions, start = ""): string {
  let query = start;
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined) query += `${query === "" ? "?" : "&"}${name}=${encodeURIComponent(value)}`;
  };
  add("labelSelector", options.labelSelector);
  add("fieldSelector", options.fieldSelector);
  add("resourceVersion", options.resourceVersion);
  add("limit", options.limit);
  add("continue", options.continue);
  return query;
}

function writeQuery(options: WriteOptions): string {
  let query = "";
  if (options.fieldManager) query = `?fieldManager=${encodeURIComponent(options.fieldManager)}`;
  if (options.dryRun) query += `${query === "" ? "?" : "&"}dryRun=All`;
  return query;
}
