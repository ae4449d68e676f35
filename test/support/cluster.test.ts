import { expect, test } from "vitest";
import { kinds } from "../../src/api/index.ts";
import { isForbidden } from "../../src/runtime/api-error.ts";
import { configMaps, customResourceDefinitions, secrets } from "../../src/runtime/builtin-resources.ts";
import { cluster, createNamespace } from "./cluster.ts";

test("every kind is served by the shared cluster", async () => {
  const { client } = await cluster();
  const { items } = await client.list(customResourceDefinitions);

  expect(items.map((crd) => crd.metadata.name).toSorted()).toEqual(
    kinds.map((kind) => `${kind.plural}.netpulse.io`).toSorted(),
  );
});

test("another user has only the rights that it was given", async () => {
  const { clientFor } = await cluster();
  const namespace = await createNamespace();
  const nobody = await clientFor({ name: "nobody" });

  await expect(nobody.list(secrets, { namespace })).rejects.toSatisfy(isForbidden);
});

test("an API server that was restarted serves what was stored before, to the same clients", async () => {
  const { client, restartApiServer } = await cluster();
  const namespace = await createNamespace();
  await client.create(configMaps, { metadata: { name: "kept", namespace }, data: { a: "1" } });
  await restartApiServer();

  expect((await client.get(configMaps, namespace, "kept")).data).toEqual({ a: "1" });
});
