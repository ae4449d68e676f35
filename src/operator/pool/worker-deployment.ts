import { createHash } from "node:crypto";
import { type DevicePool, devicePools } from "../../api/index.ts";
import { type LooseObject, type ObjectMeta, ownerReference } from "../../runtime/index.ts";
import { mergePodTemplate } from "./pod-template.ts";

export const WORKER_SERVICE_ACCOUNT = "netpulse-worker";
export const POOL_LABEL = "netpulse.io/pool";

/** Where the pool's Secrets and the configuration are mounted in a worker pod. */
const CREDENTIALS_FOLDER = "/etc/netpulse/credentials";
const CONFIG_FOLDER = "/etc/netpulse/config";

/** Longer than the 30 s in which a worker lets its running commands end, so that it can release its Lease itself. */
const GRACE_SECONDS = 60;

/**
 * A worker's memory is many small, long-lived sessions. V8's default of 16 MiB a half for young objects lets garbage of that
 * size stand beside them: with 2 MiB a session costs 50 to 75 KiB instead of 120 to 140, and a job no more time.
 */
export const WORKER_NODE_OPTIONS = "--max-semi-space-size=2";

const HASH_ANNOTATION = "netpulse.io/spec-hash";

export interface WorkerSettings {
  readonly image: string;
  /** The operator's configuration, given to the workers as they are; absent: their defaults. */
  readonly configMapName?: string | undefined;
}

/** The Deployment that runs a pool's workers. Its name is the pool's with a suffix, so nothing has to be remembered. */
export function workerDeployment(pool: DevicePool, settings: WorkerSettings): LooseObject {
  const { name, namespace } = pool.metadata;
  const labels = {
    "app.kubernetes.io/name": "netpulse-worker",
    "app.kubernetes.io/managed-by": "netpulse",
    [POOL_LABEL]: name,
  };
  const template = mergePodTemplate(podTemplate(pool, settings, labels), pool.spec.workers.podTemplate ?? {});
  const spec = {
    replicas: pool.spec.workers.replicas,
    selector: { matchLabels: labels },
    // A device has one worker: taking one away before the next is there loses sessions, not availability.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template,
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: workerDeploymentName(name),
      namespace,
      labels,
      annotations: {
        [HASH_ANNOTATION]: createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 32),
      },
      ownerReferences: [ownerReference(pool, { resource: devicePools })],
    },
    spec,
  };
}

export function workerDeploymentName(pool: string): string {
  return `${pool}-workers`;
}

/** Whether the Deployment in the cluster is the wanted one, without comparing what the API server has defaulted. */
export function isCurrent(present: ObjectMeta | undefined, wanted: ObjectMeta): boolean {
  return present?.annotations?.[HASH_ANNOTATION] === wanted.annotations?.[HASH_ANNOTATION];
}

function podTemplate(
  pool: DevicePool,
  { image, configMapName }: WorkerSettings,
  labels: Record<string, string>,
) {
  const { workers, credentials = [] } = pool.spec;
  const fieldRef = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  const optional = (name: string, value: number | undefined) =>
    value === undefined ? [] : [{ name, value: String(value) }];
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: WORKER_SERVICE_ACCOUNT,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "worker",
          image,
          args: ["worker"],
          env: [
            { name: "POD_NAME", ...fieldRef("metadata.name") },
            { name: "POD_NAMESPACE", ...fieldRef("metadata.namespace") },
            { name: "POD_UID", ...fieldRef("metadata.uid") },
            { name: "NODE_OPTIONS", value: WORKER_NODE_OPTIONS },
            { name: "NETPULSE_POOL", value: pool.metadata.name },
            { name: "NETPULSE_CREDENTIALS_FOLDER", value: CREDENTIALS_FOLDER },
            ...(configMapName
              ? [{ name: "NETPULSE_CONFIG_FILE", value: `${CONFIG_FOLDER}/config.yaml` }]
              : []),
            { name: "NETPULSE_SERVER__PORT", value: "8080" },
            ...optional("NETPULSE_WORKER__IDLETIMEOUTSECONDS", workers.idleTimeoutSeconds),
            ...optional("NETPULSE_WORKER__KEEPALIVESECONDS", workers.keepaliveSeconds),
          ],
          ports: [{ name: "metrics", containerPort: 8080 }],
          readinessProbe: { httpGet: { path: "/readyz", port: "metrics" }, periodSeconds: 2 },
          livenessProbe: {
            httpGet: { path: "/healthz", port: "metrics" },
            periodSeconds: 10,
            failureThreshold: 6,
          },
          resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
          volumeMounts: [
            ...credentials.map(({ name }) => ({
              name: volumeName(name),
              mountPath: `${CREDENTIALS_FOLDER}/${name}`,
              readOnly: true,
            })),
            ...(configMapName ? [{ name: "config", mountPath: CONFIG_FOLDER, readOnly: true }] : []),
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        // Optional: a Secret that is not there yet must not keep all other devices waiting.
        ...credentials.map(({ name, secretRef }) => ({
          name: volumeName(name),
          secret: { secretName: secretRef.name, optional: true, defaultMode: 0o440 },
        })),
        ...(configMapName ? [{ name: "config", configMap: { name: configMapName, optional: true } }] : []),
        { name: "tmp", emptyDir: {} },
      ],
    },
  };
}

/** A volume's name is a label of at most 63 characters; a credential's may be that long alone and may have dots. */
function volumeName(credential: string): string {
  return `credential-${createHash("sha256").update(credential).digest("hex").slice(0, 16)}`;
}
