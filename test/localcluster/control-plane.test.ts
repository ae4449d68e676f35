import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { findBinaries } from "../../src/localcluster/binaries.ts";
import { ControlPlane } from "../../src/localcluster/control-plane.ts";
import { isConnectionFailure, isForbidden, isTimeout } from "../../src/runtime/api-error.ts";
import {
  configMaps,
  deployments,
  pods,
  secrets,
  serviceAccounts,
} from "../../src/runtime/builtin-resources.ts";
import { ApiClient } from "../../src/runtime/client.ts";
import { until } from "../support/until.ts";

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "control-plane-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(folder: string, onFailure: (error: Error) => void = () => {}): Promise<ControlPlane> {
  const plane = await ControlPlane.start({ binaries: await findBinaries(), folder, onFailure });
  onTestFinished(() => plane.stop());
  return plane;
}

const kept = { metadata: { name: "kept", namespace: "default" }, data: { a: "1" } };

test("data and authority outlive a stop: the next start serves them, to a client of the first as well", async () => {
  const folder = folderOfTest();
  const first = await start(folder);
  await first.client.create(configMaps, kept);
  await first.stop();
  const second = await start(folder);
  const { data } = await second.client.get(configMaps, "default", "kept");

  expect(data).toEqual({ a: "1" });
  expect(second.address.ca).toBe(first.address.ca);
});

test("a folder in which a control plane runs is refused", async () => {
  const folder = folderOfTest();
  await start(folder);
  const other = ControlPlane.start({ binaries: await findBinaries(), folder });

  await expect(other).rejects.toMatchObject({ code: "FolderInUse" });
});

test("a part that ends on its own is told, with its name and its log", async () => {
  const folder = folderOfTest();
  const failed = Promise.withResolvers<Error>();
  await start(folder, failed.resolve);
  const { started } = JSON.parse(readFileSync(join(folder, "processes.json"), "utf8")) as {
    started: { pid: number; name: string }[];
  };
  process.kill(started.find(({ name }) => name === "etcd")?.pid ?? 0, "SIGKILL");

  expect(await failed.promise).toMatchObject({
    code: "ProgramExited",
    message: expect.stringMatching(/etcd ended on its own \(signal SIGKILL\).*etcd\.log/s),
  });
});

test("users are who their kubeconfig says, with the rights of their groups and no others", async () => {
  const folder = folderOfTest();
  const plane = await start(folder);
  const text = plane.kubeconfigFor({ name: "ann", groups: ["readers"] }, "lab");

  expect(parse(text)).toMatchObject({ contexts: [{ context: { namespace: "lab" } }] });
  writeFileSync(join(folder, "ann"), text);
  const ann = await ApiClient.connect({ kubeconfig: join(folder, "ann") });
  onTestFinished(() => ann.close());
  await expect(ann.list(secrets, { namespace: "default" })).rejects.toSatisfy(isForbidden);
});

test("a stopped API server refuses connections, a frozen one does not answer, and both come back", async () => {
  const plane = await start(folderOfTest());
  await plane.client.create(configMaps, kept);
  const read = (timeoutMs: number) =>
    plane.client.raw({ method: "GET", path: "/api/v1/namespaces/default/configmaps/kept", timeoutMs });

  plane.pauseApiServer();
  await until("it no longer answers", () => read(500).then(() => false, isTimeout));
  plane.resumeApiServer();
  await expect(read(10_000)).resolves.toContain("kept");
  await plane.stopApiServer();
  await expect(read(1_000)).rejects.toSatisfy(isConnectionFailure);
  await plane.startApiServer();
  await expect(read(10_000)).resolves.toContain("kept");
});

test("without kube-controller-manager a stand-in keeps a Deployment's pods at their number, and namespaces furnished", async () => {
  const { etcd, kubeApiserver } = await findBinaries();
  const plane = await ControlPlane.start({ binaries: { etcd, kubeApiserver }, folder: folderOfTest() });
  onTestFinished(() => plane.stop());
  const { client } = plane;
  await until("the namespace has its account", () => client.get(serviceAccounts, "default", "default"));
  const labels = { app: "web" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "none" }] } };
  await client.create(deployments, {
    metadata: { name: "web", namespace: "default" },
    spec: { replicas: 2, selector: { matchLabels: labels }, template },
  });
  const list = async () => (await client.list(pods, { namespace: "default" })).items;
  const reach = (count: number) =>
    until(`there are ${count} pods`, async () => {
      const items = await list();
      return items.length === count ? items : undefined;
    });
  const [first] = await reach(2);
  await client.delete(pods, "default", first?.metadata.name ?? "");
  const replaced = await until("the deleted pod is replaced", async () => {
    const items = await list();
    return items.length === 2 && items.every((pod) => pod.metadata.uid !== first?.metadata.uid)
      ? items
      : undefined;
  });
  await client.mergePatch(deployments, "default", "web", { spec: { replicas: 1 } });
  await reach(1);
  await client.delete(deployments, "default", "web");
  await reach(0);

  expect(replaced.every((pod) => pod.metadata.labels?.app === "web")).toBe(true);
});
