import type { Ports } from "./control-plane.ts";
import type { Pki } from "./pki.ts";

/** The controllers that NetPulse needs; nodes, volumes, services and autoscaling have no meaning here. */
export const CONTROLLERS = [
  "clusterrole-aggregation-controller",
  "deployment-controller",
  "disruption-controller",
  "garbage-collector-controller",
  "namespace-controller",
  "pod-garbage-collector-controller",
  "replicaset-controller",
  "root-ca-certificate-publisher-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
  "ttl-controller",
  "validatingadmissionpolicy-status-controller",
] as const;

/** etcd without disk flushes: the data need not survive a power cut. */
export function etcdArgs(dataFolder: string, ports: Ports): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return flags({
    name: "local",
    "data-dir": dataFolder,
    "unsafe-no-fsync": true,
    "listen-client-urls": client,
    "advertise-client-urls": client,
    "listen-peer-urls": peer,
    "initial-advertise-peer-urls": peer,
    "initial-cluster": `local=${peer}`,
    // A kept folder has another peer port each time.
    "force-new-cluster": true,
    "log-level": "warn",
    "quota-backend-bytes": 4 * 1024 ** 3,
  });
}

export function apiServerArgs(pki: Pki, ports: Ports): string[] {
  return flags({
    "etcd-servers": `http://127.0.0.1:${ports.etcd}`,
    "bind-address": "127.0.0.1",
    "advertise-address": "127.0.0.1",
    "secure-port": ports.apiServer,
    // Nothing reaches the API server through the `kubernetes` Service, whose endpoints may not be loopback addresses.
    "endpoint-reconciler-type": "none",
    "tls-cert-file": pki.files.serverCertificate,
    "tls-private-key-file": pki.files.serverKey,
    "client-ca-file": pki.files.caCertificate,
    "anonymous-auth": false,
    "authorization-mode": "Node,RBAC",
    "service-account-issuer": "https://kubernetes.default.svc",
    "service-account-key-file": pki.files.signingPublicKey,
    "service-account-signing-key-file": pki.files.signingKey,
    "service-cluster-ip-range": "10.96.0.0/16",
    "max-requests-inflight": 4000,
    "max-mutating-requests-inflight": 2000,
    "allow-privileged": false,
  });
}

export function controllerManagerArgs(pki: Pki, kubeconfig: string): string[] {
  return flags({
    kubeconfig,
    controllers: CONTROLLERS.join(","),
    "use-service-account-credentials": true,
    "service-account-private-key-file": pki.files.signingKey,
    "root-ca-file": pki.files.caCertificate,
    "leader-elect": false,
    "secure-port": 0,
    "kube-api-qps": 200,
    "kube-api-burst": 400,
  });
}

function flags(values: Readonly<Record<string, string | number | boolean>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
