import { type Pod, serviceAccounts, type TokenRequest } from "../../runtime/builtin-resources.ts";
import type { ApiClient } from "../../runtime/client.ts";
import type { Clock, TimerHandle } from "../../runtime/clock.ts";

interface Held {
  readonly token: string;
  readonly timer: TimerHandle;
}

// As the kubelet: a token is replaced when 80 % of its life is over.
const REFRESH_AT = 0.8;
const RETRY_MS = 5_000;

/** The service-account tokens of one pod: bound to it, so that they die with it, and replaced before they run out. */
export class PodTokens {
  readonly #client: ApiClient;
  readonly #pod: Pod;
  readonly #serviceAccount: string;
  readonly #clock: Clock;
  readonly #onRefresh: () => void;
  readonly #held = new Map<string, Held>();
  #ended = false;

  constructor(
    options: { client: ApiClient; pod: Pod; serviceAccount: string; clock: Clock },
    onRefresh: () => void,
  ) {
    this.#client = options.client;
    this.#pod = options.pod;
    this.#serviceAccount = options.serviceAccount;
    this.#clock = options.clock;
    this.#onRefresh = onRefresh;
  }

  /** The current token for an audience, or undefined when it has not been fetched. */
  get(audience: string | undefined): string | undefined {
    return this.#held.get(audience ?? "")?.token;
  }

  /** Gets a token for this audience unless one is held. Refreshes happen from then on until `end`. */
  async fetch(request: { audience?: string | undefined; expirationSeconds: number }): Promise<void> {
    if (this.get(request.audience) === undefined) await this.#request(request);
  }

  end(): void {
    this.#ended = true;
    for (const { timer } of this.#held.values()) this.#clock.clearTimeout(timer);
    this.#held.clear();
  }

  async #request(request: { audience?: string | undefined; expirationSeconds: number }): Promise<void> {
    const { name, namespace, uid } = this.#pod.metadata;
    const body: TokenRequest = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: {},
      spec: {
        audiences: request.audience === undefined ? [] : [request.audience],
        expirationSeconds: request.expirationSeconds,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name: name ?? "", uid: uid ?? "" },
      },
    };
    const { status } = await this.#client.createSubresource<TokenRequest>(
      serviceAccounts,
      namespace,
      this.#serviceAccount,
      "token",
      body,
    );
    if (status === undefined) throw new Error(`The API server gave no token for ${this.#serviceAccount}.`);
    if (this.#ended) return;
    const life = Date.parse(status.expirationTimestamp) - this.#clock.now();
    this.#hold(request, status.token, Math.max(RETRY_MS, life * REFRESH_AT));
  }

  #hold(
    request: { audience?: string | undefined; expirationSeconds: number },
    token: string,
    ms: number,
  ): void {
    const timer = this.#clock.setTimeout(() => {
      this.#request(request).then(this.#onRefresh, () => {
        if (!this.#ended) this.#hold(request, token, RETRY_MS);
      });
    }, ms);
    this.#held.set(request.audience ?? "", { token, timer });
  }
}
