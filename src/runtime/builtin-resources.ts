import { defineResource, type KubernetesObject, type ObjectMeta } from "./objects.ts";

/** A built-in object of which the runtime itself reads nothing but the metadata. */
export interface LooseObject extends KubernetesObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

export interface Lease extends KubernetesObject {
  spec: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

export interface ObjectReference {
  apiVersion?: string;
  kind?: string;
  name?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
}

/** events.k8s.io/v1 */
export interface KubernetesEvent extends KubernetesObject {
  eventTime: string;
  series?: { count: number; lastObservedTime: string };
  reportingController: string;
  reportingInstance: string;
  action: string;
  reason: string;
  regarding: ObjectReference;
  related?: ObjectReference;
  note: string;
  type: "Normal" | "Warning";
}

export interface ContainerStatus {
  name: string;
  ready?: boolean;
  restartCount?: number;
  containerID?: string;
  state?: {
    running?: { startedAt?: string };
    waiting?: { reason?: string; message?: string };
    terminated?: TerminatedState;
  };
  lastState?: { terminated?: TerminatedState };
}

export interface TerminatedState {
  exitCode: number;
  reason?: string;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
  containerID?: string;
}

export interface Pod extends KubernetesObject {
  spec?: Record<string, unknown> & { nodeName?: string; serviceAccountName?: string };
  status?: {
    phase?: string;
    podIP?: string;
    reason?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
    containerStatuses?: ContainerStatus[];
  };
}

export interface Secret extends KubernetesObject {
  type?: string;
  /** Values in base64. */
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

export interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
  /** Values in base64. */
  binaryData?: Record<string, string>;
}

export interface Deployment extends KubernetesObject {
  spec?: Record<string, unknown> & { replicas?: number };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

export interface TokenRequest extends KubernetesObject {
  metadata: ObjectMeta;
  spec: { audiences: string[]; expirationSeconds?: number; boundObjectRef?: ObjectReference };
  status?: { token: string; expirationTimestamp: string };
}

const core = { group: "", version: "v1" } as const;

export const pods = defineResource<Pod>({ ...core, kind: "Pod", plural: "pods", namespaced: true });
export const secrets = defineResource<Secret>({
  ...core,
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
});
export const configMaps = defineResource<ConfigMap>({
  ...core,
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
});
export const serviceAccounts = defineResource<LooseObject>({
  ...core,
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  namespaced: true,
});
export const services = defineResource<LooseObject>({
  ...core,
  kind: "Service",
  plural: "services",
  namespaced: true,
});
export const namespaces = defineResource<LooseObject>({
  ...core,
  kind: "Namespace",
  plural: "namespaces",
  namespaced: false,
});
export const nodes = defineResource<LooseObject>({
  ...core,
  kind: "Node",
  plural: "nodes",
  namespaced: false,
});
export const deployments = defineResource<Deployment>({
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
});
export const leases = defineResource<Lease>({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
});
export const events = defineResource<KubernetesEvent>({
  group: "events.k8s.io",
  version: "v1",
  kind: "Event",
  plural: "events",
  namespaced: true,
});
export const customResourceDefinitions = defineResource<LooseObject>({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
});
