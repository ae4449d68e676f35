import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { ConfigMap } from "../../runtime/index.ts";
import { TransferSources } from "./sources.ts";
import { UrlSource } from "./url-source.ts";
import { Volumes } from "./volumes.ts";

const signal = new AbortController().signal;
const HELLO = createHash("sha256").update("Hello\n").digest("hex");

function sources(configMap: Partial<ConfigMap> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-sources-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const about = { metadata: { name: "motd" } };
  return {
    folder,
    sources: new TransferSources({
      configMap: () => Promise.resolve({ ...about, ...configMap }),
      volumes: new Volumes({ files: { path: folder, writable: false } }),
      urls: new UrlSource({ allowed: [], limitBytes: 100, spool: { path: folder } }),
      limitBytes: 100,
    }),
  };
}

async function textOf({
  entries,
}: Awaited<ReturnType<TransferSources["open"]>>): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const { path, content } of entries) {
    const buffer = Buffer.alloc(content?.size ?? 0);
    if (content) await content.read(buffer, 0);
    texts[path] = content ? buffer.toString() : "folder";
  }
  return texts;
}

test("a key of a ConfigMap, text or binary, is a file; all keys are a folder", async () => {
  const { sources: from } = sources({ data: { a: "Hello\n" }, binaryData: { b: "AAH/" } });
  const one = await from.open({ configMap: { name: "motd", key: "a" } }, false, "r1", signal);
  expect(await textOf(one)).toEqual({ "": "Hello\n" });
  const all = await from.open({ configMap: { name: "motd" } }, true, "r1", signal);
  expect(Object.keys(await textOf(all))).toEqual(["", "a", "b"]);
  expect(all.entries[2]?.content?.size).toBe(3);
  await expect(
    from.open({ configMap: { name: "motd", key: "c" } }, false, "r1", signal),
  ).rejects.toMatchObject({
    code: "SourceNotFound",
    message: expect.stringContaining("key c"),
  });
});

test("a folder of a volume is listed from outside to inside, its links are left out, and the device's name is filled in", async () => {
  const { sources: from, folder } = sources();
  mkdirSync(join(folder, "r1", "sub"), { recursive: true });
  writeFileSync(join(folder, "r1", "a"), "A");
  writeFileSync(join(folder, "r1", "sub", "b"), "B");
  symlinkSync("/etc/passwd", join(folder, "r1", "link"));
  const opened = await from.open({ volume: { name: "files", path: "{device}" } }, true, "r1", signal);
  expect(await textOf(opened)).toEqual({ "": "folder", a: "A", sub: "folder", "sub/b": "B" });
  expect(opened.leftOut).toEqual(["link: a symbolic link"]);
  await opened.close();
  await expect(
    from.open({ volume: { name: "files", path: "r1" } }, false, "r1", signal),
  ).rejects.toMatchObject({
    code: "SourceNotAllowed",
    message: expect.stringContaining("set recursive"),
  });
});

test("content that has not the digest of the job, or is too large, is refused", async () => {
  const { sources: from, folder } = sources({ data: { a: "Hello\n" } });
  const configMap = { name: "motd", key: "a" };
  await from.open({ configMap, sha256: HELLO.toUpperCase() }, false, "r1", signal);
  await expect(from.open({ configMap, sha256: "0".repeat(64) }, false, "r1", signal)).rejects.toMatchObject({
    code: "SourceUnavailable",
    message: expect.stringContaining(HELLO),
  });
  writeFileSync(join(folder, "big"), Buffer.alloc(101));
  await expect(
    from.open({ volume: { name: "files", path: "big" } }, false, "r1", signal),
  ).rejects.toMatchObject({
    code: "SourceTooLarge",
  });
});

test("a file that is written to while it is carried is noticed", async () => {
  const { sources: from, folder } = sources();
  writeFileSync(join(folder, "x"), "one");
  const opened = await from.open({ volume: { name: "files", path: "x" } }, false, "r1", signal);
  const content = opened.entries[0]?.content;
  await content?.read(Buffer.alloc(3), 0);
  appendFileSync(join(folder, "x"), " and more");
  await expect(content?.read(Buffer.alloc(3), 0)).rejects.toMatchObject({ code: "SourceChanged" });
  await opened.close();
});
