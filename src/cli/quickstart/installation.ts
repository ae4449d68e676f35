import { join } from "node:path";
import { applyManifests, type Manifest, readManifests } from "../../localcluster/manifests.ts";
import { type ApiClient, deployments, isNotFound } from "../../runtime/index.ts";
import { LOCAL_SCHEDULER, OPERATOR, QUICKSTART_MARK, SYSTEM_NAMESPACE } from "./names.ts";

const MANIFESTS = join(import.meta.dirname, "..", "..", "..", "manifests", "install.yaml");
const FIELD_MANAGER = "netpulse-quickstart";

/**
 * Applies manifests/install.yaml, with the operator's pods sent to this machine. In a cluster where NetPulse is installed
 * already, nothing is changed.
 *
 * @returns whether the operator is the quick start's own.
 */
export async function installNetPulse(client: ApiClient): Promise<boolean> {
  const present = await client.get(deployments, SYSTEM_NAMESPACE, OPERATOR).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (present !== undefined && present.metadata.annotations?.[QUICKSTART_MARK] === undefined) return false;
  const objects = readManifests(MANIFESTS).map((object) =>
    object.kind === "Deployment" ? local(object) : object,
  );
  await applyManifests(client, objects, { fieldManager: FIELD_MANAGER });
  return true;
}

/** The operator's Deployment for the local agent. */
function local(deployment: Manifest): Manifest {
  const copy = structuredClone(deployment) as Manifest & {
    spec: { template: { spec: Record<string, unknown> } };
  };
  copy.metadata.annotations = { ...copy.metadata.annotations, [QUICKSTART_MARK]: "true" };
  copy.spec.template.spec.schedulerName = LOCAL_SCHEDULER;
  return copy;
}
