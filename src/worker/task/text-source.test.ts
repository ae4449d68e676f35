import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { ApiClient } from "../../runtime/index.ts";
import { TextSources } from "./text-source.ts";

let sources: TextSources;

beforeAll(() => {
  const root = mkdtempSync(join(tmpdir(), "library-"));
  const library = join(root, "site");
  mkdirSync(join(library, "deep"), { recursive: true });
  mkdirSync(join(root, "site-secret"));
  writeFileSync(join(library, "deep", "base.j2"), "text");
  writeFileSync(join(root, "outside"), "secret");
  writeFileSync(join(root, "site-secret", "key"), "secret");
  symlinkSync(join(root, "outside"), join(library, "link"));
  symlinkSync(join(library, "deep", "base.j2"), join(library, "inner"));
  symlinkSync(root, join(library, "up"));
  // Nothing here asks the API server.
  const identity = { headers: [], tls: {} };
  const client = new ApiClient({
    server: "http://127.0.0.1:1",
    current: () => identity,
    refresh: () => Promise.resolve(identity),
  });
  sources = new TextSources(client, "lab", { site: library });
  return () => rmSync(root, { recursive: true, force: true });
});

test.each(["deep/base.j2", "deep/../deep/base.j2", "inner"])(
  "a file of the library is read: %s",
  async (path) => {
    expect(await sources.read({ libraryRef: { name: "site", path } })).toMatchObject({ text: "text" });
  },
);

test.each([
  "../outside",
  "../site-secret/key",
  "link",
  "up/outside",
  "/etc/passwd",
  "deep/../../outside",
  ".",
  "nothing",
  "deep/base.j2/x",
])("there is no way out of a library, nor to what is no file: %s", async (path) => {
  await expect(sources.read({ libraryRef: { name: "site", path } })).rejects.toMatchObject({
    code: "TemplateNotFound",
  });
});

test.each(["unknown", "constructor", "__proto__"])(
  "a library that the configuration does not name does not exist: %s",
  async (name) => {
    expect(sources.library(name)).toBeUndefined();
    await expect(sources.read({ libraryRef: { name, path: "x" } })).rejects.toMatchObject({
      code: "TemplateNotFound",
    });
  },
);

test("a source that names neither is refused", async () => {
  await expect(sources.read({})).rejects.toMatchObject({ code: "TemplateNotFound" });
});
