import { z } from "zod";
import type { Pod } from "../../runtime/builtin-resources.ts";

/** What the agent reads of a pod's spec. The API server has validated and defaulted it; the rest has no meaning here. */
const keySelector = z.object({ name: z.string(), key: z.string(), optional: z.boolean().optional() });

const envVar = z.object({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .object({
      fieldRef: z.object({ fieldPath: z.string() }).optional(),
      secretKeyRef: keySelector.optional(),
      configMapKeyRef: keySelector.optional(),
    })
    .optional(),
});

const port = z.union([z.string(), z.int()]);

const probe = z.looseObject({
  httpGet: z.object({ path: z.string().default("/"), port }).optional(),
  tcpSocket: z.object({ port }).optional(),
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(10),
  timeoutSeconds: z.number().default(1),
  failureThreshold: z.number().default(3),
});

const container = z.object({
  name: z.string(),
  image: z.string().default(""),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(envVar).default([]),
  envFrom: z.array(z.unknown()).default([]),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.int() })).default([]),
  volumeMounts: z
    .array(z.object({ name: z.string(), mountPath: z.string(), subPath: z.string().optional() }))
    .default([]),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
});

const items = z.array(z.object({ key: z.string(), path: z.string() })).optional();
const fromSecret = z.object({ name: z.string(), items, optional: z.boolean().optional() });
const fromConfigMap = fromSecret;
const downward = z.object({
  items: z
    .array(z.object({ path: z.string(), fieldRef: z.object({ fieldPath: z.string() }).optional() }))
    .default([]),
});
const serviceAccountToken = z.object({
  path: z.string(),
  audience: z.string().optional(),
  expirationSeconds: z.number().default(3600),
});

const projection = z.object({
  secret: fromSecret.optional(),
  configMap: fromConfigMap.optional(),
  downwardAPI: downward.optional(),
  serviceAccountToken: serviceAccountToken.optional(),
});

const volume = z.looseObject({
  name: z.string(),
  secret: z.object({ secretName: z.string(), items, optional: z.boolean().optional() }).optional(),
  configMap: fromConfigMap.optional(),
  downwardAPI: downward.optional(),
  projected: z.object({ sources: z.array(projection).default([]) }).optional(),
  emptyDir: z.object({}).nullish(),
});

const podSpec = z.object({
  containers: z.array(container),
  initContainers: z.array(z.object({ name: z.string() })).default([]),
  volumes: z.array(volume).default([]),
  restartPolicy: z.enum(["Always", "OnFailure", "Never"]).default("Always"),
  terminationGracePeriodSeconds: z.number().default(30),
  serviceAccountName: z.string().default("default"),
  schedulerName: z.string().optional(),
  nodeName: z.string().optional(),
});

export type PodSpec = z.infer<typeof podSpec>;
export type Container = PodSpec["containers"][number];
export type EnvVar = Container["env"][number];
export type Probe = NonNullable<Container["readinessProbe"]>;
export type Volume = PodSpec["volumes"][number];
export type Projection = z.infer<typeof projection>;

/** The part of a pod's spec that the agent understands. */
export function readPodSpec(pod: Pod): PodSpec {
  return podSpec.parse(pod.spec);
}

const KNOWN_VOLUMES = ["secret", "configMap", "downwardAPI", "projected", "emptyDir"];

/** What the pod asks for and the agent cannot do; a pod must not run without a part that it counts on. */
export function unsupported(spec: PodSpec): string[] {
  const probes = spec.containers.flatMap((c) => [c.readinessProbe, c.livenessProbe]);
  return [
    ...spec.initContainers.map(({ name }) => `init container ${name}`),
    ...spec.containers.filter((c) => c.envFrom.length > 0).map(({ name }) => `envFrom of container ${name}`),
    ...(probes.some((p) => p && !p.httpGet && !p.tcpSocket)
      ? ["probes other than httpGet and tcpSocket"]
      : []),
    ...spec.volumes
      .filter((v) => !KNOWN_VOLUMES.some((kind) => v[kind] !== undefined))
      .map(({ name }) => `the kind of volume ${name}`),
  ];
}

/** A pod's field as the downward API names it, such as `metadata.name` or `metadata.labels['app']`. */
export function podField(pod: Pod, path: string, nodeName: string): string {
  const { metadata } = pod;
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2] ?? ""] ?? "";
  switch (path) {
    case "metadata.name":
      return metadata.name ?? "";
    case "metadata.namespace":
      return metadata.namespace ?? "";
    case "metadata.uid":
      return metadata.uid ?? "";
    case "metadata.labels":
      return lines(metadata.labels);
    case "metadata.annotations":
      return lines(metadata.annotations);
    case "spec.nodeName":
      return nodeName;
    case "spec.serviceAccountName":
      return readPodSpec(pod).serviceAccountName;
    case "status.podIP":
    case "status.podIPs":
    case "status.hostIP":
      return LOOPBACK;
    default:
      return "";
  }
}

/** Every pod of the agent shares this machine's loopback interface. */
export const LOOPBACK = "127.0.0.1";

function lines(values: Readonly<Record<string, string>> = {}): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .toSorted()
    .join("\n");
}
