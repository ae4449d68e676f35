import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inject, onTestFinished } from "vitest";
import { devicePools, netJobs, netTasks } from "../../src/api/index.ts";
import type { User } from "../../src/localcluster/control-plane.ts";
import type { ApiServerAddress } from "../../src/localcluster/kubeconfig.ts";
import {
  deployments,
  namespaces,
  type ObjectReference,
  pods,
  serviceAccounts,
  type TokenRequest,
} from "../../src/runtime/builtin-resources.ts";
import { ApiClient } from "../../src/runtime/client.ts";
import { until } from "./until.ts";

/** The real API server that all system tests of one run share, with the CRDs applied. */
export interface TestCluster {
  readonly address: ApiServerAddress;
  /** An administrator's kubeconfig. */
  readonly kubeconfigPath: string;
  /** An administrator's client. */
  readonly client: ApiClient;
  /** Path of a kubeconfig for another user; the file goes with this process's temporary folder. */
  kubeconfigFor(user: User): Promise<string>;
  /** A client for another user; closed when the running test ends. */
  clientFor(user: User): Promise<ApiClient>;
  /** Connections break and the port refuses until it is started again, on the same data. */
  stopApiServer(): Promise<void>;
  startApiServer(): Promise<void>;
  restartApiServer(): Promise<void>;
  /** Connections stay open and nothing is answered until it is resumed. */
  pauseApiServer(): Promise<void>;
  resumeApiServer(): Promise<void>;
}

let shared: Promise<TestCluster> | undefined;

/**
 * The shared cluster, started by the first call of the run (about 3 s).
 *
 * @example
 * const { client } = await cluster();
 * const namespace = await createNamespace();
 */
export function cluster(): Promise<TestCluster> {
  shared ??= connect();
  return shared;
}

async function connect(): Promise<TestCluster> {
  const { kubeconfigPath, address } = (await ask("start")) as Pick<TestCluster, "kubeconfigPath" | "address">;
  const folder = mkdtempSync(join(tmpdir(), "netpulse-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  let users = 0;
  const kubeconfigFor = async (user: User) => {
    const path = join(folder, `user-${users++}.kubeconfig`);
    writeFileSync(path, String(await ask("kubeconfig", user)), { mode: 0o600 });
    return path;
  };
  return {
    address,
    kubeconfigPath,
    client: await ApiClient.connect({ kubeconfig: kubeconfigPath, rateLimit: false }),
    kubeconfigFor,
    clientFor: async (user) => {
      const client = await ApiClient.connect({ kubeconfig: await kubeconfigFor(user) });
      onTestFinished(() => client.close());
      return client;
    },
    stopApiServer: () => ask("stopApiServer").then(() => {}),
    startApiServer: () => ask("startApiServer").then(() => {}),
    restartApiServer: async () => {
      await ask("stopApiServer");
      await ask("startApiServer");
    },
    pauseApiServer: () => ask("pauseApiServer").then(() => {}),
    resumeApiServer: () => ask("resumeApiServer").then(() => {}),
  };
}

/**
 * A new namespace with a name that no other test has. Called within a test, it deletes the namespace when the test has
 * finished: pools, jobs and Deployments at once, so that operators of later tests do not meet them, and the rest by the
 * namespace controller some seconds later.
 */
export async function createNamespace(options: { labels?: Record<string, string> } = {}): Promise<string> {
  const { client } = await cluster();
  const { metadata } = await client.create(namespaces, {
    metadata: { generateName: "test-", labels: options.labels ?? {} },
  });
  const name = metadata.name ?? "";
  onTestFinished(async () => {
    for (const resource of [netJobs, devicePools, netTasks, deployments]) {
      await client.deleteCollection(resource, { namespace: name });
    }
    await client.delete(namespaces, undefined, name);
  });
  return name;
}

/**
 * A client that is a pod: its token is bound to a pod of that name and service account, which is created for it and never
 * runs. Closed when the running test ends.
 */
export async function clientOfPod(
  namespace: string,
  pod: string,
  serviceAccount: string,
): Promise<ApiClient> {
  const { client } = await cluster();
  const { metadata } = await client.create(pods, {
    metadata: { name: pod, namespace },
    spec: { serviceAccountName: serviceAccount, containers: [{ name: "main", image: "none" }] },
  });
  return clientOfAccount(namespace, serviceAccount, {
    apiVersion: "v1",
    kind: "Pod",
    name: pod,
    uid: metadata.uid ?? "",
  });
}

/** A client with a token of a service account, bound to nothing unless told. Closed when the running test ends. */
export async function clientOfAccount(
  namespace: string,
  serviceAccount: string,
  boundObjectRef?: ObjectReference,
): Promise<ApiClient> {
  const { client, address } = await cluster();
  const { status } = await client.createSubresource<TokenRequest>(
    serviceAccounts,
    namespace,
    serviceAccount,
    "token",
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: boundObjectRef === undefined ? {} : { boundObjectRef },
    },
  );
  const identity = { headers: ["authorization", `Bearer ${status?.token}`], tls: { ca: address.ca } };
  const own = new ApiClient({
    server: address.server,
    current: () => identity,
    refresh: () => Promise.resolve(identity),
  });
  onTestFinished(() => own.close());
  return own;
}

/** Pods cannot be created before the controller manager has made the namespace's service account. */
export async function untilServiceAccount(namespace: string, name = "default"): Promise<void> {
  const { client } = await cluster();
  await until(`service account ${name} is there`, () => client.get(serviceAccounts, namespace, name));
}

async function ask(action: string, body: unknown = null): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const call = request(
    { socketPath: inject("clusterKeeper"), path: `/${action}`, method: "POST" },
    (response) => {
      text(response).then((answer) => {
        if (response.statusCode === 200) resolve(JSON.parse(answer));
        else reject(new Error(answer));
      }, reject);
    },
  );
  call.once("error", reject);
  call.end(JSON.stringify(body));
  return promise;
}
