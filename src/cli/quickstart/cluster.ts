import { hostname } from "node:os";
import { join } from "node:path";
import { LocalAgent } from "../../localcluster/agent/agent.ts";
import { readPodSpec } from "../../localcluster/agent/pod.ts";
import { type BuildProgress, type ClusterBinaries, findBinaries } from "../../localcluster/binaries.ts";
import { ControlPlane } from "../../localcluster/control-plane.ts";
import { ApiClient, leases } from "../../runtime/index.ts";
import { LOCAL_SCHEDULER, SYSTEM_NAMESPACE } from "./names.ts";
import type { Progress } from "./progress.ts";

/** The cluster in which the quick start takes place, and the agent that runs its pods here. */
export interface Cluster {
  readonly client: ApiClient;
  readonly agent: LocalAgent;
  /** What to put before kubectl commands, such as `export KUBECONFIG=...`; empty when nothing is needed. */
  readonly kubectlSetup: string;
  /** Arguments that kubectl needs, such as `--context NAME`. */
  readonly kubectlArgs: string;
  readonly isOurs: boolean;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  readonly progress: Progress;
  /** Data, logs, volumes. */
  readonly folder: string;
  readonly onFailure: (error: Error) => void;
}

const AGENT_GRACE_MS = 5_000;

/** A control plane of our own on loopback; its data is kept in the folder from one run to the next. */
export async function startLocalCluster({ progress, folder, onFailure }: ClusterOptions): Promise<Cluster> {
  const binaries = await progress.step("etcd, kube-apiserver, kube-controller-manager, kubectl", (note) =>
    findBinaries({ kubectl: true, onProgress: (built) => note(describeBuild(built)) }).then((found) => {
      note(describeOrigin(found));
      return found;
    }),
  );
  const controlPlane = await progress.step("control plane on loopback", async (note) => {
    const started = await ControlPlane.start({ binaries, folder, onFailure, onProgress: note });
    note(started.address.server);
    return started;
  });
  const { client, kubeconfigPath } = controlPlane;
  const agent = await startLocalAgent(client, folder).catch(async (error: unknown) => {
    await controlPlane.stop();
    throw error;
  });
  return {
    client,
    agent,
    kubectlSetup: `export KUBECONFIG=${kubeconfigPath}${pathAddition(binaries.kubectl)}`,
    kubectlArgs: "",
    isOurs: true,
    stop: async () => {
      await agent.stop(AGENT_GRACE_MS);
      await controlPlane.stop();
    },
  };
}

/** A cluster that is there already: this machine joins it as one Node, for the quick start's pods alone. */
export async function joinCluster({
  folder,
  context,
}: ClusterOptions & { context: string }): Promise<Cluster> {
  const client = await ApiClient.connect({ context });
  const nodeName = `netpulse-${hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, "-")}`;
  const agent = await startAgent(client, folder, nodeName, true);
  return {
    client,
    agent,
    kubectlSetup: "",
    kubectlArgs: `--context ${context} `,
    isOurs: false,
    stop: async () => {
      await agent.stop(AGENT_GRACE_MS);
      await agent.deleteNode();
      await client.close();
    },
  };
}

async function startLocalAgent(client: ApiClient, folder: string): Promise<LocalAgent> {
  // No operator runs here now. One that was killed in an earlier run still holds its Lease, and nobody should wait for that.
  await client.deleteCollection(leases, { namespace: SYSTEM_NAMESPACE });
  return startAgent(client, folder, "local");
}

function startAgent(
  client: ApiClient,
  folder: string,
  nodeName: string,
  heartbeat = false,
): Promise<LocalAgent> {
  return LocalAgent.start({
    client,
    heartbeat,
    folder: join(folder, "agent"),
    nodeName,
    accepts: (pod) => readPodSpec(pod).schedulerName === LOCAL_SCHEDULER,
  });
}

function describeOrigin({ kubeControllerManager }: ClusterBinaries): string {
  const { KUBEBUILDER_ASSETS: folder } = process.env;
  if (!folder) return "built";
  return kubeControllerManager
    ? `from ${folder}`
    : `from ${folder}, which has no kube-controller-manager: a stand-in makes pods, and nothing collects garbage`;
}

function describeBuild({ step, done, total, elapsedMs, aboutMinutes }: BuildProgress): string {
  const counts = total === undefined || done === undefined ? "" : `, ${done} of about ${total} packages`;
  const minutes = aboutMinutes === 1 ? "a minute" : `${aboutMinutes} minutes`;
  return `${step}${counts}, ${Math.round(elapsedMs / 1000)} s of about ${minutes} the first time`;
}

function pathAddition(kubectl: string | undefined): string {
  const folder = kubectl === undefined ? "" : join(kubectl, "..");
  const known = (process.env.PATH ?? "").split(":").includes(folder);
  return folder === "" || known ? "" : ` PATH=$PATH:${folder}`;
}
