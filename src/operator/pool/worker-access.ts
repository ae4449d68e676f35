import {
  type ApiClient,
  defineResource,
  isAlreadyExists,
  type LooseObject,
  type Resource,
  serviceAccounts,
} from "../../runtime/index.ts";
import { WORKER_SERVICE_ACCOUNT } from "./worker-deployment.ts";

/** The ClusterRole, installed with the operator, that says what a worker may do in its own namespace. */
const WORKER_CLUSTER_ROLE = "netpulse-worker";

const roleBindings = defineResource<LooseObject>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  namespaced: true,
});

/** Gives the namespace's workers a ServiceAccount of their own and binds it to the worker role there. */
export async function ensureWorkerAccess(client: ApiClient, namespace: string): Promise<void> {
  const metadata = {
    name: WORKER_SERVICE_ACCOUNT,
    namespace,
    labels: { "app.kubernetes.io/managed-by": "netpulse" },
  };
  await createIfAbsent(client, serviceAccounts, { apiVersion: "v1", kind: "ServiceAccount", metadata });
  await createIfAbsent(client, roleBindings, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: WORKER_CLUSTER_ROLE },
    subjects: [{ kind: "ServiceAccount", name: WORKER_SERVICE_ACCOUNT, namespace }],
  });
}

async function createIfAbsent(
  client: ApiClient,
  resource: Resource<LooseObject>,
  object: LooseObject,
): Promise<void> {
  await client.create(resource, object).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}
