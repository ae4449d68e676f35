import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Pod } from "../../runtime/builtin-resources.ts";
import { readPodSpec } from "./pod.ts";
import { PodVolumes, type VolumeSources } from "./volumes.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

function setUp(volumes: object[]) {
  const folder = mkdtempSync(join(tmpdir(), "volumes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const pod: Pod = {
    metadata: { name: "p", namespace: "n", uid: "u", labels: { app: "x" } },
    spec: { containers: [], volumes },
  };
  const written = new PodVolumes(folder, "node");
  const write = (sources: Partial<VolumeSources> = {}) =>
    written.write(pod, readPodSpec(pod).volumes, {
      secret: () => undefined,
      configMap: () => undefined,
      token: () => "",
      ...sources,
    });
  const read = (volume: string, file: string) => readFileSync(join(written.path(volume), file), "utf8");
  return { write, read, path: (volume: string) => written.path(volume) };
}

const secret = (data: Record<string, string>) => ({ metadata: {}, data });

test("a Secret's keys are files with decoded values; items choose and rename", () => {
  const { write, read, path } = setUp([
    { name: "all", secret: { secretName: "s" } },
    { name: "some", secret: { secretName: "s", items: [{ key: "b", path: "folder/c" }] } },
  ]);
  write({ secret: () => secret({ a: base64("1"), b: base64("2") }) });

  expect([read("all", "a"), read("all", "b"), read("some", "folder/c")]).toEqual(["1", "2", "2"]);
  expect(readdirSync(path("some")).filter((name) => !name.startsWith(".."))).toEqual(["folder"]);
});

test("a ConfigMap has texts and binary values", () => {
  const { write, read } = setUp([{ name: "v", configMap: { name: "m" } }]);
  write({ configMap: () => ({ metadata: {}, data: { t: "text" }, binaryData: { b: base64("bytes") } }) });

  expect([read("v", "t"), read("v", "b")]).toEqual(["text", "bytes"]);
});

test("a projected volume mixes a token, a ConfigMap and the pod's fields", () => {
  const sources = [
    { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
    { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
  ];
  const { write, read } = setUp([{ name: "v", projected: { sources } }]);
  write({ token: () => "t0ken", configMap: () => ({ metadata: {}, data: { "ca.crt": "PEM" } }) });

  expect([read("v", "token"), read("v", "ca.crt"), read("v", "namespace")]).toEqual(["t0ken", "PEM", "n"]);
});

test("a missing Secret is an error unless it is optional; then the folder is empty and fills later", () => {
  const must = setUp([{ name: "v", secret: { secretName: "s" } }]);
  const may = setUp([{ name: "v", secret: { secretName: "s", optional: true } }]);
  may.write();
  const before = readdirSync(may.path("v")).filter((name) => !name.startsWith(".."));
  may.write({ secret: () => secret({ a: base64("1") }) });

  expect(() => must.write()).toThrow("Secret s does not exist");
  expect(before).toEqual([]);
  expect(may.read("v", "a")).toBe("1");
});

test("a volume is swapped when its content has changed, and not touched when it has not", () => {
  const { write, path } = setUp([{ name: "v", secret: { secretName: "s" } }]);
  const versionAfter = (value: string) => {
    write({ secret: () => secret({ a: base64(value) }) });
    return readlinkSync(join(path("v"), "..data"));
  };
  const versions = [versionAfter("1"), versionAfter("1"), versionAfter("2")];

  expect(versions[1]).toBe(versions[0]);
  expect(versions[2]).not.toBe(versions[0]);
});

test("an emptyDir keeps what the process wrote", () => {
  const { write, path } = setUp([{ name: "v", emptyDir: {} }]);
  write();
  write();

  expect(readdirSync(path("v"))).toEqual([]);
});
