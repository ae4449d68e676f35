import { join } from "node:path";
import { applyManifests, type Manifest, readManifests } from "../../src/localcluster/manifests.ts";
import type { ApiClient } from "../../src/runtime/client.ts";

export const MANIFESTS = join(import.meta.dirname, "..", "..", "manifests");

/** What `kubectl apply -f manifests/install.yaml` creates. */
export const installed: readonly Manifest[] = readManifests(join(MANIFESTS, "install.yaml"));

/** Applies the objects of the given kinds from install.yaml, or all but the Deployment, whose pods no test here wants. */
export async function install(client: ApiClient, kinds?: readonly string[]): Promise<void> {
  const wanted = installed.filter(({ kind }) => (kinds ? kinds.includes(kind) : kind !== "Deployment"));
  await applyManifests(client, wanted, { fieldManager: "test" });
}
