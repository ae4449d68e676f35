import { styleText } from "node:util";
import { type DevicePool, devicePools, type NetJob } from "../../api/index.ts";
import { localClusterErrors } from "../../errors/local-cluster.ts";
import { applyManifests } from "../../localcluster/manifests.ts";
import {
  deployments,
  isNotFound,
  namespaces,
  serviceAccounts,
  sleep,
  systemClock,
} from "../../runtime/index.ts";
import type { Cluster } from "./cluster.ts";
import { installNetPulse } from "./installation.ts";
import { conditionOf, labJobs, removeJobs, runJob, succeeded } from "./jobs.ts";
import { LAB, Lab } from "./lab.ts";
import { LOCAL_SCHEDULER, OPERATOR, QUICKSTART_MARK, SYSTEM_NAMESPACE } from "./names.ts";
import { complianceTable, firstDiff, gettersTable, outcomeTable, versionsTable } from "./outcome.ts";
import { logTails, podTroubles } from "./pod-troubles.ts";
import type { Progress } from "./progress.ts";

export interface TourOptions {
  readonly cluster: Cluster;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What the tour has shown, and what has to be ended after it. */
export interface Tour {
  /** The jobs that had to succeed did, and the one that had to fail did that. */
  readonly asExpected: boolean;
  end(): Promise<void>;
}

const NAMESPACE = "netpulse-quickstart";
const FIELD_MANAGER = "netpulse-quickstart";
const MUST_FAIL = "must-fail";
const OPERATOR_REPLICAS = 2;
const POLL_MS = 100;
const READY_LIMIT_MS = 60_000;

/** Installs NetPulse in the cluster, starts the simulated devices, and runs the NetJobs of the lab one after another. */
export async function takeTour(options: TourOptions): Promise<Tour> {
  const { cluster, progress } = options;
  const lab = await progress.step("simulated devices", async (note) => {
    const started = await Lab.start();
    note(`${started.size} (${started.vendors})`);
    return started;
  });
  const end = async () => {
    await lab.close();
    if (!cluster.isOurs) await leave(cluster);
  };
  try {
    await startNetPulse(options, lab);
    return { asExpected: await runJobs(options), end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function startNetPulse({ cluster, progress, signal }: TourOptions, lab: Lab): Promise<void> {
  const { client } = cluster;
  const jobs = labJobs(NAMESPACE);
  const isOwnOperator = await progress.step("kinds, roles and policies", async (note) => {
    const own = await installNetPulse(client);
    note(own ? "applied manifests/install.yaml" : "NetPulse is installed here already");
    return own;
  });
  const pool = lab.pool(NAMESPACE, LOCAL_SCHEDULER);
  await progress.step(`DevicePool ${LAB}`, async () => {
    const metadata = { name: NAMESPACE };
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata };
    await applyManifests(client, [namespace], { fieldManager: FIELD_MANAGER });
    await removeJobs(client, jobs);
    await until(signal, () => client.get(serviceAccounts, NAMESPACE, "default"));
    await applyManifests(client, [lab.secret(NAMESPACE), pool].map(asManifest), {
      fieldManager: FIELD_MANAGER,
    });
  });
  if (isOwnOperator) {
    await progress.step("operator", (note) =>
      untilPodsReady({ cluster, signal, namespace: SYSTEM_NAMESPACE, note }, async () => {
        const { status } = await client.get(deployments, SYSTEM_NAMESPACE, OPERATOR);
        return { ready: status?.readyReplicas ?? 0, wanted: OPERATOR_REPLICAS };
      }),
    );
  }
  await progress.step("workers", (note) =>
    untilPodsReady({ cluster, signal, namespace: NAMESPACE, note }, async () => {
      const { metadata, status } = await client.get(devicePools, NAMESPACE, LAB);
      const wanted = pool.spec.workers.replicas;
      // The pool is ready some moments after its last worker.
      return {
        ready: isReady(metadata.generation, status)
          ? wanted
          : Math.min(status?.readyReplicas ?? 0, wanted - 1),
        wanted,
      };
    }),
  );
}

interface PodWait {
  readonly cluster: Cluster;
  readonly signal: AbortSignal;
  readonly namespace: string;
  readonly note: (text: string) => void;
}

/** @throws PodsNotReady with what is known about the pods */
async function untilPodsReady(
  { cluster, signal, namespace, note }: PodWait,
  look: () => Promise<{ ready: number; wanted: number }>,
): Promise<void> {
  const deadline = performance.now() + READY_LIMIT_MS;
  await until(signal, async () => {
    const { ready, wanted } = await look();
    if (ready >= wanted) {
      note(`${wanted} ready`);
      return true;
    }
    const troubles = await podTroubles(cluster.client, namespace);
    note([`${ready} of ${wanted} ready`, troubles].filter(Boolean).join("; "));
    if (performance.now() < deadline) return undefined;
    throw localClusterErrors.PodsNotReady({
      namespace,
      seconds: READY_LIMIT_MS / 1000,
      troubles,
      logs: logTails(cluster.agent.logs()),
    });
  });
}

function isReady(generation: number | undefined, status: DevicePool["status"]): boolean {
  if (status?.observedGeneration !== generation) return false; // it tells of an earlier run's devices
  return status?.conditions?.some(({ type, status: met }) => type === "Ready" && met === "True") ?? false;
}

async function runJobs({ cluster, progress, signal }: TourOptions): Promise<boolean> {
  progress.heading(`NetJobs in namespace ${NAMESPACE}`);
  const finished: NetJob[] = [];
  for (const job of labJobs(NAMESPACE)) {
    const done = await progress.step(job.metadata.name ?? "", (note) =>
      runJob(cluster.client, job, { note, signal }),
    );
    finished.push(done);
    const shown = shownOf(done, finished);
    if (shown !== "") progress.say(`${shown}\n`);
  }
  progress.heading("What happened");
  progress.say(outcomeTable(finished));
  const unexpected = finished.filter((job) => succeeded(job) === (job.metadata.name === MUST_FAIL));
  progress.say(
    unexpected.length === 0
      ? `\n${MUST_FAIL} had to fail: the message says which line the device refused, and why.`
      : explain(unexpected, cluster),
  );
  progress.heading("To look further");
  progress.say(hints(cluster));
  return unexpected.length === 0;
}

/** What is worth seeing of a job that has just finished. */
function shownOf(done: NetJob, finished: readonly NetJob[]): string {
  switch (done.metadata.name) {
    case "show-version":
      return versionsTable(done);
    case "bgp-neighbors":
      return gettersTable(finished);
    case "compliance":
      return complianceTable(done);
    default:
      return firstDiff(done);
  }
}

function hints({ kubectlSetup, kubectlArgs }: Cluster): string {
  const kubectl = `kubectl ${kubectlArgs}-n ${NAMESPACE}`;
  const lines = [
    kubectlSetup,
    `${kubectl} get netjobs -o wide`,
    `${kubectl} get netjob show-version -o jsonpath='{.status.results[*].commands[*].parsed}'`,
    `${kubectl} get netjob ${MUST_FAIL} -o yaml`,
    `${kubectl} get netjob compliance -o jsonpath='{.status.conditions[?(@.type=="Compliant")].message}'`,
    `${kubectl} get devicepools,networkers,nettasks,events.events.k8s.io`,
  ];
  return lines
    .filter(Boolean)
    .map((text) => `  ${styleText("cyan", text)}`)
    .join("\n");
}

function explain(jobs: readonly NetJob[], { agent }: Cluster): string {
  const unexpected = jobs.map(
    (job) => `${job.metadata.name} did not end as it should: ${conditionOf(job, "Succeeded")?.message ?? ""}`,
  );
  return ["", ...unexpected, logTails(agent.logs())].join("\n");
}

/** Takes away what the tour brought into somebody else's cluster, but for the kinds, which others may use by now. */
async function leave({ client }: Cluster): Promise<void> {
  const ignoreNotFound = (error: unknown) => {
    if (!isNotFound(error)) throw error;
  };
  await client.delete(namespaces, undefined, NAMESPACE).catch(ignoreNotFound);
  const operator = await client.get(deployments, SYSTEM_NAMESPACE, OPERATOR).catch(() => undefined);
  if (operator?.metadata.annotations?.[QUICKSTART_MARK] !== undefined) {
    await client
      .delete(deployments, SYSTEM_NAMESPACE, OPERATOR, { propagationPolicy: "Foreground" })
      .catch(ignoreNotFound);
  }
  while (!(await client.get(namespaces, undefined, NAMESPACE).then(() => false, isNotFound))) {
    await sleep(systemClock, POLL_MS);
  }
}

/** Looks until there is something, or until the signal aborts. */
async function until<T>(signal: AbortSignal, look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look().catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (found !== undefined) return found;
    await sleep(systemClock, POLL_MS, signal);
  }
}

function asManifest(object: { apiVersion: string; kind: string; metadata: { name?: string } }) {
  return object as Parameters<typeof applyManifests>[1][number];
}
