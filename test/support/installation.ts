import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { installNetPulse } from "../../src/cli/quickstart/installation.ts";
import { LOCAL_SCHEDULER, OPERATOR, SYSTEM_NAMESPACE } from "../../src/cli/quickstart/names.ts";
import { LocalAgent } from "../../src/localcluster/agent/agent.ts";
import { readPodSpec } from "../../src/localcluster/agent/pod.ts";
import { type ApiClient, deployments, pods } from "../../src/runtime/index.ts";
import { cluster, createNamespace, untilServiceAccount } from "./cluster.ts";
import { until } from "./until.ts";

/** NetPulse as it is installed in a cluster: manifests/install.yaml, its pods run as processes of this machine. */
export interface Installation {
  readonly client: ApiClient;
  /** A namespace for the test's own pools and jobs. */
  readonly namespace: string;
  readonly agent: LocalAgent;
  /** For `workers.podTemplate` of pools: their pods run here as well. */
  readonly podTemplate: { readonly spec: { readonly schedulerName: string } };
}

/** Installs NetPulse and resolves when its operator is ready. Everything ends when the running test does. */
export async function installForTest(): Promise<Installation> {
  const { client } = await cluster();
  const folder = mkdtempSync(join(tmpdir(), "netpulse-agent-"));
  const agent = await LocalAgent.start({
    client,
    folder,
    nodeName: "installation",
    accepts: (pod) => readPodSpec(pod).schedulerName === LOCAL_SCHEDULER,
  });
  onTestFinished(async () => {
    await agent.stop();
    await agent.deleteNode();
    rmSync(folder, { recursive: true, force: true });
  });
  const namespace = await createNamespace();
  await untilServiceAccount(namespace);
  await installNetPulse(client);
  onTestFinished(async () => {
    const selected = { namespace: SYSTEM_NAMESPACE, labelSelector: `app.kubernetes.io/name=${OPERATOR}` };
    await client.delete(deployments, SYSTEM_NAMESPACE, OPERATOR);
    await until(
      "the operator's pods have ended",
      async () => (await client.list(pods, selected)).items.length === 0,
    );
  });
  await until("the operator is ready", async () => {
    const { status } = await client.get(deployments, SYSTEM_NAMESPACE, OPERATOR);
    return status?.readyReplicas === 2;
  });
  return { client, namespace, agent, podTemplate: { spec: { schedulerName: LOCAL_SCHEDULER } } };
}
