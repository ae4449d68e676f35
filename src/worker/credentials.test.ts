import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CredentialFolder } from "./credentials.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "credentials-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Mounts a Secret as the kubelet does: a new folder of data, then `..data` swapped to it, keys as links through it. */
function mount(root: string, name: string, data: Record<string, string>, generation: string): void {
  const path = join(root, name);
  mkdirSync(join(path, `..${generation}`), { recursive: true });
  for (const [key, value] of Object.entries(data)) writeFileSync(join(path, `..${generation}`, key), value);
  symlinkSync(`..${generation}`, join(path, "..data_tmp"));
  renameSync(join(path, "..data_tmp"), join(path, "..data"));
  for (const key of Object.keys(data)) {
    rmSync(join(path, key), { force: true });
    symlinkSync(join("..data", key), join(path, key));
  }
}

test("keys of a Secret become the credential, without the editor's line end", async () => {
  const root = folder();
  mount(root, "admin", { username: "admin\n", password: "p w\n", secret: "s\r\n", token: "t" }, "1");
  const { credential } = await new CredentialFolder(root).get("admin");
  expect(credential).toMatchObject({ username: "admin", password: "p w", secret: "s" });
  expect(credential.data.token).toBe("t");
});

test("a rotated Secret is read anew with another version; one that is mounted again unchanged has the same", async () => {
  const root = folder();
  const credentials = new CredentialFolder(root);
  mount(root, "admin", { username: "admin", password: "old" }, "1");
  const old = await credentials.get("admin");
  mount(root, "admin", { username: "admin", password: "new" }, "2");
  const rotated = await credentials.get("admin");
  expect(rotated.credential.password).toBe("new");
  expect(rotated.version).not.toBe(old.version);
  mount(root, "admin", { username: "admin", password: "new" }, "3");
  expect((await credentials.get("admin")).version).toBe(rotated.version);
});

test("a Secret that is missing or empty is named, without anything of others", async () => {
  const root = folder();
  mkdirSync(join(root, "empty"));
  const credentials = new CredentialFolder(root);
  await expect(credentials.get("missing")).rejects.toMatchObject({
    code: "CredentialNotFound",
    message: expect.stringContaining("missing"),
  });
  await expect(credentials.get("empty")).rejects.toMatchObject({ code: "CredentialNotFound" });
});
