import { readFile } from "node:fs/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { type Clock, systemClock } from "./clock.ts";

/** The TLS material of a connection to the API server. */
export interface TlsMaterial {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** Who the client is, at this moment. */
export interface Identity {
  /** Header names and values by turns, such as `["authorization", "Bearer ..."]`. */
  readonly headers: readonly string[];
  readonly tls: TlsMaterial;
}

/** Where the API server is, and who asks. */
export interface Credentials {
  /** URL of the API server, with a path when it stands behind a proxy that routes by path. */
  readonly server: string;
  /** An HTTP proxy on the way, if any. */
  readonly proxyUrl?: string | undefined;
  /** Cheap: called for every request. A promise only when the material was read long ago and is read again. */
  current(): Identity | Promise<Identity>;
  /** Reads the material afresh: the server answered 401. */
  refresh(): Promise<Identity>;
}

// As client-go: the kubelet renews a projected token at 80 % of its hour at the latest, so a minute is early enough.
const REREAD_MS = 60_000;

/** Reads an identity and keeps it for a minute. Requests that meet an old one share one reading. */
abstract class CachedCredentials implements Credentials {
  abstract readonly server: string;
  readonly #clock: Pick<Clock, "now">;
  #identity: Identity | undefined;
  #readAt = 0;
  #reading: Promise<Identity> | undefined;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  current(): Identity | Promise<Identity> {
    if (this.#identity && Math.abs(this.#clock.now() - this.#readAt) < REREAD_MS) return this.#identity;
    return this.#start(false);
  }

  refresh(): Promise<Identity> {
    return this.#start(true);
  }

  /** Reads the material. `rejected`: the server refused the last one, so no cache on the way may answer. */
  protected abstract read(rejected: boolean): Promise<Identity>;

  #start(rejected: boolean): Promise<Identity> {
    this.#reading ??= this.read(rejected)
      .then((identity) => {
        this.#readAt = this.#clock.now();
        this.#identity = identity;
        return identity;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

const SERVICE_ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

class InClusterCredentials extends CachedCredentials {
  readonly server: string;
  readonly #folder: string;

  constructor(server: string, folder: string, clock: Pick<Clock, "now">) {
    super(clock);
    this.server = server;
    this.#folder = folder;
  }

  protected override async read(): Promise<Identity> {
    const [token, ca] = await Promise.all([
      readFile(`${this.#folder}/token`, "utf8"),
      readFile(`${this.#folder}/ca.crt`, "utf8"),
    ]);
    return { headers: ["authorization", `Bearer ${token.trim()}`], tls: { ca } };
  }
}

/**
 * The credentials of a pod: its ServiceAccount's token and CA, read again every minute. Undefined outside of a cluster.
 * They are read here rather than through the client library, which takes half a second and 60 MB to load.
 */
export function inClusterCredentials(
  options: { environment?: NodeJS.ProcessEnv; folder?: string; clock?: Pick<Clock, "now"> } = {},
): Credentials | undefined {
  const { environment = process.env, clock = systemClock } = options;
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  // A pod that runs as a bare process cannot have the folder at its fixed place: its node says where it is.
  const folder = options.folder ?? environment.KUBERNETES_SERVICE_ACCOUNT_FOLDER ?? SERVICE_ACCOUNT_FOLDER;
  if (!host || !port) return undefined;
  return new InClusterCredentials(
    `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    folder,
    clock,
  );
}

class KubeConfigCredentials extends CachedCredentials {
  readonly server: string;
  readonly proxyUrl: string | undefined;
  #kubeConfig: KubeConfig;
  #isCopy = false;

  constructor(kubeConfig: KubeConfig, clock: Pick<Clock, "now">) {
    super(clock);
    const cluster = kubeConfig.getCurrentCluster();
    if (!cluster) {
      throw new Error(
        `The kubeconfig has no cluster for its current context ${JSON.stringify(kubeConfig.getCurrentContext() ?? "")}.`,
      );
    }
    this.server = cluster.server;
    this.proxyUrl = cluster.proxyUrl;
    this.#kubeConfig = kubeConfig;
  }

  protected override async read(rejected: boolean): Promise<Identity> {
    const isPlain = this.server.startsWith("http:");
    if (rejected || (isPlain && !this.#isCopy)) await this.#copy(isPlain);
    const options: TlsMaterial & { headers?: Record<string, string> } = {};
    await this.#kubeConfig.applyToHTTPSOptions(options);
    const { ca, cert, key, servername, rejectUnauthorized, headers = {} } = options;
    const given = Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(
      ([, value]) => value != null,
    );
    return {
      headers: [
        ...(headers.Authorization ? [] : basic(this.#kubeConfig.getCurrentUser())),
        ...Object.entries(headers).flatMap(([name, value]) => [name.toLowerCase(), value.trim()]),
      ],
      tls: Object.fromEntries(given),
    };
  }

  /**
   * The same configuration with new authenticators: those of the old one may hold a token that the server no longer
   * accepts. For plain http it also says that nothing is verified, or the library refuses it.
   */
  async #copy(isPlain: boolean): Promise<void> {
    const { KubeConfig: Constructor } = await import("@kubernetes/client-node");
    const { clusters, users, contexts, currentContext } = this.#kubeConfig;
    const copy = new Constructor();
    const used = isPlain ? clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true })) : clusters;
    copy.loadFromOptions({ clusters: used, users, contexts, currentContext });
    this.#kubeConfig = copy;
    this.#isCopy = true;
  }
}

function basic(user: { username?: string; password?: string } | null): string[] {
  if (!user?.username) return [];
  return [
    "authorization",
    `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`,
  ];
}

/** The credentials of a kubeconfig's current context: token, token file, client certificate, exec plug-in, Basic. */
export function kubeConfigCredentials(
  kubeConfig: KubeConfig,
  clock: Pick<Clock, "now"> = systemClock,
): Credentials {
  return new KubeConfigCredentials(kubeConfig, clock);
}

/**
 * The credentials that this process should use: `kubeconfig` (a file) if given, else $KUBECONFIG, else those of the pod,
 * else ~/.kube/config. The client library is loaded only for a kubeconfig.
 */
export async function findCredentials(
  options: {
    kubeconfig?: string;
    context?: string;
    environment?: NodeJS.ProcessEnv;
    clock?: Pick<Clock, "now">;
  } = {},
): Promise<Credentials> {
  const { kubeconfig, context, environment = process.env, clock = systemClock } = options;
  if (!kubeconfig && !context && !environment.KUBECONFIG) {
    const inCluster = inClusterCredentials({ environment, clock });
    if (inCluster) return inCluster;
  }
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig) config.loadFromFile(kubeconfig);
  else config.loadFromDefault();
  if (context) config.setCurrentContext(context);
  return kubeConfigCredentials(config, clock);
}
