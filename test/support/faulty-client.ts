import { onTestFinished } from "vitest";
import {
  ApiClient,
  ApiError,
  type Credentials,
  findCredentials,
  type KubernetesObject,
  type Resource,
  type WatchEvent,
} from "../../src/runtime/index.ts";
import type { WatchStream } from "../../src/runtime/watch-stream.ts";

/** A write that a client is about to make, or has made. */
export interface Write {
  readonly verb: "create" | "replace" | "replaceStatus" | "mergePatch" | "apply" | "delete";
  readonly kind: string;
  readonly name: string;
  readonly object?: unknown;
}

/** What happens around writes; throwing keeps the write from being made, or its answer from being seen. */
export interface WriteFaults {
  before?: ((write: Write) => void | Promise<void>) | undefined;
  after?: ((write: Write) => void | Promise<void>) | undefined;
}

/**
 * A client whose connection to the real API server has faults: writes can be kept from being made, or from being answered;
 * it can be cut off for good, as the connections of a killed process are; and events of its watches can be held back.
 */
export class FaultyClient extends ApiClient {
  readonly faults: WriteFaults = {};
  /** Every write that was made, in order; Leases and Events aside. */
  readonly writes: Write[] = [];
  #cut = false;
  #held: { readonly kinds: ReadonlySet<string>; readonly released: PromiseWithResolvers<void> } | undefined;
  readonly #ended = new AbortController();

  /** A client of its own, closed when the running test ends. */
  static async of(kubeconfig: string): Promise<FaultyClient> {
    const client = new FaultyClient(await findCredentials({ kubeconfig }));
    onTestFinished(() => client.close());
    return client;
  }

  constructor(credentials: Credentials) {
    super(credentials, { rateLimit: false });
  }

  /** From now on nothing gets through in either direction. */
  cut(): void {
    this.#cut = true;
    this.#ended.abort(noConnection());
  }

  get isCut(): boolean {
    return this.#cut;
  }

  /** Events of these kinds wait until `release`. */
  hold(...kinds: string[]): void {
    const { kinds: held = [], released = Promise.withResolvers<void>() } = this.#held ?? {};
    this.#held = { kinds: new Set([...held, ...kinds]), released };
  }

  release(): void {
    this.#held?.released.resolve();
    this.#held = undefined;
  }

  override get<T extends KubernetesObject>(
    resource: Resource<T>,
    ...rest: Tail<Parameters<ApiClient["get"]>>
  ): Promise<T> {
    return this.#connected(() => super.get(resource, ...rest));
  }

  override list<T extends KubernetesObject>(
    resource: Resource<T>,
    ...rest: Tail<Parameters<ApiClient["list"]>>
  ): ReturnType<typeof ApiClient.prototype.list<T>> {
    return this.#connected(() => super.list(resource, ...rest));
  }

  override async openWatch<T extends KubernetesObject>(
    resource: Resource<T>,
    options: Parameters<ApiClient["openWatch"]>[1] = {},
  ): Promise<WatchStream<T>> {
    const signal = options.signal
      ? AbortSignal.any([options.signal, this.#ended.signal])
      : this.#ended.signal;
    const stream = await this.#connected(() => super.openWatch(resource, { ...options, signal }));
    const next = stream.next.bind(stream);
    stream.next = () => this.#next(resource.kind, next);
    return stream;
  }

  override create<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    ...rest: Tail<Tail<Parameters<ApiClient["create"]>>>
  ): Promise<T> {
    return this.#write("create", resource, object.metadata.name, object, () =>
      super.create(resource, object, ...rest),
    );
  }

  override replace<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    ...rest: Tail<Tail<Parameters<ApiClient["replace"]>>>
  ): Promise<T> {
    return this.#write("replace", resource, object.metadata.name, object, () =>
      super.replace(resource, object, ...rest),
    );
  }

  override replaceStatus<T extends KubernetesObject>(
    resource: Resource<T>,
    object: T,
    ...rest: Tail<Tail<Parameters<ApiClient["replaceStatus"]>>>
  ): Promise<T> {
    return this.#write("replaceStatus", resource, object.metadata.name, object, () =>
      super.replaceStatus(resource, object, ...rest),
    );
  }

  override mergePatch<T extends KubernetesObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
    patch: object,
    ...rest: [options?: Parameters<ApiClient["mergePatch"]>[4]]
  ): Promise<T> {
    return this.#write("mergePatch", resource, name, patch, () =>
      super.mergePatch(resource, namespace, name, patch, ...rest),
    );
  }

  override apply<T extends KubernetesObject>(
    resource: Resource<T>,
    object: Partial<T> & KubernetesObject,
    options: Parameters<ApiClient["apply"]>[2],
  ): Promise<T> {
    return this.#write("apply", resource, object.metadata.name, object, () =>
      super.apply(resource, object, options),
    );
  }

  override delete(
    resource: Resource,
    namespace: string | undefined,
    name: string,
    options: Parameters<ApiClient["delete"]>[3] = {},
  ): Promise<void> {
    return this.#write("delete", resource, name, undefined, () =>
      super.delete(resource, namespace, name, options),
    );
  }

  async #write<R>(
    verb: Write["verb"],
    { kind }: Resource,
    name: string | undefined,
    object: unknown,
    send: () => Promise<R>,
  ): Promise<R> {
    const write: Write = { verb, kind, name: name ?? "", object };
    if (kind === "Lease" || kind === "Event") return this.#connected(send);
    await this.#connected(async () => this.faults.before?.(write));
    const answer = await this.#connected(send);
    this.writes.push(write);
    await this.#connected(async () => this.faults.after?.(write));
    return answer;
  }

  async #connected<R>(call: () => Promise<R>): Promise<R> {
    if (this.#cut) throw noConnection();
    const answer = await call();
    if (this.#cut) throw noConnection();
    return answer;
  }

  async #next<T extends KubernetesObject>(
    kind: string,
    next: () => Promise<IteratorResult<WatchEvent<T>>>,
  ): Promise<IteratorResult<WatchEvent<T>>> {
    const event = await next();
    if (this.#held?.kinds.has(kind)) await this.#held.released.promise;
    return event;
  }
}

type Tail<P extends readonly unknown[]> = P extends readonly [unknown?, ...infer Rest] ? Rest : never;

function noConnection(): ApiError {
  return new ApiError({ status: 0, reason: "ConnectionFailed", message: "the connection is gone" });
}
