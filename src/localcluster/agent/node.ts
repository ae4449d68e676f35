import { isAlreadyExists } from "../../runtime/api-error.ts";
import { type Lease, leases, nodes } from "../../runtime/builtin-resources.ts";
import type { ApiClient } from "../../runtime/client.ts";
import { type Clock, sleep } from "../../runtime/clock.ts";
import type { Logger } from "../../runtime/logger.ts";
import { timestamp } from "./container-runner.ts";
import { LOOPBACK } from "./pod.ts";

const POD_LIMIT = "1000";

/** Makes the Node that the agent's pods are bound to, ready and with room. It stands for this machine. */
export async function registerNode(client: ApiClient, name: string, now: number): Promise<void> {
  const labels = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", type: "netpulse-local" };
  const spec = {
    // In a cluster with other Nodes nothing but what asks for this one may come here.
    taints: [{ key: "netpulse.io/local-agent", value: "true", effect: "NoSchedule" }],
  };
  await client.create(nodes, { metadata: { name, labels }, spec }).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
  const amounts = { cpu: "1000", memory: "1000Gi", pods: POD_LIMIT };
  const heartbeat = { lastHeartbeatTime: timestamp(now), lastTransitionTime: timestamp(now) };
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    ...heartbeat,
  });
  await client.mergePatch(
    nodes,
    undefined,
    name,
    {
      status: {
        capacity: amounts,
        allocatable: amounts,
        addresses: [
          { type: "InternalIP", address: LOOPBACK },
          { type: "Hostname", address: name },
        ],
        conditions: [condition("Ready", "True", "LocalAgentReady")],
        nodeInfo: nodeInfo(),
      },
    },
    { subresource: "status" },
  );
}

// As the kubelet: a Node whose Lease is not renewed for 40 s is taken for lost.
const NODE_LEASE_SECONDS = 40;
const NODE_LEASE_RENEW_MS = 10_000;

/** Renews the Node's Lease until the signal aborts, for clusters that watch over their Nodes. */
export async function keepNodeAlive(
  client: ApiClient,
  name: string,
  options: { clock: Clock; log: Logger; signal: AbortSignal },
): Promise<void> {
  const { clock, log, signal } = options;
  while (!signal.aborted) {
    const renewTime = new Date(clock.now()).toISOString().replace("Z", "000Z"); // microseconds
    const lease: Lease = {
      metadata: { name, namespace: "kube-node-lease" },
      spec: { holderIdentity: name, leaseDurationSeconds: NODE_LEASE_SECONDS, renewTime },
    };
    await client.apply(leases, lease, { fieldManager: name, force: true }).catch((error: unknown) => {
      log.warn({ err: error }, "the Node's Lease could not be renewed");
    });
    await sleep(clock, NODE_LEASE_RENEW_MS, signal);
  }
}

function nodeInfo(): Record<string, string> {
  return {
    architecture: process.arch,
    operatingSystem: process.platform,
    containerRuntimeVersion: `local://${process.version}`,
    kubeletVersion: "netpulse-local-agent",
    kubeProxyVersion: "",
    kernelVersion: "",
    osImage: "this machine, without containers",
    machineID: "",
    systemUUID: "",
    bootID: "",
  };
}
