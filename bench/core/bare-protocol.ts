import { type NetJob, type NetTask, netJobs, netTasks } from "../../src/api/index.ts";
import type { ControlPlane } from "../../src/localcluster/control-plane.ts";
import { applyManifests } from "../../src/localcluster/manifests.ts";
import {
  ApiClient,
  defineResource,
  Informer,
  type KubernetesObject,
  namespaces,
} from "../../src/runtime/index.ts";

/** Kinds without a schema of their own, so that nothing but the protocol is measured. */
const GROUP = "bare.netpulse.io";
const bareJobs = defineResource<NetJob>({ ...netJobs, group: GROUP });
const bareTasks = defineResource<NetTask>({ ...netTasks, group: GROUP });
const NAMESPACE = "bare";

/**
 * The protocol's writes and watches and nothing else: a client creates a job, an "operator" sees it and creates a task, a
 * "worker" sees that and writes its status, the operator sees that and writes the job's status, the client sees the end.
 * All in this process, over one client each. Jobs per second with `inFlight` jobs on the way.
 */
export async function bareProtocol(plane: ControlPlane, ms: number, inFlight: number): Promise<number> {
  await applyManifests(plane.client, [definition("NetJob", "netjobs"), definition("NetTask", "nettasks")], {
    fieldManager: "bench",
  });
  await plane.client.create(namespaces, { metadata: { name: NAMESPACE } });
  const connect = () => ApiClient.connect({ kubeconfig: plane.kubeconfigPath, rateLimit: false });
  const [user, operator, worker] = await Promise.all([connect(), connect(), connect()]);
  const stop = new AbortController();
  const watch = async <T extends KubernetesObject>(
    client: ApiClient,
    resource: typeof bareJobs | typeof bareTasks,
    handle: (object: T, created: boolean) => void,
  ) => {
    const informer = new Informer<T>(client, resource as never, { namespace: NAMESPACE });
    informer.on(({ type, object }) => {
      if (type !== "deleted") handle(object, type === "added");
    });
    void informer.run(stop.signal);
    await informer.synced();
  };
  const ended = new Map<string, () => void>();
  await watch<NetJob>(user, bareJobs, (job) => {
    if (job.status) ended.get(job.metadata.name)?.();
  });
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const jobs = new Map<string, NetJob>();
  await watch<NetJob>(operator, bareJobs, (job, created) => {
    if (!created) return;
    jobs.set(job.metadata.name, job);
    operator.create(bareTasks, task(job)).catch(failed.reject);
  });
  await watch<NetTask>(operator, bareTasks, (done) => {
    const ofTask = jobs.get(done.metadata.name);
    if (!done.status || !ofTask) return;
    jobs.delete(done.metadata.name);
    operator.replaceStatus(bareJobs, withResult(ofTask)).catch(failed.reject);
  });
  await watch<NetTask>(worker, bareTasks, (found, created) => {
    if (created) worker.replaceStatus(bareTasks, withResult(found)).catch(failed.reject);
  });

  const end = performance.now() + ms;
  const startedAt = performance.now();
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (performance.now() < end) {
      const name = `bare-${next++}`;
      const seen = new Promise<void>((resolve) => ended.set(name, resolve));
      await user.create(bareJobs, job(name));
      await Promise.race([seen, failed.promise]);
      ended.delete(name);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  const rate = done / ((performance.now() - startedAt) / 1000);
  stop.abort();
  await Promise.all([user, operator, worker].map((client) => client.close()));
  return rate;
}

const OUTPUT = "*10:00:00.000 UTC Mon Jan 1 2029";

function withResult<T extends KubernetesObject>(object: T): T {
  return { ...object, status: { result: OUTPUT } };
}

function job(name: string): NetJob {
  const spec = { poolRef: { name: "pool" }, devices: ["d0"], commands: ["show clock"] };
  return {
    apiVersion: bareJobs.apiVersion,
    kind: bareJobs.kind,
    metadata: { name, namespace: NAMESPACE },
    spec,
  } as unknown as NetJob;
}

function task({ metadata, spec }: NetJob): NetTask {
  return {
    apiVersion: bareTasks.apiVersion,
    kind: bareTasks.kind,
    metadata: { name: metadata.name, namespace: NAMESPACE },
    spec,
  } as unknown as NetTask;
}

function definition(kind: string, plural: string) {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const version = {
    name: netJobs.version,
    served: true,
    storage: true,
    schema,
    subresources: { status: {} },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [version],
    },
  };
}
