import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { customResourceDefinitions } from "../runtime/builtin-resources.ts";
import type { ApiClient } from "../runtime/client.ts";
import { sleep, systemClock } from "../runtime/clock.ts";
import { defineResource, type KubernetesObject, type Resource } from "../runtime/objects.ts";

/** An object as it stands in a manifest. */
export type Manifest = KubernetesObject & { apiVersion: string; kind: string } & Record<string, unknown>;

const manifestSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

/**
 * The objects in a YAML file, or in all YAML files of a folder, in the order of their names.
 *
 * @throws Error that names the file of a document that is no YAML or not a Kubernetes object.
 */
export function readManifests(path: string): Manifest[] {
  if (statSync(path).isDirectory()) {
    const files = readdirSync(path).filter((name) => /\.ya?ml$/.test(name) && name !== "kustomization.yaml");
    return files.toSorted().flatMap((name) => readManifests(join(path, name)));
  }
  return parseManifests(readFileSync(path, "utf8"), path);
}

/** The objects in a YAML text of one or more documents; `source` names it in errors. */
export function parseManifests(text: string, source: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document): unknown => {
      // What could be read of a broken document is not what its author meant.
      const [broken] = document.errors;
      if (broken) throw new Error(`${source}: ${broken.message.split(":\n", 1)[0]}`);
      return document.toJS();
    })
    .filter((object) => object !== null)
    .map((object) => {
      const parsed = manifestSchema.safeParse(object);
      if (parsed.success) return parsed.data as Manifest;
      const missing = parsed.error.issues.map(({ path }) => path.join("."));
      throw new Error(`${source}: not a Kubernetes object: ${missing.join(", ")} missing or of a wrong type`);
    });
}

/**
 * Applies objects on the server's side, definitions and namespaces first, and waits until the definitions are served.
 * Applying again changes nothing.
 *
 * @returns the objects as the server stored them, in the order given.
 */
export async function applyManifests(
  client: ApiClient,
  objects: readonly Manifest[],
  options: { fieldManager: string },
): Promise<KubernetesObject[]> {
  const stored = new Map<Manifest, KubernetesObject>();
  const discovery = new Map<string, Promise<readonly Resource[]>>();
  const apply = async (object: Manifest) => {
    const resource = await findResource(client, object, discovery);
    stored.set(object, await client.apply(resource, object, { ...options, force: true }));
  };
  const isDefinition = (o: Manifest) => o.kind === "CustomResourceDefinition";
  await Promise.all(objects.filter((o) => isDefinition(o) || o.kind === "Namespace").map(apply));
  await Promise.all(objects.filter(isDefinition).map((o) => untilServed(client, o.metadata.name ?? "")));
  for (const object of objects) if (!stored.has(object)) await apply(object);
  return objects.flatMap((object) => stored.get(object) ?? []);
}

const resourceListSchema = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** The resource that serves an object's kind, as the server's discovery document says. */
async function findResource(
  client: ApiClient,
  { apiVersion, kind }: Manifest,
  known: Map<string, Promise<readonly Resource[]>>,
): Promise<Resource> {
  const pending = known.get(apiVersion) ?? discover(client, apiVersion);
  known.set(apiVersion, pending);
  const resource = (await pending).find((candidate) => candidate.kind === kind);
  if (resource === undefined) throw new Error(`The API server does not know kind ${kind} of ${apiVersion}.`);
  return resource;
}

async function discover(client: ApiClient, apiVersion: string): Promise<readonly Resource[]> {
  const [group = "", version = ""] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const { resources } = resourceListSchema.parse(JSON.parse(await client.raw({ method: "GET", path })));
  return resources
    .filter(({ name }) => !name.includes("/")) // subresources
    .map(({ name, kind, namespaced }) => defineResource({ group, version, kind, plural: name, namespaced }));
}

const definitionStatusSchema = z.object({
  status: z
    .object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish() })
    .nullish(),
});
const SERVED_POLL_MS = 25;

async function untilServed(client: ApiClient, name: string): Promise<void> {
  for (;;) {
    const definition = definitionStatusSchema.parse(
      await client.get(customResourceDefinitions, undefined, name),
    );
    const conditions = definition.status?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === "Established" && status === "True")) return;
    await sleep(systemClock, SERVED_POLL_MS);
  }
}
