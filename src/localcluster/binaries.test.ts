import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findBinaries } from "./binaries.ts";

/** A folder with empty programs of the given names. */
function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "assets-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of names) writeFileSync(join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
  return folder;
}

test("KUBEBUILDER_ASSETS saves the build; kube-controller-manager may be absent there", async () => {
  const folder = folderWith("etcd", "kube-apiserver");

  expect(await findBinaries({ env: { KUBEBUILDER_ASSETS: folder } })).toEqual({
    etcd: join(folder, "etcd"),
    kubeApiserver: join(folder, "kube-apiserver"),
  });
});

test("kubectl is taken from the assets before the PATH", async () => {
  const assets = folderWith("etcd", "kube-apiserver", "kubectl");
  const path = folderWith("kubectl");
  const found = await findBinaries({ kubectl: true, env: { KUBEBUILDER_ASSETS: assets, PATH: path } });

  expect(found.kubectl).toBe(join(assets, "kubectl"));
});

test("assets without one of the two programs are refused with what is missing", async () => {
  const folder = folderWith("etcd");

  await expect(findBinaries({ env: { KUBEBUILDER_ASSETS: folder } })).rejects.toMatchObject({
    code: "AssetsIncomplete",
    message: expect.stringContaining("kube-apiserver cannot be run from there"),
  });
});

test("without assets and without Go the message says what to install", async () => {
  const cache = folderWith();

  await expect(findBinaries({ cache, env: { PATH: folderWith() } })).rejects.toMatchObject({
    code: "GoMissing",
    message: expect.stringMatching(/Install Go 1\.26.*KUBEBUILDER_ASSETS/s),
  });
});
